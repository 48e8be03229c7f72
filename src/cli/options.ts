/** Arguments and options that several commands have, and what they may be. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../errors.js'
import type { SessionSummary } from '../sessions/summary.js'
import type { WhichSessions } from '../sessions/tcp/sessions.js'
import type { ColourChoice } from './terminal.js'

export interface FileOptions {
  readonly read?: readonly string[]
  readonly count?: number
  readonly color: ColourChoice
}

/** `FILE…`, `-r FILE`, `-c N`. */
export function takesFiles(command: Command): Command {
  return command
    .argument('[file...]', 'captures: pcap or pcapng, plain or gzip-compressed; - is standard input')
    .option('-r, --read <file>', 'another way to name a file', collect)
    .option('-c, --count <n>', 'read only the first n packets', parseCount)
}

/** The files that were named, in either way. */
export function filesOf(named: readonly string[], options: FileOptions): readonly string[] {
  const files = [...(options.read ?? []), ...named]
  if (files.length === 0) throw new UsageError('which file? Name a capture, or - for standard input')
  return files
}

/** For commands that read one file. */
export function fileOf(named: readonly string[], options: FileOptions): string {
  const [file, another] = filesOf(named, options)
  if (file === undefined || another !== undefined) throw new UsageError('one file at a time, please')
  return file
}

export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

export function parseCount(text: string): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('It must be a whole number, at least 1.')
  }
  return count
}

/** Which sessions are asked for. */
export type Selection = (summary: Pick<SessionSummary, 'protocol' | 'session'>) => boolean

/** `-s N`, once or more. */
export function takesSessions(command: Command): Command {
  return command.option(
    '-s, --session <n>',
    'only this session; tcp:N and udp:N tell the two protocols apart; may be given again, or as a list: 0,3,udp:1',
    collect,
  )
}

/** @throws UsageError when a session is written in a way that cannot be understood */
export function selectionOf(options: { readonly session?: readonly string[] }): Selection | undefined {
  if (options.session === undefined) return undefined
  const wanted = new Set<string>()
  for (const item of options.session.flatMap((list) => list.split(','))) {
    const [, protocol, number] = /^(?:(tcp|udp):)?(\d+)$/.exec(item.trim()) ?? []
    if (number === undefined) throw new UsageError(`${item} is no session: ${insteadOf(item.trim())}`)
    for (const each of protocol === undefined ? ['tcp', 'udp'] : [protocol]) wanted.add(`${each}:${Number(number)}`)
  }
  return (summary) => wanted.has(`${summary.protocol}:${summary.session}`)
}

/** Of which TCP sessions a pass looks at each segment: the others only take up numbers. */
export function analysedFor(selection: Selection | undefined): boolean | WhichSessions {
  return selection === undefined || ((session) => selection({ protocol: 'tcp', session }))
}

/** Numbers of a range that are written out for whoever wrote it so. */
const LONGEST_RANGE = 10

/** What to write instead of an item that is no session. */
function insteadOf(item: string): string {
  const [range, from, to] = /^(\d+)(?:-|–|\.\.)(\d+)$/.exec(item) ?? []
  if (range !== undefined) {
    const length = Number(to) - Number(from) + 1
    const isShort = length > 1 && length <= LONGEST_RANGE
    const numbers = isShort ? Array.from({ length }, (_, index) => Number(from) + index) : [0, 1, 2]
    return `a range is not taken; write ${isShort ? '' : 'each number, as in '}-s ${numbers.join(',')}`
  }
  // as a page's address, a report or the table of sessions has it
  const [, protocol = '', number = ''] = /^(tcp|udp)\W?(\d+)$/i.exec(item) ?? []
  if (protocol !== '') return `did you mean ${protocol.toLowerCase()}:${number}?`
  return 'write its number, or tcp:0, or udp:0'
}

export interface FormatOptions {
  readonly absolute?: boolean
  readonly time?: 'relative' | 'utc' | 'epoch'
}

/** `--relative`, `--absolute`, `-t`. */
export function takesFormats(command: Command): Command {
  return command
    .option('--relative', "times and sequence numbers from each session's beginning (default)")
    .option('--absolute', 'times of day (UTC) and sequence numbers as they are on the wire')
    .addOption(
      new Option('-t, --time <format>', 'times alone, whatever the numbers').choices(['relative', 'utc', 'epoch']),
    )
}
