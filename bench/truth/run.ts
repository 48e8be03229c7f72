/** Holds what is said of every segment against the truth, over transfers of the lab's own: `npm run truth -- --help`. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { otherNode } from '../../src/labs/virtual/names.js'
import { isAt, type JudgedSession, judge } from './judge.js'
import { known } from './known.js'
import { MIXES, type Transfer, transfers } from './mixes.js'
import { writePairs } from './pairs.js'
import { type Files, filesOf, play, readGrowths, readTransfer } from './play.js'
import { IN_ORDER, Score, type Tally } from './score.js'

const USAGE = `usage: npm run truth -- [--only MIX,MIX] [--variants N] [--bytes N] [--seed N] [--at-once N] [--keep DIR]
       npm run truth -- --from DIR [--without N] [--worst]

Makes transfers over wires of the lab that lose, reorder, copy and damage frames (Linux, root), captured at both ends, and
holds what is said of each data segment against what the wire did to it and what the sender's kernel counted.

  --only MIX,MIX   of ${MIXES.map(({ name }) => name).join(', ')}
                   (all but those in bursts, which are for causes: where packets are not numbered, a tail comes again as new data
                   does; and but for offload, which needs ethtool)
  --variants N     so many of each mix: of both directions, IPv4 and IPv6, with timestamps and without (8: all)
  --bytes N        of each transfer (250000)
  --seed N         of the wires' chance (1)
  --at-once N      transfers at the same time (3)
  --keep DIR       keep them there
  --from DIR       score those that were kept, again
  --pairs DIR      write those of --from there as NAME.sender.pcap and NAME.receiver.pcap, 128 bytes of each frame
  --without N      as if each capture had begun N frames later, in the middle of a session
  --worst          name the transfers with mistakes, and the mistakes`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    variants: { type: 'string', default: '8' },
    bytes: { type: 'string', default: '250000' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '3' },
    keep: { type: 'string' },
    from: { type: 'string' },
    pairs: { type: 'string' },
    without: { type: 'string', default: '0' },
    worst: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
const names =
  values.only?.split(',') ??
  MIXES.filter(({ bursts, offload }) => bursts === undefined && offload !== true).map(({ name }) => name)
const without = Number(values.without)
const mixes = MIXES.filter(({ name }) => names.includes(name))

/** What must be said rightly at least: of each kind of verdict, and of causes and need. */
const BARS = {
  whole: { sender: 0.99, receiver: 0.99 },
  bare: { sender: 0.99, receiver: 0.9 },
  accused: 0.001,
}

type End = 'sender' | 'receiver'
type Scores = Record<'whole' | 'bare', Record<End, Score>>

if (values.help === true) console.log(USAGE)
else if (mixes.length !== names.length || !(Number(values.bytes) > 0) || !(without >= 0)) {
  console.error(USAGE)
  process.exitCode = 1
} else await run()

async function run(): Promise<void> {
  const folder = values.from ?? values.keep ?? mkdtempSync(join(tmpdir(), 'synopsis-truth-'))
  try {
    if (values.from === undefined)
      await makeAll(transfers(mixes, Number(values.bytes), Number(values.seed), Number(values.variants)), folder)
    if (values.pairs === undefined) await scoreAll(folder)
    else await writePairs(folder, values.pairs)
  } finally {
    if (values.from === undefined && values.keep === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

async function makeAll(all: readonly Transfer[], folder: string): Promise<void> {
  const left = [...all]
  let done = 0
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      try {
        await play(next, join(folder, next.name))
      } catch (error) {
        console.error(`\n${next.name}: ${String(error)}`)
        process.exitCode = 1
      }
      process.stderr.write(`\r${++done} of ${all.length} transfers`)
    }
  }
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work))
  process.stderr.write('\n')
}

async function scoreAll(folder: string): Promise<void> {
  const scores: Scores = {
    whole: { sender: new Score(), receiver: new Score() },
    bare: { sender: new Score(), receiver: new Score() },
  }
  const vantages: string[] = []
  let count = 0
  for (const name of readdirSync(folder).sort()) {
    const files = filesOf(join(folder, name))
    if (!existsSync(files.transfer)) continue
    vantages.push(...(await scoreOne(name, files, scores)))
    count++
  }
  report(scores, vantages, count)
}

async function scoreOne(name: string, files: Files, scores: Scores): Promise<string[]> {
  const { sender, version, timestamps } = readTransfer(files)
  // IPv6 without timestamps is bare as it is
  const kinds = version === 6 && !timestamps ? (['bare'] as const) : (['whole', 'bare'] as const)
  const right = await known(sender, files.captures, files.wire, readGrowths(files))
  const mistaken: string[] = []
  for (const kind of kinds) {
    for (const end of ['sender', 'receiver'] as const) {
      const node = end === 'sender' ? sender : otherNode(sender)
      const where = `${name}, ${kind}, at the ${end}`
      const sessions = await judge(files.captures[node], { isBare: kind === 'bare', without })
      scores[kind][end].count(right[end], sessions, without)
      for (const one of sessions) if (!isAt(node, one)) mistaken.push(`${where}: ${place(one)}`)
      if (values.worst === true) tellMistakes(where, right[end], sessions)
    }
  }
  return mistaken
}

function tellMistakes(
  where: string,
  right: Parameters<Score['count']>[0],
  sessions: Parameters<Score['count']>[1],
): void {
  const own = new Score()
  own.count(right, sessions, without)
  const mistakes = [own.verdicts, own.causes, own.need].flatMap((tally) =>
    [...tally.mistakes].map(([what, times]) => `${what} ${times}`),
  )
  if (mistakes.length > 0) console.log(`${where}: ${mistakes.join(', ')}`)
}

function place({ first, truth }: JudgedSession): string {
  const { place, end } = truth.vantage
  return end === undefined ? place : `the ${end === 0 ? first : otherNode(first)}`
}

function report(scores: Scores, vantages: readonly string[], count: number): void {
  console.log(
    `${count} transfers, each captured at both ends; whole, and bare: without timestamps and IP identification`,
  )
  for (const kind of ['whole', 'bare'] as const) {
    for (const end of ['sender', 'receiver'] as const) {
      const { verdicts, causes, need, timing } = scores[kind][end]
      const bar = BARS[kind][end]
      console.log(`\n${kind}, at the ${end}${timing > 0 ? ` (${timing} verdicts rest on times alone)` : ''}`)
      tell('verdicts', verdicts, bar)
      const accused = 1 - verdicts.recall(IN_ORDER)
      if (accused > BARS.accused) fail(`${(100 * accused).toFixed(2)} % of the normal ones accused`)
      tell('causes', causes, bar)
      tell('need', need, bar)
    }
  }
  console.log(vantages.length === 0 ? '\nvantage: right everywhere' : `\nvantage: mistaken ${vantages.length} times`)
  for (const one of vantages) fail(one)
}

function tell(what: string, tally: Tally, bar: number): void {
  for (const kind of tally.kinds) {
    const recall = tally.recall(kind)
    const unsaid = tally.unsaid(kind)
    const line = `  ${what.padEnd(9)} ${kind.padEnd(16)} ${percent(recall)} of ${tally.is(kind)}`
    const open = unsaid === 0 ? '' : `; ${unsaid} cannot be told, ${percent(tally.recallOfSaid(kind))} of the others`
    const others = [...tally.mistakes].filter(
      ([mistake]) => mistake.startsWith(`${kind}→`) && !mistake.endsWith('unsaid'),
    )
    const mistakes = others.map(([said, times]) => `${said} ${times}`).join(', ')
    console.log(`${line}${open}${mistakes && `   ${mistakes}`}`)
    if (recall < bar && kind !== IN_ORDER) fail(`less than ${100 * bar} %`)
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).padStart(5)} %`
}

function fail(what: string): void {
  console.log(`  ! ${what}`)
  process.exitCode = 1
}
