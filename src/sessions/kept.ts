/** What is remembered of what went on around the sessions: the latest of so many. */
const KEPT = 1024

/** Sets the entry, as the newest; the oldest goes when there are too many. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= KEPT) return
  const oldest = map.keys().next()
  if (!oldest.done) map.delete(oldest.value)
}
