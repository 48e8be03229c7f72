/**
 * The benchmarks' captures are only worth measuring with if they are what they claim. tshark, which knows nothing of the
 * generator, must find every packet sound and count what the truth counts.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSessions } from '../../bench/check.js'
import { makeCapture, truthPath } from '../../bench/generator/capture.js'
import { profiles } from '../../bench/generator/profiles.js'
import type { Summary, TcpTruth, TruthLine, UdpTruth } from '../../bench/generator/truth.js'

const hasTshark = spawnSync('tshark', ['--version']).status === 0
const withTshark = hasTshark ? describe : describe.skip
const reason = hasTshark ? '' : ' (skipped: tshark is not installed)'

const directory = mkdtempSync(join(tmpdir(), 'synopsis-bench-'))
afterAll(() => rmSync(directory, { recursive: true }))

function readTruth(capture: string): { sessions: (TcpTruth | UdpTruth)[]; summary: Summary } {
  const lines = readFileSync(truthPath(capture), 'utf8').trimEnd().split('\n')
  const truths = lines.map((line) => JSON.parse(line) as TruthLine)
  const summary = truths.pop()
  if (summary?.protocol !== 'summary') throw new Error('the last line is no summary')
  return { sessions: truths.filter((truth) => truth.protocol !== 'summary'), summary }
}

/** What `tshark -T fields` prints of each packet. */
function tsharkFields(capture: string, fields: string[], filter = ''): string[][] {
  const options = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE']
  const args = ['-n', '-r', capture, ...options.flatMap((option) => ['-o', option]), '-T', 'fields']
  const output = execFileSync('tshark', [...args, ...fields.flatMap((field) => ['-e', field]), '-Y', filter], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // every line ends in a newline; a tab before it is an empty field
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'))
}

describe('the generator', () => {
  const digest = (name: string, seed: number) => {
    const path = join(directory, name)
    makeCapture(path, profiles.small, seed, 0.002)
    return [path, truthPath(path)].map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'))
  }

  it('makes the same bytes of the same seed, and others of another', () => {
    expect(digest('a.pcap', 7)).toEqual(digest('b.pcap', 7))
    expect(digest('c.pcap', 8)).not.toEqual(digest('a.pcap', 7))
  })

  it('makes every ending and every fault it promises', () => {
    const path = join(directory, 'endings.pcap')
    makeCapture(path, profiles.small, 1, 0.01)
    const { sessions, summary } = readTruth(path)
    expect(Object.keys(summary.endings).sort()).toEqual(
      [
        ['answered', 'client-first', 'half-closed', 'refused', 'reset-by-client', 'reset-by-server'],
        ['server-first', 'silent', 'simultaneous', 'unanswered', 'unreachable'],
      ].flat(),
    )
    const sides = sessions
      .filter((session) => session.protocol === 'tcp')
      .flatMap(({ client, server }) => [client, server])
    const faults = ['retransmissions', 'outOfOrder', 'duplicates', 'duplicateAcks', 'lostBefore', 'lostAfter'] as const
    for (const fault of faults) {
      const count = sides.reduce((sum, side) => sum + side[fault], 0)
      expect(count, fault).toBeGreaterThan(0)
    }
  })
})

withTshark.each(['small', 'bulk', 'synflood'] as const)(`what tshark says about %s${reason}`, (name) => {
  const path = join(directory, `${name}.pcap`)
  const scale = { small: 0.01, bulk: 0.02, synflood: 0.002 }[name]
  beforeAll(() => {
    makeCapture(path, profiles[name], 3, scale)
  })

  it('no packet is malformed, and every checksum is right', () => {
    const layers = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6']
    // 0 is what tshark calls bad; an error of severity is what it calls malformed
    const filter = [
      '_ws.malformed',
      '_ws.expert.severity >= error',
      ...layers.map((layer) => `${layer}.checksum.status == 0`),
    ]
    expect(tsharkFields(path, ['frame.number', '_ws.col.Info'], filter.join(' || '))).toEqual([])
  })

  it('time never steps back', () => {
    const deltas = tsharkFields(path, ['frame.time_delta']).map(([delta]) => Number(delta))
    expect(deltas).toHaveLength(readTruth(path).summary.packets)
    expect(deltas.filter((delta) => !(delta >= 0))).toEqual([])
  })

  it('the TCP streams, their frames and bytes are those of the truth', () => {
    const { sessions, summary } = readTruth(path)
    const fields = ['tcp.stream', 'tcp.srcport', 'frame.len', 'tcp.len', 'tcp.seq']
    const sides = new Map<string, TsharkSide>()
    const streams = new Set<string>()
    for (const [stream = '', port, frameLength, length, sequence = ''] of tsharkFields(
      path,
      fields,
      NO_ERRORS + 'tcp',
    )) {
      streams.add(stream)
      const side = count(sides, `${stream} ${port}`, Number(frameLength), Number(length))
      // a segment sent again has the bounds that it had
      if (!side.sequences.has(sequence)) side.uniqueBytes += Number(length)
      if (length !== '0') side.sequences.add(sequence)
    }
    expect(streams.size).toBe(summary.tcpSessions)
    for (const { stream, client, server } of sessions.filter((session) => session.protocol === 'tcp')) {
      for (const { port, frames, frameBytes, payloadBytes, uniqueBytes } of [client, server]) {
        expect(sides.get(`${stream} ${port}`) ?? NOTHING, `${stream} ${port}`).toMatchObject({
          frames,
          frameBytes,
          payloadBytes,
          uniqueBytes,
        })
      }
    }
  })

  it('the UDP streams, their frames and bytes are those of the truth', () => {
    const { sessions, summary } = readTruth(path)
    const sides = new Map<string, TsharkSide>()
    const streams = new Set<string>()
    const fields = ['udp.stream', 'udp.srcport', 'frame.len', 'udp.length']
    for (const [stream = '', port, frameLength, length] of tsharkFields(path, fields, NO_ERRORS + 'udp')) {
      streams.add(stream)
      count(sides, `${stream} ${port}`, Number(frameLength), Number(length) - 8)
    }
    expect(streams.size).toBe(summary.udpSessions)
    for (const { stream, client, server } of sessions.filter((session) => session.protocol === 'udp')) {
      for (const { port, frames, frameBytes, payloadBytes } of [client, server]) {
        expect(sides.get(`${stream} ${port}`) ?? NOTHING, `${stream} ${port}`).toMatchObject({
          frames,
          frameBytes,
          payloadBytes,
        })
      }
    }
  })
})

describe('what synopsis says of every session', () => {
  const path = join(directory, 'checked.pcap')
  beforeAll(() => {
    makeCapture(path, profiles.small, 5, 0.01)
  })

  it('is the truth', async () => {
    const { sessions, differences } = await checkSessions(path)
    expect(differences).toEqual([])
    expect(sessions).toBeGreaterThan(1_000)
  })

  it('is held against the truth: another truth is told apart', async () => {
    const file = truthPath(path)
    const lines = readFileSync(file, 'utf8').split('\n')
    const index = lines.findIndex((line) => line.includes('"ending":"client-first"'))
    const line = lines[index] ?? ''
    const { stream } = JSON.parse(line) as TcpTruth
    writeFileSync(file, lines.with(index, line.replace('client-first', 'server-first')).join('\n'))
    const { differences } = await checkSessions(path)
    expect(differences).toEqual([`tcp ${stream} ending: orderly, client first, but orderly, server first in truth`])
  })
})

/** What an ICMP error quotes is no packet of the session. */
const NO_ERRORS = '!icmp && !icmpv6 && '
const NOTHING = { frames: 0, frameBytes: 0, payloadBytes: 0, uniqueBytes: 0 }

type TsharkSide = typeof NOTHING & { readonly sequences: Set<string> }

function count(sides: Map<string, TsharkSide>, key: string, frameLength: number, payloadLength: number): TsharkSide {
  const side = sides.get(key) ?? { ...NOTHING, sequences: new Set() }
  sides.set(key, side)
  side.frames++
  side.frameBytes += frameLength
  side.payloadBytes += payloadLength
  return side
}
