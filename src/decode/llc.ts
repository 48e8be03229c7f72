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

const ORGANIZATION = 'llc.oui'
const TYPE = 'llc.type'
const PROTOCOL = 'llc.pid'

const shortControl = bits(16, 8, 'llc.control', 'Control', 'hex16')
const longControl = u16le(2, 'llc.control', 'Control', 'hex')
export const llc = header

export const llcHeader: Header = {
  fields: Object.values(header),
  variable: {
    keys: [shortControl.key, ORGANIZATION, TYPE, PROTOCOL],
    read: (view, at, end) => placedAt(at, rest(view, at, end)),
  },
}

const SNAP = 0xaa
/** organization and protocol */
const SNAP_LENGTH = 5
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
  const control = controlLength(view, at)
  const length = 2 + control + (isSnap(view, at) ? SNAP_LENGTH : 0)
  const end = at + length
  if (end > packet.limit) return truncated(packet, Protocol.llc, length, 'llc')
  if (!packet.addLayer(Protocol.llc, at, end)) return tooDeep(packet)
  packet.cursor = end
  if (!isInformation(view, at)) return Protocol.data
  if (!isSnap(view, at)) return accessPoints.get(header.destination(view, at)) ?? Protocol.data
  return carriesEtherType(view, end) ? protocolOfEtherType(view.getUint16(end - 2)) : Protocol.data
}

function isSnap(view: DataView, at: number): boolean {
  return header.destination(view, at) === SNAP && header.source(view, at) === SNAP
}

/** Unnumbered frames have one byte of control, the others two (IEEE 802.2 §5.3). */
function controlLength(view: DataView, at: number): number {
  return (shortControl(view, at) & 0x03) === 0x03 ? 1 : 2
}

const UNNUMBERED_INFORMATION = 0x03

/** Other frames keep up the link, and carry no packet. */
function isInformation(view: DataView, at: number): boolean {
  const control = shortControl(view, at)
  return (control & 1) === 0 || control === UNNUMBERED_INFORMATION
}

/** Organization 0 (RFC 1042) and 0x0000f8 (bridge tunnel, IEEE 802.1H) number their protocols by EtherType. */
function carriesEtherType(view: DataView, end: number): boolean {
  const code = (view.getUint8(end - SNAP_LENGTH) << 16) | view.getUint16(end - SNAP_LENGTH + 1)
  return code === 0 || code === 0x0000f8
}

function rest(view: DataView, at: number, end: number): Field[] {
  if (at + 3 > end) return []
  const control = controlLength(view, at)
  const fields: Field[] = [control === 1 ? shortControl : longControl]
  const snap = 2 + control
  if (!isSnap(view, at) || at + snap + SNAP_LENGTH > end) return fields
  const isType = carriesEtherType(view, at + snap + SNAP_LENGTH)
  fields.push(bits(8 * snap, 24, ORGANIZATION, 'Organization Code'))
  fields.push(isType ? u16(snap + 3, TYPE, 'Type', 'hex') : u16(snap + 3, PROTOCOL, 'Protocol ID', 'hex'))
  return fields
}
