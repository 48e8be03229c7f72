import type { PacketEvent } from './model.js'

/** True of packets but those that the capture has a second time: what they carried was sent once. */
export function isSeenOnce(twice: readonly number[] = []): (packet: PacketEvent) => boolean {
  const copies = new Set(twice)
  return ({ frame }) => !copies.has(frame)
}
