/** The terms that synopsis uses, each with a short entry of its own. */
import { surroundingTerms } from './around.js'
import { connectionTerms } from './connection.js'
import type { Entry } from './entry.js'
import { mistakeTerms } from './mistakes.js'
import { problemTerms } from './problems.js'
import { socketTerms } from './sockets.js'
import { transferTerms } from './transfer.js'

const terms: readonly (readonly [topic: string, entries: readonly Entry[]])[] = [
  ['opening and closing', connectionTerms],
  ['data on its way', transferTerms],
  ['sockets', socketTerms],
  ['surroundings', surroundingTerms],
  ['what goes wrong', problemTerms],
]

const byName = new Map<string, Entry>()
for (const [, entries] of terms) {
  for (const entry of entries) for (const name of namesOf(entry)) byName.set(normal(name), entry)
}

/** A mistake that has the name of a term is explained there: `backlog`, `byte-order`. */
const mistakes = mistakeTerms.filter(({ term }) => !byName.has(normal(term)))
for (const entry of mistakes) byName.set(normal(entry.term), entry)

/** By what they are about: the connection, the transfer, what surrounds it, what goes wrong. */
export const glossary = [...terms, ['mistakes in programs', mistakes]] as const satisfies typeof terms

/** `dup ACK`, `duplicate-ack` and `tcp.analysis.duplicate_ack` are one term; `timestamp` and `timestamps`, too. */
export function findEntry(name: string): Entry | undefined {
  const exact = byName.get(normal(name))
  if (exact !== undefined) return exact
  const wanted = normal(name.replace(/^tcp\.(?:analysis|flags)\./i, ''))
  return byName.get(wanted) ?? byName.get(wanted.replace(/s$/, '')) ?? byName.get(`${wanted}s`)
}

const MOST = 5

/** Terms that share a word with `name`, those most like it first: `lost` is in `lost segment`, `window` in `TCP window`. */
export function relatedTerms(name: string): string[] {
  const wanted = wordsOf(name)
  const related = new Map<string, number>()
  for (const [, entries] of glossary) {
    for (const entry of entries) {
      const shared = Math.max(...namesOf(entry).map((one) => likeness(wanted, wordsOf(one))))
      if (shared > 0) related.set(entry.term, shared)
    }
  }
  const best = Math.max(...related.values())
  return [...related]
    .filter(([, shared]) => shared * 2 > best)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([term]) => term)
}

/** The part of all their words that they share. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length
  return shared / (a.size + b.size - shared)
}

/** Of more than two letters: shorter ones join, and mean nothing alone. A field's name is one word. */
function wordsOf(name: string): Set<string> {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}.]+/u)
  return new Set(words.map((word) => word.replace(/s$/, '')).filter((word) => word.length > 2))
}

/** Every way to write a term. */
export function termNames(): string[] {
  return [...new Set(byName.values())].flatMap(({ term, also = [] }) => [term, ...also])
}

function namesOf({ term, also = [], printedAs = [] }: Entry): string[] {
  return [term, ...also, ...printedAs]
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[\s_/·+'’-]/g, '')
}
