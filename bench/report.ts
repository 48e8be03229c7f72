/** Prints what was measured. */
import Table from 'cli-table3'
import { type Contestant, commandLine } from './contestants.js'
import type { Measurement } from './measure.js'
import { median } from './statistics.js'

export interface Result {
  readonly contestant: Contestant
  readonly runs: readonly Measurement[]
}

export function printTable(results: readonly Result[]): void {
  const table = new Table({
    head: ['program', 'seconds', 'lowest–highest', 'CPU s', 'peak MiB', 'runs'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const { contestant, runs } of results) {
    const seconds = runs.map((run) => run.seconds)
    table.push([
      commandLine(contestant),
      secondsOf(runs).toFixed(2),
      `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`,
      format(
        runs.map((run) => run.cpuSeconds),
        1,
        2,
      ),
      format(
        runs.map((run) => run.peakBytes),
        2 ** 20,
        0,
      ),
      String(runs.length),
    ])
  }
  console.log(`\nWhole processes, output thrown away, the file in the page cache; medians.\n${table}`)
}

/** How many times as fast each of the project's commands is as each peer, by the clock and by processor time. */
export function printRatios(results: readonly Result[]): void {
  const peers = results.filter(({ contestant }) => !contestant.isOurs)
  for (const { contestant, runs } of results) {
    if (!contestant.isOurs || peers.length === 0) continue
    console.log(`\n${commandLine(contestant)} is, by the clock (by processor time),`)
    for (const other of peers) {
      const byClock = (secondsOf(other.runs) / secondsOf(runs)).toFixed(2).padStart(8)
      const byProcessor = `(${(cpuSecondsOf(other.runs) / cpuSecondsOf(runs)).toFixed(2)})`.padStart(10)
      console.log(`${byClock} ${byProcessor} times as fast as ${commandLine(other.contestant)}`)
    }
  }
}

function secondsOf(runs: readonly Measurement[]): number {
  return median(runs.map(({ seconds }) => seconds))
}

/** NaN where the system does not tell. */
function cpuSecondsOf(runs: readonly Measurement[]): number {
  return median(runs.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN))
}

/** The median in units, or a dash where the system did not tell. */
function format(values: readonly (number | undefined)[], unit: number, digits: number): string {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? '–' : (median(known) / unit).toFixed(digits)
}
