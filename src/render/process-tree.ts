/** The processes of a trace as a tree, a line each: who made whom, what it serves, how it ended. */
import { push } from '../bytes/lists.js'
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import type { Process, Processes, Socket } from '../calls/processes/model.js'
import type { Theme } from './style.js'
import { truncate } from './width.js'

/** More are counted. */
const MOST_LINES = 100

export function* processTree({ processes, sockets }: Processes, width: number, theme: Theme): Generator<string> {
  const children = new Map<number | undefined, Process[]>()
  const known = new Set(processes.map(({ pid }) => pid))
  for (const process of processes) {
    const parent = process.parent !== undefined && known.has(process.parent) ? process.parent : undefined
    push(children, parent, process)
  }
  let lines = 0
  function* branch(process: Process, indent: string): Generator<string> {
    if (lines >= MOST_LINES) return
    lines++
    const [head, tail] = describe(process, sockets)
    yield ` ${indent}${theme.strong(head)}${truncate(tail, width - indent.length - head.length - 1)}`
    for (const child of children.get(process.pid) ?? []) yield* branch(child, `${indent === '' ? '' : '  '}└ `)
  }
  for (const root of children.get(undefined) ?? []) yield* branch(root, '')
  if (processes.length > lines)
    yield theme.faint(` and ${countOf(processes.length - lines, 'process', 'processes')} more`)
}

/** `pid 8421`, `, child of 8420, serves 127.0.0.1:52416; exited with 0`. */
function describe(process: Process, sockets: readonly Socket[]): [string, string] {
  const { pid, parent, words, serves, status } = process
  const facts: string[] = []
  if (parent !== undefined) facts.push(`child of ${parent}`)
  const command = words.join(' ')
  if (command !== '' && parent === undefined) facts.push(command)
  const own = sockets.filter(({ opened, isLibrarys }) => opened?.pid === pid && !isLibrarys)
  const listens = own.flatMap(({ listened, local, transport }) =>
    listened !== undefined && local !== undefined
      ? [`listens on ${transport === 'unix' ? '' : 'port '}${placeOf(local)}`]
      : [],
  )
  const connects = own.flatMap(({ acceptedFrom, listened, local, peer }) =>
    acceptedFrom === undefined && listened === undefined && local && peer ? [`${local} → ${peer}`] : [],
  )
  facts.push(...listens.slice(0, 2), ...connects.slice(0, 2))
  if (serves.length > 0)
    facts.push(`serves ${serves.slice(0, 3).join(', ')}${serves.length > 3 ? ` and ${serves.length - 3} more` : ''}`)
  if (status !== undefined)
    facts.push('exited' in status ? `exited with ${status.exited}` : `killed by ${status.signal}`)
  return [`pid ${pid}`, printable(facts.length > 0 ? `, ${facts.join(', ')}` : '')]
}

/** The port alone, of a socket that any address leads to. */
function placeOf(local: string): string {
  return local.replace(/^(?:0\.0\.0\.0|\[::\]|\*):/, '')
}
