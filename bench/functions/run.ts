/** Measures the functions that millions of packets go through: `npm run bench:functions`. */
import Table from 'cli-table3'
import { Bench, type Statistics } from 'tinybench'
import { median } from '../statistics.js'
import { checksum } from './checksum.js'
import { fields } from './fields.js'
import { flowTable } from './flow-table.js'
import { Frames, smallCapture } from './frames.js'
import type { Measured } from './measured.js'
import { pipeline } from './pipeline.js'

const ROUNDS = 5
/** what one function is given in one round */
const MILLISECONDS = 200

const smallPath = smallCapture('small', 0.02)
const bulkPath = smallCapture('bulk', 0.01)
const small = new Frames(smallPath)
const bulk = new Frames(bulkPath)
const all = [
  ...pipeline('small', smallPath, small),
  ...pipeline('bulk', bulkPath, bulk),
  ...flowTable(),
  ...checksum(),
  // last, when the fields have been called from everywhere, as in the program
  ...fields(small),
]

// in turns, so that what else the machine does meanwhile hurts them alike
const rounds = new Map<string, Statistics[]>(all.map(({ name }) => [name, []]))
for (let round = 0; round < ROUNDS; round++) {
  const bench = new Bench({ time: MILLISECONDS, iterations: 8, warmup: round === 0, throws: true })
  for (const { name, run } of all) bench.add(name, run)
  for (const { name, result } of await bench.run()) {
    if ('latency' in result) rounds.get(name)?.push(result.latency)
  }
}

const table = new Table({
  head: ['function', 'ns', 'a', 'fastest'],
  colAligns: ['left', 'right', 'left', 'right'],
  style: { head: [], border: [], compact: true },
})
for (const measured of all) {
  const nanoseconds = (milliseconds: number) => ((milliseconds * 1e6) / measured.units).toPrecision(3)
  table.push([measured.name, nanoseconds(middle(measured.name)), measured.unit, nanoseconds(fastest(measured.name))])
}
console.log(`Medians of ${ROUNDS} rounds.\n${table}`)
for (const measured of all) judge(measured)

function judge({ name, limit }: Measured): void {
  if (limit === undefined) return
  // what else the machine did can only have made it slower, so the fastest calls are compared
  const times = fastest(name) / fastest(limit.than)
  const verdict = times <= limit.times ? 'within' : 'BEYOND'
  console.log(`${name}: ${times.toFixed(2)} times as long as ${limit.than}, ${verdict} the ${limit.times} allowed`)
  if (times > limit.times) process.exitCode = 1
}

function middle(name: string): number {
  return median(rounds.get(name)?.map(({ p50 }) => p50) ?? [])
}

function fastest(name: string): number {
  return Math.min(...(rounds.get(name)?.map(({ min }) => min) ?? []))
}
