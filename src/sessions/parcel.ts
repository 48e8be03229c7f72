/**
 * A session that was let go, packed for another thread, which tells of it while this one goes on: its records word for word, and
 * what is not in them. What the analysis of each segment has found (`truth`) stays behind.
 */
import type { Box } from '../bytes/box.js'
import { AddressTable } from './address-table.js'
import type { KnownName, Prelude, Resolution } from './prelude.js'
import { Extras, type IcmpError, type Session } from './session.js'
import { TcpSessions } from './tcp/sessions.js'
import { UdpSessions } from './udp/session.js'

/**
 * 32-bit words that no parcel is longer than: two records, and extras, of which the longest is a name (127 labels of 63 characters,
 * two a word).
 */
export const LONGEST_PARCEL = 8192

const Kind = { tcp: 0, udp: 1 } as const

/** Puts a session into a box that has room for it; `addresses`: those that its numbers are of. */
export function pack(session: Session, addresses: AddressTable, box: Box): void {
  box.writeInt(Kind[session.protocol])
  const { hot, slab } = session
  box.writeWords(hot.slab.ints, hot.at, hot.slab.words)
  box.writeWords(slab.ints, session.at, slab.words)
  if (session.version === 6) {
    addresses.write(session.sides[0].address, box)
    addresses.write(session.sides[1].address, box)
  }
  const { extras, prelude } = session
  box.writeInt(extras === undefined ? 0 : 1)
  if (extras !== undefined) packExtras(extras, box)
  box.writeInt(prelude === undefined ? 0 : 1)
  if (prelude !== undefined) packPrelude(prelude, box)
}

/** Takes sessions out of boxes. */
export class Unpacker {
  readonly addresses = new AddressTable(0)
  readonly #tcp = new TcpSessions()
  readonly #udp = new UdpSessions()

  /** The box's next session; good until the next call. */
  unpack(box: Box): Session {
    const sessions = box.readInt() === Kind.tcp ? this.#tcp : this.#udp
    const { hot, rest, extras, preludes } = sessions.slabs
    box.readWords(hot.ints, hot.words)
    box.readWords(rest.ints, rest.words)
    const session: Session = sessions.departing(0)
    if (session.version === 6) {
      session.sides[0].address = this.addresses.read(box)
      session.sides[1].address = this.addresses.read(box)
    }
    extras[0] = box.readInt() === 0 ? undefined : unpackExtras(box)
    preludes[0] = box.readInt() === 0 ? undefined : unpackPrelude(box)
    return session
  }
}

function packExtras({ vlans = [], icmpErrors = [], moreHistory, waiting = [] }: Extras, box: Box): void {
  box.writeInt(vlans.length)
  for (const vlan of vlans) box.writeInt(vlan)
  box.writeInt(icmpErrors.length)
  for (const { frame, version, type, code, about } of icmpErrors) {
    for (const number of [frame, version, type, code, about]) box.writeInt(number)
  }
  box.writeText(moreHistory)
  box.writeInt(waiting.length)
  for (const number of waiting) box.writeFloat(number)
}

function unpackExtras(box: Box): Extras {
  const extras = new Extras()
  const vlans = list(box, () => box.readInt())
  if (vlans.length > 0) extras.vlans = vlans
  const icmpErrors = list(box, () => unpackError(box))
  if (icmpErrors.length > 0) extras.icmpErrors = icmpErrors
  extras.moreHistory = box.readText()
  extras.waiting = list(box, () => box.readFloat())
  return extras
}

function unpackError(box: Box): IcmpError {
  const frame = box.readInt()
  const version = box.readInt() === 6 ? 6 : 4
  const type = box.readInt()
  const code = box.readInt()
  return { frame, version, type, code, about: box.readInt() === 0 ? 0 : 1 }
}

function packPrelude({ lookup, resolutions = [] }: Prelude, box: Box): void {
  box.writeInt(lookup === undefined ? 0 : 1)
  if (lookup !== undefined) {
    box.writeFloat(lookup.seconds)
    box.writeInt(lookup.nanoseconds)
    box.writeInt(lookup.queryFrame)
    box.writeInt(lookup.answerFrame)
    box.writeText(lookup.name)
  }
  box.writeInt(resolutions.length)
  for (const { time, requests, requestFrame, replyFrame, address, hardware } of resolutions) {
    box.writeFloat(time)
    box.writeInt(requests)
    box.writeInt(requestFrame)
    box.writeInt(replyFrame)
    box.writeText(address)
    box.writeText(hardware)
  }
}

function unpackPrelude(box: Box): Prelude {
  const lookup = box.readInt() === 0 ? undefined : unpackName(box)
  const resolutions = list(box, () => unpackResolution(box))
  return { ...(lookup && { lookup }), ...(resolutions.length > 0 && { resolutions }) }
}

function unpackName(box: Box): KnownName {
  const seconds = box.readFloat()
  const nanoseconds = box.readInt()
  const queryFrame = box.readInt()
  const answerFrame = box.readInt()
  return { name: box.readText(), queryFrame, answerFrame, seconds, nanoseconds }
}

function unpackResolution(box: Box): Resolution {
  const time = box.readFloat()
  const requests = box.readInt()
  const requestFrame = box.readInt()
  const replyFrame = box.readInt()
  const address = box.readText()
  return { requestFrame, replyFrame, requests, address, hardware: box.readText(), time }
}

/** As many as the box says. */
function list<T>(box: Box, next: () => T): T[] {
  const length = box.readInt()
  const members: T[] = []
  for (let index = 0; index < length; index++) members.push(next())
  return members
}
