/** Options of IPv4 (RFC 791 §3.1, IANA's IP option numbers). */
import { span, u8 } from '../bytes/fields.js'
import type { Placed, Variable } from './header.js'

/** Option types, with their copied and class bits: what each is called, and its shortest length where it has one. */
const descriptions = new Map<number, readonly [name: string, shortest?: number]>([
  [0, ['End of Options']],
  [1, ['No-Operation']],
  [7, ['Record Route', 3]],
  [11, ['MTU Probe', 4]],
  [12, ['MTU Reply', 4]],
  [25, ['Quick-Start', 3]],
  [68, ['Time Stamp', 4]],
  [82, ['Traceroute', 12]],
  [130, ['Security', 3]],
  [131, ['Loose Source Route', 3]],
  [133, ['Extended Security', 3]],
  [134, ['Commercial Security', 6]],
  [136, ['Stream Identifier', 4]],
  [137, ['Strict Source Route', 3]],
  [148, ['Router Alert', 4]],
])

const option = { type: u8(0, 'ip.opt.type', 'Type'), length: u8(1, 'ip.opt.len', 'Length') } as const
const FIXED_HEADER = 20
const END_OF_OPTIONS = 0
const NO_OPERATION = 1
const QUICK_START = 25
/** of a Quick-Start request or report (RFC 4782 §3.1), told by the function in its first four bits */
const QUICK_START_LENGTH = 8
const QUICK_START_REPORT = 8

/** Header length of the packet at `at`, in bytes. */
function headerLength(view: DataView, at: number): number {
  return 4 * (view.getUint8(at) & 15)
}

/** None unless the whole header is there: that is how tshark reads them. */
function* read(view: DataView, at: number, end: number): Generator<Placed> {
  const length = at + FIXED_HEADER > end ? 0 : headerLength(view, at)
  if (length < FIXED_HEADER || at + length > end) return
  for (let next = at + FIXED_HEADER; next < end; ) {
    const type = option.type(view, next)
    const group = descriptions.get(type)?.[0] ?? 'Unknown option'
    const size = optionSize(view, next, end)
    yield { field: option.type, at: next, group }
    if (size > 1) yield { field: option.length, at: next, group }
    if (size > 2) yield { field: span(2, size - 2, 'ip.opt.data', 'Option data'), at: next, group }
    if (type === END_OF_OPTIONS || isTooShort(view, next, end)) return
    next += size
  }
}

export const optionFields: Variable = { keys: [option.type.key, option.length.key, 'ip.opt.data'], read }

/** The two options without a length are single bytes (RFC 791 §3.1); a length that lies takes all that is left. */
function optionSize(view: DataView, at: number, end: number): number {
  if (option.type(view, at) <= NO_OPERATION) return 1
  const left = end - at
  const claimed = left > 1 ? option.length(view, at) : left
  return claimed < 2 || claimed > left ? left : claimed
}

/**
 * Offset of an option that is too short for its kind, in the header [at, end); -1 when there is none. A host that is to process
 * such an option answers with an error (RFC 1122 §3.2.2.5), so that what follows the header is nobody's.
 */
export function unreadableOption(view: DataView, at: number, end: number): number {
  for (let next = at + FIXED_HEADER; next < end; ) {
    const type = option.type(view, next)
    if (type === END_OF_OPTIONS) return -1
    const size = optionSize(view, next, end)
    if (isTooShort(view, next, end)) return next
    next += size
  }
  return -1
}

function isTooShort(view: DataView, at: number, end: number): boolean {
  const type = option.type(view, at)
  const shortest = descriptions.get(type)?.[1]
  // a length that lies is another matter
  if (shortest === undefined || at + 2 > end) return false
  const length = option.length(view, at)
  if (length < 2 || at + length > end) return false
  if (length < shortest) return true
  if (type !== QUICK_START || length >= QUICK_START_LENGTH) return false
  const action = view.getUint8(at + 2) >> 4
  return action === 0 || action === QUICK_START_REPORT
}

/** An option that gives the hosts to pass, by all of which (strict) or by those among others (loose). */
export function isSourceRoute(type: number): boolean {
  return type === LOOSE_ROUTE || type === STRICT_ROUTE
}

const LOOSE_ROUTE = 131
const STRICT_ROUTE = 137
/** of a source route: type, length, pointer */
const ROUTE_HEADER = 3
const ADDRESS = 4

/** The option at `at`, `size` bytes long, is a source route whose pointer is at one of its addresses, so that it is in use. */
export function isRouteInUse(view: DataView, at: number, size: number): boolean {
  if (!isSourceRoute(option.type(view, at)) || size <= ROUTE_HEADER) return false
  const pointer = view.getUint8(at + 2)
  return pointer >= ADDRESS && pointer % ADDRESS === 0 && pointer <= size
}

/**
 * Calls `visit` with the place and size of each source route in the header [at, end), whether it is in use, and whether it is read:
 * what comes after an option that is too short is not.
 */
function eachRoute(
  view: DataView,
  at: number,
  end: number,
  visit: (at: number, size: number, isInUse: boolean, isRead: boolean) => void,
): void {
  let isRead = true
  const last = Math.min(end, at + headerLength(view, at))
  for (let next = at + FIXED_HEADER; next < last && option.type(view, next) !== END_OF_OPTIONS; ) {
    const size = optionSize(view, next, last)
    if (isSourceRoute(option.type(view, next))) {
      const isHonest = next + ROUTE_HEADER <= last && option.length(view, next) === size
      visit(next, size, isHonest && isRouteInUse(view, next, size), isRead)
    }
    isRead &&= !isTooShort(view, next, last)
    next += size
  }
}

/**
 * Offset of the address that the packet is bound for in the end: the destination of the header [at, end) or, where a source
 * route that is not used up leads it over other hosts first, the last address in that (RFC 791 §3.1). There may be one route; of
 * several the first counts, as for Wireshark.
 */
export function finalDestination(view: DataView, at: number, end: number): number {
  let place = -1
  eachRoute(view, at, end, (route, size, isInUse) => {
    if (place < 0) place = isInUse ? route + size - ADDRESS : at + DESTINATION
  })
  return place < 0 ? at + DESTINATION : place
}

/**
 * The destinations that Wireshark names: as above, and the end of every other route, but none of one that ends in the middle of an
 * address. The header's own, where the first route is in use, is the next hop.
 */
export function destinations(view: DataView, at: number, end: number): number[] {
  const places: number[] = []
  let isRouted: boolean | undefined
  eachRoute(view, at, end, (route, size, isInUse, isRead) => {
    isRouted ??= isInUse
    if (!isRead || !isInUse) return
    const isWhole = (size - ROUTE_HEADER) % ADDRESS === 0
    if (isWhole && view.getUint8(route + 2) <= size - ROUTE_HEADER) places.push(route + size - ADDRESS)
  })
  if (isRouted) return places
  const isWhole = at + headerLength(view, at) <= end
  return isWhole ? [at + DESTINATION, ...places] : [at + DESTINATION]
}

/** in the header */
const DESTINATION = 16
