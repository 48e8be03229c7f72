/** The terms that synopsis uses, each with a short entry of its own. */
import { surroundingTerms } from './around.js'
import { connectionTerms } from './connection.js'
import type { Entry } from './entry.js'
import { transferTerms } from './transfer.js'

/** By what they are about: the connection, the transfer, what surrounds it. */
export const glossary: readonly (readonly [topic: string, entries: readonly Entry[]])[] = [
  ['opening and closing', connectionTerms],
  ['data on its way', transferTerms],
  ['sockets and surroundings', surroundingTerms],
]

const byName = new Map<string, Entry>()
for (const [, entries] of glossary) {
  for (const entry of entries) for (const name of namesOf(entry)) byName.set(normal(name), entry)
}

/** `dup ACK`, `duplicate-ack` and `tcp.analysis.duplicate_ack` are one term. */
export function findEntry(name: string): Entry | undefined {
  const wanted = normal(name.replace(/^tcp\.analysis\./, ''))
  return byName.get(wanted) ?? byName.get(wanted.replace(/s$/, ''))
}

/** Every way to write a term, in lower case. */
export function termNames(): string[] {
  return [...new Set(byName.values())].flatMap(namesOf).map((name) => name.toLowerCase())
}

function namesOf({ term, also = [] }: Entry): string[] {
  return [term, ...also]
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}
