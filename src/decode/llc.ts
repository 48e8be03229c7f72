/** IEEE 802.2 Logical Link Control, and the Subnetwork Access Protocol (SNAP) that carries EtherTypes over it. */
import { bits, type Field, u8, u16, u16le } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { tooDeep, truncated } from './bounds.js'
import { type Header, placedAt } from './header.js'
import { protocolOfEtherType } from './numbers.js'
import { Protocol } from './protocols.js'

const header = {
  destination: u8(0, 'llc.dsap', 'DSAP', 'hex'),
  source: u8(1, 'llc.ssap', 'SSAP', 'hex'),
} as const

const shortControl = bits(16, 8, 'llc.control', 'Control', 'hex16')
const longControl = u16le(2, 'llc.control', 'Control', 'hex')
const organization = bits(24, 24, 'llc.oui', 'Organization Code')
const type = u16(6, 'llc.type', 'Type', 'hex')
const protocolId = u16(6, 'llc.pid', 'Protocol ID', 'hex')

export const llc = header

export const llcHeader: Header = {
  fields: Object.values(header),
  variable: {
    keys: [shortControl.key, organization.key, type.key, protocolId.key],
    read: (view, at, end) => placedAt(at, rest(view, at, end)),
  },
}

const SNAP = 0xaa
const SNAP_LENGTH = 8
/** service access points that name a protocol themselves */
const accessPoints = new Map<number, number>([
  [0x06, Protocol.ip],
  [0x42, Protocol.stp],
  [0xe0, Protocol.ipx],
  [0xf0, Protocol.netbios],
  [0xfe, Protocol.isis],
  [0xff, Protocol.ipx],
])

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  if (at + 3 > packet.limit) return truncated(packet, Protocol.llc, 3, 'llc')
  const access = header.destination(view, at)
  const length = access === SNAP ? SNAP_LENGTH : 2 + controlLength(view, at)
  const end = at + length
  if (end > packet.limit) return truncated(packet, Protocol.llc, length, 'llc')
  if (!packet.addLayer(Protocol.llc, at, end)) return tooDeep(packet)
  packet.cursor = end
  if (access !== SNAP) return accessPoints.get(access) ?? Protocol.data
  return carriesEtherType(view, at) ? protocolOfEtherType(type(view, at)) : Protocol.data
}

/** Unnumbered frames have one byte of control, the others two (IEEE 802.2 §5.3). */
function controlLength(view: DataView, at: number): number {
  return (shortControl(view, at) & 0x03) === 0x03 ? 1 : 2
}

/** Organization 0 (RFC 1042) and 0x0000f8 (bridge tunnel, IEEE 802.1H) number their protocols by EtherType. */
function carriesEtherType(view: DataView, at: number): boolean {
  const code = (view.getUint8(at + 3) << 16) | view.getUint16(at + 4)
  return code === 0 || code === 0x0000f8
}

function rest(view: DataView, at: number, end: number): Field[] {
  if (at + 3 > end) return []
  if (header.destination(view, at) !== SNAP) return [controlLength(view, at) === 1 ? shortControl : longControl]
  if (at + SNAP_LENGTH > end) return [shortControl]
  return [shortControl, organization, carriesEtherType(view, at) ? type : protocolId]
}
