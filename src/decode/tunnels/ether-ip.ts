/** Ethernet frames in IP packets (RFC 3378). */
import { bits } from '../../bytes/fields.js'
import type { Packet } from '../../packet.js'
import { Protocol } from '../protocols.js'
import { enter } from './enter.js'

const LENGTH = 2

export const etherIp = { version: bits(0, 4, 'etherip.ver', 'Version') } as const

export function decode(packet: Packet): number {
  return enter(packet, Protocol.etherIp, LENGTH, Protocol.eth)
}
