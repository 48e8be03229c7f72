/** Measures the functions that millions of packets go through: `npm run bench:functions`. */
import Table from 'cli-table3'
import { Bench } from 'tinybench'
import { checksum } from './checksum.js'
import { fields } from './fields.js'
import { flowTable } from './flow-table.js'
import { Frames, smallCapture } from './frames.js'
import type { Measured } from './measured.js'
import { pipeline } from './pipeline.js'

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

const bench = new Bench({ time: 1_000, throws: true })
for (const { name, run } of all) bench.add(name, run)
await bench.run()

const table = new Table({
  head: ['function', 'ns', 'a', 'fastest', 'calls'],
  colAligns: ['left', 'right', 'left', 'right', 'right'],
  style: { head: [], border: [], compact: true },
})
for (const measured of all) {
  const { p50, min, samplesCount } = latencyOf(measured.name)
  const nanoseconds = (milliseconds: number) => ((milliseconds * 1e6) / measured.units).toPrecision(3)
  table.push([measured.name, nanoseconds(p50), measured.unit, nanoseconds(min), samplesCount])
}
console.log(`Medians of many calls.\n${table}`)
for (const measured of all) judge(measured)

function judge({ name, limit }: Measured): void {
  if (limit === undefined) return
  // what else the machine did can only have made it slower, so the fastest calls are compared
  const times = latencyOf(name).min / latencyOf(limit.than).min
  const verdict = times <= limit.times ? 'within' : 'BEYOND'
  console.log(`${name}: ${times.toFixed(2)} times as long as ${limit.than}, ${verdict} the ${limit.times} allowed`)
  if (times > limit.times) process.exitCode = 1
}

function latencyOf(name: string): { p50: number; min: number; samplesCount: number } {
  const result = bench.getTask(name)?.result
  if (result === undefined || !('latency' in result)) throw new Error(`${name} was not measured`)
  return result.latency
}
