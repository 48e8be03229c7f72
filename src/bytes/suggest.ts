/** Names like one that does not exist. */

const MOST = 4

/** How a name can be like the wrong one, the best way first; only names that are so in the best way are suggested. */
const LIKENESSES = [
  // of the same protocol, and of the rest the one is short for the other: tcp.sequence, tcp.seq
  'short',
  // of the same protocol, and the rest spelt nearly so
  'near',
  // a word of it is the wrong one: tcp.syn, tcp.flags.syn
  'word',
  'spelt',
] as const
type Likeness = (typeof LIKENESSES)[number]

/** The names that `wrong` was most likely meant to be, best first; none when nothing is near. */
export function suggest(wrong: string, names: Iterable<string>): string[] {
  const written = wrong.toLowerCase()
  const found: { name: string; likeness: Likeness; distance: number }[] = []
  for (const name of names) {
    const distance = distanceBetween(written, name)
    const likeness = likenessOf(written, name, distance)
    if (likeness !== undefined) found.push({ name, likeness, distance })
  }
  const best = LIKENESSES.find((one) => found.some(({ likeness }) => likeness === one))
  return found
    .filter(({ likeness }) => likeness === best)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ name }) => name)
}

function likenessOf(wrong: string, name: string, distance: number): Likeness | undefined {
  const [family, rest] = parted(wrong)
  const [nameFamily, nameRest] = parted(name)
  const isRelated = family === nameFamily
  if (family !== '' && isRelated) {
    if (nameRest.startsWith(`${rest}.`) || isShortFor(rest, nameRest) || isShortFor(nameRest, rest)) return 'short'
    if (distanceBetween(rest, nameRest) <= Math.max(1, rest.length / 3)) return 'near'
  }
  if ((family === '' || isRelated) && rest.length > 1 && name.split(/[._-]/).includes(rest)) return 'word'
  return distance <= Math.max(2, wrong.length * 0.3) ? 'spelt' : undefined
}

/** `tcp` and `options.mss_val`; of a name without dots, nothing and all of it. */
function parted(name: string): readonly [family: string, rest: string] {
  const dot = name.indexOf('.')
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)]
}

/** `src` for `source`: each part begins as the long one does, and its letters follow each other there. */
function isShortFor(short: string, long: string): boolean {
  const [parts, longParts] = [short.split('.'), long.split('.')]
  if (short.length < 2 || parts.length !== longParts.length) return false
  return parts.every((part, index) => part[0] === longParts[index]?.[0] && isWithin(part, longParts[index] ?? ''))
}

function isWithin(short: string, long: string): boolean {
  let at = 0
  for (const letter of long) if (letter === short[at]) at++
  return at === short.length
}

/** The end of a complaint about the wrong name: a question that names those near, or `otherwise` where none is. */
export function didYouMean(wrong: string, names: Iterable<string>, otherwise: string): string {
  const near = suggest(wrong, names)
  return near.length > 0 ? `did you mean ${near.join(', ')}?` : otherwise
}

/** How many letters must be put in, left out or changed to get from one to the other (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > a.length) return Math.max(a.length, b.length)
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
