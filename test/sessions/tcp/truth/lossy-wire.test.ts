/**
 * Transfers over wires that lose, delay, overtake and copy, captured at both ends: what each data segment really was is
 * known from the other end's capture. The verdicts must say so, at the sender and at the receiver; with the headers as
 * they are, and as hosts write them that stamp and number nothing.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eachSegment, isAt, judge } from '../../../../bench/truth/judge.js'
import { sequenceBefore } from '../../../../src/bytes/sequence.js'
import type { TruthOfSession, Verdict } from '../../../../src/sessions/tcp/truth/result.js'

/** A folder of pairs NAME.sender.pcap and NAME.receiver.pcap, one session each, in one direction mostly. */
const { SYNOPSIS_TRUTH = '../shared/truth' } = process.env
const folder = resolve(SYNOPSIS_TRUTH)
const present = existsSync(folder)
const skipped = present ? '' : ` (skipped: no captures in ${folder})`

const names = present
  ? [...new Set(readdirSync(folder).flatMap((file) => /^(.+)\.(sender|receiver)\.pcap$/.exec(file)?.[1] ?? []))]
  : []

type End = 'sender' | 'receiver'

interface Row {
  frame: number
  isClients: boolean
  sequence: number
  end: number
  /** what a transmission and its copies share, and no other: IPv6 has no identification, the timestamp stands in for it */
  key: string
}

async function dataSegments(file: string): Promise<Row[]> {
  const rows: Row[] = []
  let client = -1
  await eachSegment(file, ({ number, networkVersion, identification, tcp }) => {
    if (client < 0) client = tcp.sourcePort
    if (tcp.length === 0) return
    const mark = networkVersion === 4 ? identification : tcp.timestampValue
    const end = (tcp.sequence + tcp.length) | 0
    const isClients = tcp.sourcePort === client
    rows.push({ frame: number, isClients, sequence: tcp.sequence, end, key: `${mark} ${tcp.sequence} ${tcp.length}` })
  })
  return rows
}

/** The verdicts that are right, by frame, and whether the client sends. */
async function truthOf(name: string): Promise<{ byClient: boolean } & Record<End, Map<number, Verdict>>> {
  const [sent, received] = await Promise.all(
    (['sender', 'receiver'] as const).map((end) => dataSegments(join(folder, `${name}.${end}.pcap`))),
  )
  if (sent === undefined || received === undefined) throw new Error(name)
  const byClient = sent.filter(({ isClients }) => isClients).length * 2 > sent.length
  const transmissions = new Map<string, boolean[]>()
  const sender = new Map<number, Verdict>()
  let top: number | undefined
  for (const { frame, isClients, sequence, end, key } of sent) {
    if (isClients !== byClient) continue
    const isAgain = top !== undefined && sequenceBefore(sequence, top)
    if (top === undefined || sequenceBefore(top, end)) top = end
    sender.set(frame, isAgain ? 'retransmission' : '')
    transmissions.set(key, [...(transmissions.get(key) ?? []), isAgain])
  }
  const receiver = new Map<number, Verdict>()
  const arrivals = new Map<string, number>()
  top = undefined
  for (const { frame, isClients, sequence, end, key } of received) {
    if (isClients !== byClient) continue
    const nth = arrivals.get(key) ?? 0
    arrivals.set(key, nth + 1)
    const copies = transmissions.get(key)
    if (copies !== undefined) {
      const isLate = top !== undefined && sequenceBefore(sequence, top)
      const isAgain = copies[nth]
      receiver.set(
        frame,
        isAgain === undefined ? 'duplicate' : isAgain ? 'retransmission' : isLate ? 'out-of-order' : '',
      )
    }
    if (top === undefined || sequenceBefore(top, end)) top = end
  }
  return { byClient, sender, receiver }
}

class Score {
  /** of each kind, how many there are and how many were found; '' counts the normal ones that were left in peace */
  readonly #kinds = new Map<Verdict, { is: number; found: number }>()

  count(truth: ReadonlyMap<number, Verdict>, judged: TruthOfSession): void {
    const verdicts = new Map(judged.segments.map(({ frame, verdict }) => [frame, verdict]))
    for (const [frame, verdict] of truth) {
      const kind = this.#kinds.get(verdict) ?? { is: 0, found: 0 }
      this.#kinds.set(verdict, kind)
      kind.is++
      if ((verdicts.get(frame) ?? '') === verdict) kind.found++
    }
  }

  get accused(): number {
    const { is, found } = this.#kinds.get('') ?? { is: 1, found: 0 }
    return (is - found) / is
  }

  recall(kind: Verdict): number {
    const { is, found } = this.#kinds.get(kind) ?? { is: 1, found: 0 }
    return found / is
  }

  get balanced(): number {
    const kinds = [...this.#kinds.keys()].filter((kind) => kind !== '')
    return kinds.reduce((sum, kind) => sum + this.recall(kind), 0) / kinds.length
  }
}

async function score(isBare: boolean): Promise<Record<End, Score> & { vantages: string[]; timing: number }> {
  const result = { sender: new Score(), receiver: new Score(), vantages: [] as string[], timing: 0 }
  for (const name of names) {
    const truth = await truthOf(name)
    for (const end of ['sender', 'receiver'] as const) {
      for (const session of await judge(join(folder, `${name}.${end}.pcap`), { isBare })) {
        result[end].count(truth[end], session.truth)
        const isAtClient = truth.byClient === (end === 'sender')
        if (!isAt(isAtClient ? 'client' : 'server', session)) result.vantages.push(`${name} ${end}`)
        result.timing += session.truth.segments.filter(({ restsOnTiming }) => restsOnTiming).length
      }
    }
  }
  return result
}

describe.skipIf(!present)(`transfers captured at both ends${skipped}`, () => {
  test('are told rightly', async () => {
    const { sender, receiver, vantages, timing } = await score(false)
    expect(vantages, 'captures whose vantage was mistaken').toEqual([])
    expect(sender.balanced).toBe(1)
    expect(sender.accused).toBe(0)
    for (const kind of ['retransmission', 'out-of-order', 'duplicate'] as const) {
      expect(receiver.recall(kind), kind).toBeGreaterThanOrEqual(0.99)
    }
    expect(receiver.accused).toBeLessThan(0.001)
    // the headers tell; times need not
    expect(timing).toBe(0)
  })

  test('are told rightly nearly always by times alone', async () => {
    const { sender, receiver, vantages } = await score(true)
    expect(vantages, 'captures whose vantage was mistaken').toEqual([])
    expect(sender.balanced).toBe(1)
    expect(sender.accused).toBe(0)
    for (const kind of ['retransmission', 'out-of-order', 'duplicate'] as const) {
      expect(receiver.recall(kind), kind).toBeGreaterThanOrEqual(0.9)
    }
    expect(receiver.balanced).toBeGreaterThan(0.95)
    expect(receiver.accused).toBeLessThan(0.001)
  })
})
