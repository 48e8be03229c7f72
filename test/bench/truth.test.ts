/**
 * The truth about segments, held against what is known: on transfers made here, over wires of the virtual lab, and on those
 * that the project's founders made, where they stand. As they are, and bare: without timestamps and IP identification.
 */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { isAt, judge } from '../../bench/truth/judge.js'
import { known } from '../../bench/truth/known.js'
import { MIXES, type Transfer } from '../../bench/truth/mixes.js'
import { type Files, play, readGrowths } from '../../bench/truth/play.js'
import { IN_ORDER, Score } from '../../bench/truth/score.js'
import { type Node, otherNode } from '../../src/labs/virtual/names.js'
import { SYNOPSIS } from '../labs/support.js'
import { missing } from '../labs/virtual/virtual.js'

const folder = mkdtempSync(join(tmpdir(), 'truth-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type End = 'sender' | 'receiver'
type Bars = Readonly<Record<'whole' | 'bare', Readonly<Record<End, number>>>>
const ENDS: readonly End[] = ['sender', 'receiver']
/** Of each kind of segment so many must be found. */
const BARS: Bars = { whole: { sender: 0.99, receiver: 0.99 }, bare: { sender: 0.99, receiver: 0.9 } }
/**
 * Where a capture begins in the middle, the handshake's round trip is not there to learn from: at a receiver with nothing else in its
 * headers, a transfer may be taken for one over a wire of the other sort, that keeps the order or does not.
 */
const BARS_IN_THE_MIDDLE: Bars = { whole: { sender: 0.99, receiver: 0.95 }, bare: { sender: 0.99, receiver: 0.75 } }
/** So few are there of each kind that a share says little: this many may be mistaken. */
const ALLOWED = 2

function transfer(
  name: string,
  seed: number,
  sender: Node,
  version: 4 | 6,
  timestamps: boolean,
  bytes = 300_000,
): Transfer {
  const mix = MIXES.find((one) => one.name === name)
  if (mix === undefined) throw new Error(`there is no mix ${name}`)
  return { name, mix, seed, bytes, sender, version, timestamps }
}

const TRANSFERS: readonly Transfer[] = [
  transfer('loss-10', 9001, 'client', 4, true),
  transfer('ahead-mixed', 9002, 'server', 4, true),
  transfer('jitter', 9003, 'client', 6, true),
  transfer('reordering', 9004, 'server', 4, false),
  transfer('copies', 9005, 'client', 4, true),
  transfer('many', 9010, 'server', 4, true, 600_000),
]
/** Each of several sessions at once is too short to learn from its times alone what is late there: bare, they do not count. */
function counts(kind: keyof Bars, index: number): boolean {
  return kind === 'whole' || TRANSFERS[index]?.mix.sessions === undefined
}
/** So many frames into a capture its first round trips are over. */
const INTO = 60

describe.skipIf(missing !== undefined)(
  `transfers over the lab's wire${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let made: Promise<Files[]> | undefined
    let times = 0
    // beside each other, as they mostly wait
    const files = () => {
      made ??= Promise.all(TRANSFERS.map((one) => play(one, join(folder, `${one.name}-${times}`))))
      return made
    }
    // whoever tries again does so with others: while a busy machine holds the wire up, nothing tells what was late from what was lost
    afterEach(({ task }) => {
      if (task.result?.state !== 'fail') return
      times++
      made = undefined
    })

    test.each(['whole', 'bare'] as const)(
      '%s: each kind of segment, and where it was captured',
      async (kind) => {
        const scores = { sender: new Score(), receiver: new Score() }
        for (const [index, one] of (await files()).entries()) {
          if (!counts(kind, index)) continue
          const { name, sender } = TRANSFERS[index] ?? { name: '', sender: 'client' }
          const right = await known(sender, one.captures, one.wire, readGrowths(one))
          for (const end of ENDS) {
            const node = end === 'sender' ? sender : otherNode(sender)
            const sessions = await judge(one.captures[node], { isBare: kind === 'bare' })
            for (const session of sessions) {
              expect(isAt(node, session), `${name}, at the ${end}: ${session.truth.vantage.place}`).toBe(true)
            }
            scores[end].count(right[end], sessions)
            if (kind === 'bare' && end === 'receiver') {
              // the headers say nothing there, but for what is acknowledged
              const segments = sessions.flatMap(({ truth }) => truth.segments)
              const byTimes = segments.filter(({ restsOnTiming }) => restsOnTiming)
              expect(byTimes.length, name).toBeGreaterThan(0.8 * segments.length)
            }
          }
        }
        expectFound(scores, BARS[kind])
        for (const end of ENDS) {
          const { verdicts } = scores[end]
          expect(verdicts.is('retransmission'), `retransmissions at the ${end}`).toBeGreaterThan(10)
        }
      },
      240_000,
    )

    test.each(['whole', 'bare'] as const)(
      '%s: each kind of segment, in captures that begin in the middle',
      async (kind) => {
        const scores = { sender: new Score(), receiver: new Score() }
        for (const [index, one] of (await files()).entries()) {
          if (!counts(kind, index)) continue
          const sender = TRANSFERS[index]?.sender ?? 'client'
          const right = await known(sender, one.captures, one.wire, readGrowths(one))
          for (const end of ENDS) {
            const capture = one.captures[end === 'sender' ? sender : otherNode(sender)]
            scores[end].count(right[end], await judge(capture, { isBare: kind === 'bare', without: INTO }), INTO)
          }
        }
        expectFound(scores, BARS_IN_THE_MIDDLE[kind])
      },
      240_000,
    )
  },
)

/** Of each kind nearly all are found, and hardly any of the normal ones is accused. */
function expectFound(scores: Record<End, Score>, bars: Bars['whole']): void {
  for (const end of ENDS) {
    const { verdicts } = scores[end]
    for (const found of verdicts.kinds) {
      const wrong = verdicts.is(found) * (1 - verdicts.recall(found))
      const allowed = Math.max(ALLOWED, verdicts.is(found) * (found === IN_ORDER ? 0.001 : 1 - bars[end]))
      const mistakes = [...verdicts.mistakes].map(([what, times]) => `${what} ${times}`).join(', ')
      expect(wrong, `${found} at the ${end}: ${mistakes}`).toBeLessThanOrEqual(allowed + 1e-6)
    }
  }
}

/** How often the last segments of a burst are lost is chance: several transfers, so that it happens often enough. */
const TAILS = [9006, 9007, 9008, 9009].map((seed) => transfer('tails', seed, 'client', 4, true))
/** Of the causes at lost tails, nothing at the receiver shows some. */
const MISTAKEN = 0.2

describe.skipIf(missing !== undefined)(`tails that are lost${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('what made their sender send them again: a probe, or a timeout', async () => {
    const scores = { sender: new Score(), receiver: new Score() }
    const played = await Promise.all(TAILS.map((tail) => play(tail, join(folder, `tails-${tail.seed}`))))
    for (const one of played) {
      const right = await known('client', one.captures, one.wire, readGrowths(one))
      for (const end of ENDS) {
        scores[end].count(
          right[end],
          await judge(one.captures[end === 'sender' ? 'client' : 'server'], { isBare: false }),
        )
      }
    }
    for (const end of ENDS) {
      const { causes, verdicts } = scores[end]
      const mistakes = [...causes.mistakes].map(([what, times]) => `${what} ${times}`).join(', ')
      for (const cause of causes.kinds) {
        const wrong = causes.is(cause) * (1 - causes.recall(cause))
        const allowed = Math.max(ALLOWED, MISTAKEN * causes.is(cause))
        expect(wrong, `${cause} at the ${end}: ${mistakes}`).toBeLessThanOrEqual(allowed + 1e-6)
      }
      expect(causes.is('tail loss probe') + causes.is('timeout'), `at the ${end}`).toBeGreaterThan(3)
      // new data after a timeout, and after a pause, is no retransmission
      const accused = verdicts.is(IN_ORDER) * (1 - verdicts.recall(IN_ORDER))
      expect(accused, `accused at the ${end}`).toBeLessThanOrEqual(1 + 1e-6)
    }
  }, 180_000)
})

const SHARED = join(import.meta.dirname, '../../../shared')
const TRUTH = join(SHARED, 'truth')
const reason = !existsSync(TRUTH)
  ? 'no ../shared/truth here'
  : spawnSync('tshark', ['-v']).status !== 0
    ? 'no tshark'
    : spawnSync('python3', ['--version']).status !== 0
      ? 'no python3'
      : undefined

describe.skipIf(reason !== undefined)(`the founders' transfers${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const python = async (script: string, args: readonly string[], variables: Record<string, string> = {}) => {
    const env = { ...process.env, ...variables }
    return (await promisify(execFile)('python3', [join(SHARED, 'tools', script), ...args], { env })).stdout
  }
  const captures = () => readdirSync(TRUTH).map((name) => join(TRUTH, name))
  const bare = join(folder, 'bare')

  test.each([
    ['as they are', false, { sender: 99, receiver: 99 }],
    ['bare', true, { sender: 99, receiver: 90 }],
  ] as const)(
    '%s: by their own script',
    async (_, isBare, bars) => {
      if (isBare) await python('strip.py', [bare, ...captures()])
      const command = `${process.execPath} ${SYNOPSIS} packets`
      // it writes the capture to judge under one name for all that run it: each has a folder of its own
      const TMPDIR = mkdtempSync(join(folder, 'tmp-'))
      const said = await python('truth.py', [TRUTH, command, 'synopsis.verdict'], {
        TMPDIR,
        ...(isBare && { BARE: bare }),
      })
      for (const end of ENDS) {
        const [, balanced, accused, normal] =
          new RegExp(`^${end}: .* balanced = ([0-9.]+)% ; (\\d+) of (\\d+) normal`, 'm').exec(said) ?? []
        expect(Number(balanced), said).toBeGreaterThanOrEqual(bars[end])
        expect(Number(accused), said).toBeLessThan(0.001 * Number(normal))
      }
    },
    300_000,
  )

  test.each([false, true])('where each was captured (bare: %s)', async (isBare) => {
    for (const capture of captures()) {
      const sender = capture.includes('-down.') ? 'server' : 'client'
      const node = capture.includes('.sender.') ? sender : otherNode(sender)
      for (const session of await judge(capture, { isBare })) {
        expect(isAt(node, session), `${capture}: ${session.truth.vantage.place}`).toBe(true)
      }
    }
  })
})
