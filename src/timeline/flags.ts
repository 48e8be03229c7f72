/** What a segment says of the connection: by a flag's name, `SYN`. */
import type { PacketEvent } from './model.js'

export function has(packet: PacketEvent, flag: string): boolean {
  return packet.tcp?.flags.includes(flag) ?? false
}
