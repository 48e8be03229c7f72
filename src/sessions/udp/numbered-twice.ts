/**
 * Conversations that tshark numbers a second time: its SNMP dissector begins one of its own for the same two ends, so that
 * the number before it is never seen in a second pass.
 */
import type { Packet } from '../../packet.js'

const SNMP_PORT = 161
const SNMP_TRAP_PORT = 162
const SEQUENCE = 0x30
const INTEGER = 0x02
/** a BER length of this and more is the number of bytes that hold it, with this added */
const LONG_FORM = 0x80

export function isNumberedTwice(packet: Packet): boolean {
  return isSnmpPort(packet.sourcePort) || isSnmpPort(packet.destinationPort) ? holdsSnmp(packet) : false
}

function isSnmpPort(port: number): boolean {
  return port === SNMP_PORT || port === SNMP_TRAP_PORT
}

/** A message is a sequence that begins with its version, an integer (RFC 1157 §4, RFC 1901 §3). */
function holdsSnmp({ view, payload, payloadEnd }: Packet): boolean {
  if (payloadEnd - payload < 3 || view.getUint8(payload) !== SEQUENCE) return false
  const length = view.getUint8(payload + 1)
  const version = payload + 2 + (length > LONG_FORM ? length - LONG_FORM : 0)
  return version < payloadEnd && view.getUint8(version) === INTEGER
}
