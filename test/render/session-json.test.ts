import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCapture } from '../../bench/generator/capture.js'
import { profiles } from '../../bench/generator/profiles.js'
import { Box } from '../../src/bytes/box.js'
import { printableJson } from '../../src/bytes/printable.js'
import { openCapture } from '../../src/files/open.js'
import { Pipeline } from '../../src/pipeline.js'
import { ByteBuffer } from '../../src/render/byte-writer.js'
import { endLine, SessionLines } from '../../src/render/session-json.js'
import { AddressTable } from '../../src/sessions/address-table.js'
import { LONGEST_PARCEL, pack, Unpacker } from '../../src/sessions/parcel.js'
import type { Session } from '../../src/sessions/session.js'
import { summarize } from '../../src/sessions/summarize.js'
import { TakenOver } from '../../src/sessions/tcp/taken-over.js'
import { surveySessions } from '../../src/survey.js'
import { packetOf } from '../decode/support.js'
import { batchOf, Conversation } from '../support/conversation.js'

const { SYNOPSIS_CORPUS: CORPUS = '../shared/corpus' } = process.env
/** link type and IP protocol numbers */
const RAW = 101
const TCP = 6
const UDP = 17

const folder = mkdtempSync(join(tmpdir(), 'synopsis-lines-'))
const generated = join(folder, 'generated.pcap')

beforeAll(() => {
  makeCapture(generated, profiles.small, 5, 0.01)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The lines of sessions that were packed, as they are for another thread. */
class Elsewhere {
  readonly #box = new Box(new SharedArrayBuffer(4 * LONGEST_PARCEL), 0, 4 * LONGEST_PARCEL)
  readonly #addresses = new AddressTable(0)
  readonly #unpacker = new Unpacker(this.#addresses)
  readonly #lines = new SessionLines(this.#addresses)

  line(session: Session, addresses: AddressTable): string {
    const box = this.#box
    box.at = 0
    pack(session, addresses, box)
    const end = box.at
    box.at = 0
    const line = this.#lines.line(this.#unpacker.unpack(box.readInt(), box))
    expect(box.at).toBe(end)
    return Buffer.from(line).toString()
  }
}

/** Finds out what really happened in sessions that are handed over, as the thread that prints their lines does. */
class Successor {
  readonly #box = new Box(new ArrayBuffer(4 * LONGEST_PARCEL), 0, 4 * LONGEST_PARCEL)
  readonly #takenOver = new TakenOver()
  readonly #out = new ByteBuffer()

  box(words: number): Box {
    if (this.#box.room < words) this.#open()
    return this.#box
  }

  line(session: Session, addresses: AddressTable): string {
    const lines = new SessionLines(addresses)
    if (session.protocol === 'udp') return Buffer.from(lines.line(session)).toString()
    this.#open()
    this.#out.bytes(lines.beginning(session))
    endLine(this.#out, this.#takenOver.end(session.slot), session.clientSide)
    return Buffer.from(this.#out.take()).toString()
  }

  #open(): void {
    const box = this.#box
    const end = box.at
    box.at = 0
    for (; box.at < end; box.align()) this.#takenOver.take(box.readInt(), box)
    box.at = 0
  }
}

/** The lines of the sessions of a capture in which it is found out elsewhere what really happened. */
async function handedOver(path: string): Promise<string[]> {
  const all: string[] = []
  const successor = new Successor()
  const ended = (session: Session, addresses: AddressTable) => void all.push(successor.line(session, addresses))
  await surveySessions(await openCapture(path), ended, { successor })
  return all
}

/** Holds the line of each session of a capture against its summary; returns how many there were. */
async function compare(path: string, analyse: boolean): Promise<number> {
  let count = 0
  let lines: SessionLines | undefined
  const all: string[] = []
  const elsewhere = new Elsewhere()
  await surveySessions(
    await openCapture(path),
    (session, addresses) => {
      lines ??= new SessionLines(addresses)
      const line = Buffer.from(lines.line(session)).toString()
      expect(line).toBe(`${printableJson(summarize(session, addresses))}\n`)
      if (!analyse) expect(elsewhere.line(session, addresses)).toBe(line)
      all.push(line)
      count++
    },
    { analyse },
  )
  if (analyse) expect(await handedOver(path)).toEqual(all)
  return count
}

const captures = readdirSync('captures')
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .map((name) => join('captures', name))

test('what a router says of a packet gets to whoever finds out what really happened elsewhere', () => {
  const { frames } = new Conversation()
    .handshake()
    .client('A', { at: 10, text: 'x'.repeat(1460) })
    .tooBig(10.5)
    .client('A', { at: 10.6, seq: 1001, text: 'x'.repeat(960) })
  const lines: string[] = []
  const successor = new Successor()
  const pipeline: Pipeline = new Pipeline({
    ended: (session) => lines.push(successor.line(session, pipeline.tracker.addresses)),
    successor,
  })
  pipeline.feed(batchOf(frames))
  pipeline.finish()
  expect(lines.join()).toMatch(/"cause":"path MTU","needed":true/)
})

test('the longest name that a look-up can have fits into a parcel', () => {
  const ATTACKER = [10, 0, 0, 1]
  const CLIENT = [10, 0, 0, 2]
  const label = [63, ...Buffer.alloc(63, 'a')]
  const name = Array.from({ length: 127 }, () => label).flat()
  const answer = [0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0, ...name, 0, 0, 1, 0, 1]
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...ATTACKER]
  const dns = [0, 53, 0x30, 0x39, 0, 0, 0, 0, ...answer, ...record]
  const syn = [0x30, 0x39, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0x10, 0, 0, 0, 0, 0]
  const frames = [ipv4(UDP, ATTACKER, CLIENT, withLength(dns)), ipv4(TCP, CLIENT, ATTACKER, syn)]

  const elsewhere = new Elsewhere()
  const lines: string[] = []
  const pipeline: Pipeline = new Pipeline({
    analyse: false,
    ended: (session) => {
      const { addresses } = pipeline.tracker
      lines.push(Buffer.from(new SessionLines(addresses).line(session)).toString())
      expect(elsewhere.line(session, addresses)).toBe(lines.at(-1))
    },
  })
  pipeline.feed({
    forEach: (visit) => {
      for (const [index, bytes] of frames.entries()) {
        const packet = packetOf(Uint8Array.from(bytes), RAW)
        packet.number = index + 1
        visit(packet)
      }
    },
  })
  pipeline.finish()
  expect(JSON.parse(lines[0] ?? '').lookup.name).toMatch(/^(a{63}\.){126}a{63}$/)
})

/** A UDP datagram whose length field is right. */
function withLength(datagram: readonly number[]): readonly number[] {
  return datagram.with(4, datagram.length >> 8).with(5, datagram.length & 0xff)
}

function ipv4(protocol: number, from: readonly number[], to: readonly number[], payload: readonly number[]): number[] {
  const length = 20 + payload.length
  return [0x45, 0, length >> 8, length & 0xff, 0, 0, 0, 0, 64, protocol, 0, 0, ...from, ...to, ...payload]
}

describe.each([
  ['with each segment analysed', true],
  ['without', false],
])('the line written from the record is what printableJson makes of the summary, %s', (_, analyse) => {
  test.each(captures)('%s', async (path) => {
    await compare(path, analyse)
  })

  test('a capture of every kind of session', async () => {
    expect(await compare(generated, analyse)).toBeGreaterThan(1000)
  })

  test.skipIf(!existsSync(CORPUS))(
    'captures of other projects',
    async () => {
      const names = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) => /cap/.test(name))
      let count = 0
      for (const name of names) {
        const path = join(CORPUS, name)
        try {
          count += await compare(path, analyse)
        } catch (error) {
          if (!(error instanceof Error && 'code' in error)) throw error
        }
      }
      expect(count).toBeGreaterThan(1000)
    },
    300_000,
  )
})
