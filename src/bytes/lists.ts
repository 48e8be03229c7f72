/** Lists of any length: spread into the arguments of a call, some 100,000 are too many for it. */

/** Adds to the list of `key`. */
export function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/** The last of those whose key is at most `limit`, in a list in the order of their keys. */
export function lastUpTo<V>(list: readonly V[], limit: number, key: (value: V) => number): V | undefined {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = list[middle]
    if (value !== undefined && key(value) <= limit) low = middle + 1
    else high = middle
  }
  return list[low - 1]
}

/** Adds them all at the end. */
export function append<V>(list: V[], values: Iterable<V>): void {
  for (const value of values) list.push(value)
}

/** The smallest and the largest; of none, Infinity and -Infinity. */
export function rangeOf(numbers: readonly number[]): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const number of numbers) {
    if (number < least) least = number
    if (number > most) most = number
  }
  return [least, most]
}
