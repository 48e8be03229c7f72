/** Names like one that does not exist. */

const MOST = 4

/** The names that `wrong` was most likely meant to be, best first; none when nothing is near. */
export function suggest(wrong: string, names: Iterable<string>): string[] {
  const near: { name: string; distance: number }[] = []
  for (const name of names) {
    const distance = distanceBetween(wrong, name)
    if (distance <= Math.max(2, wrong.length * 0.3)) near.push({ name, distance })
    else if (wrong.length >= 3 && name.split('.').includes(wrong)) near.push({ name, distance: wrong.length })
  }
  near.sort((a, b) => a.distance - b.distance)
  return near.slice(0, MOST).map(({ name }) => name)
}

/** How many letters must be put in, left out or changed to get from one to the other (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > a.length) return a.length
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
