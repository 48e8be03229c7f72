/**
 * Pieces in a box, for another thread. Above all sessions that were let go, of which it tells while this one goes on: their records word
 * for word, and what is not in them. What is known of single segments (`truth`) stays behind.
 */
import type { Box } from '../bytes/box.js'
import type { AddressTable } from './address-table.js'
import type { Side } from './facts.js'
import type { KnownName, Prelude, Resolution } from './prelude.js'
import { Extras, type IcmpError, type Session } from './session.js'
import { TcpSessions } from './tcp/sessions.js'
import { UdpSessions } from './udp/session.js'

/**
 * 32-bit words that no parcel is longer than: two records, and extras, of which the longest is a name (127 labels of 63 characters,
 * two a word).
 */
export const LONGEST_PARCEL = 8192

/** What a piece is, by its first word. */
export const Kind = {
  // a session that was let go
  tcp: 0,
  udp: 1,
  // of TCP sessions whose segments are handed over (tcp/handover.ts)
  segment: 2,
  begun: 3,
  begunOnLoopback: 4,
  // sessions that were let go: the line of one, and of one whose segments are handed over the beginning of its line
  line: 5,
  lineToEnd: 6,
  // a router says that a packet of a TCP session whose segments are handed over was too big
  tooBig: 7,
} as const

// that word has the kind, a side and a slot
const KIND = 0b111
const SIDE = 3
const SLOT = 4

export const kindOf = (header: number): number => header & KIND
export const sideOf = (header: number): Side => (((header >> SIDE) & 1) === 0 ? 0 : 1)
export const slotOf = (header: number): number => header >> SLOT

/** Writes the first word of a piece: at an even place. */
export function beginPiece(kind: number, slot: number, side: Side, box: Box): void {
  box.align()
  box.ints[box.at++] = kind | (side << SIDE) | (slot << SLOT)
}

/** Puts a session that was let go into a box that has room for it; `addresses`: those that its numbers are of. */
export function pack(session: Session, addresses: AddressTable, box: Box): void {
  beginPiece(Kind[session.protocol], 0, 0, box)
  packRecords(session, box)
  packEndpoints(session, addresses, box)
  const { extras, prelude } = session
  box.writeInt(extras === undefined ? 0 : 1)
  if (extras !== undefined) packExtras(extras, box)
  packPrelude(prelude ?? {}, box)
}

/** Takes whole sessions out of boxes. */
export class Unpacker {
  readonly #addresses: AddressTable
  readonly #tcp = new TcpSessions()
  readonly #udp = new UdpSessions()

  /** @param addresses takes in those of the sessions */
  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** The session whose piece's first word was read; good until the next call. */
  unpack(header: number, box: Box): Session {
    const sessions = kindOf(header) === Kind.tcp ? this.#tcp : this.#udp
    unpackRecords(sessions, box)
    const session: Session = sessions.departing(0)
    unpackEndpoints(session, this.#addresses, box)
    if (box.readInt() !== 0) sessions.slabs.extras[0] = unpackExtras(box)
    session.prelude = unpackPrelude(box)
    return session
  }
}

/** Both records of a session. */
function packRecords({ hot, slab, at }: Session, box: Box): void {
  box.writeWords(hot.slab.ints, hot.at, hot.slab.words)
  box.writeWords(slab.ints, at, slab.words)
}

/** The first slot is made new with both records of a session. */
function unpackRecords({ slabs }: TcpSessions | UdpSessions, box: Box): void {
  const { hot, rest, extras, preludes } = slabs
  box.readWords(hot.ints, 0, hot.words)
  box.readWords(rest.ints, 0, rest.words)
  extras[0] = preludes[0] = undefined
}

/** What tables of addresses number, as they may do otherwise in another thread. */
function packEndpoints({ version, sides }: Session, addresses: AddressTable, box: Box): void {
  if (version === 4) return
  addresses.write(sides[0].address, box)
  addresses.write(sides[1].address, box)
}

function unpackEndpoints({ version, sides }: Session, addresses: AddressTable, box: Box): void {
  if (version === 4) return
  sides[0].address = addresses.read(box)
  sides[1].address = addresses.read(box)
}

function packExtras({ vlans = [], icmpErrors = [], moreHistory, waiting = [] }: Extras, box: Box): void {
  box.writeInt(vlans.length)
  for (const vlan of vlans) box.writeInt(vlan)
  packErrors(icmpErrors, box)
  box.writeText(moreHistory)
  box.writeInt(waiting.length)
  for (const number of waiting) box.writeFloat(number)
}

function packErrors(errors: readonly IcmpError[], box: Box): void {
  box.writeInt(errors.length)
  for (const { frame, version, type, code, about } of errors) {
    for (const number of [frame, version, type, code, about]) box.writeInt(number)
  }
}

function unpackErrors(box: Box): IcmpError[] {
  return list(box, () => unpackError(box))
}

function unpackExtras(box: Box): Extras {
  const extras = new Extras()
  const vlans = list(box, () => box.readInt())
  if (vlans.length > 0) extras.vlans = vlans
  const icmpErrors = unpackErrors(box)
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

/** Undefined: there was nothing in it. */
function unpackPrelude(box: Box): Prelude | undefined {
  const lookup = box.readInt() === 0 ? undefined : unpackName(box)
  const resolutions = list(box, () => unpackResolution(box))
  if (lookup === undefined && resolutions.length === 0) return undefined
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
