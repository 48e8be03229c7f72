/** DHCP (RFC 2131): which hosts asked for an address, and got none. */
import { formatMac } from '../bytes/addresses.js'
import type { Packet } from '../packet.js'
import { remember } from './kept.js'

const SERVER_PORT = 67
const CLIENT_PORT = 68
const REQUEST = 1
// where the header has what is needed (RFC 2131 §2), and what stands before the options
const HARDWARE = 28
const COOKIE_AT = 236
const COOKIE = 0x63825363
/** option 53, of one byte (RFC 2132 §9.6) */
const MESSAGE_TYPE = 0x3501
const DISCOVER = 1

/** A host that looks for a DHCP server. */
export interface LeaseRequest {
  /** its hardware address */
  readonly hardware: string
  readonly requests: number
  readonly firstFrame: number
}

export class Leases {
  /** by hardware address: the questions since the last answer */
  readonly #open = new Map<string, LeaseRequest>()

  /** A UDP packet: remembers it when it looks for a DHCP server, or answers who did. */
  observe({ view, payload, payloadEnd, sourcePort, destinationPort, number }: Packet): void {
    const isDhcp =
      (sourcePort === CLIENT_PORT && destinationPort === SERVER_PORT) ||
      (sourcePort === SERVER_PORT && (destinationPort === CLIENT_PORT || destinationPort === SERVER_PORT))
    if (!isDhcp || payloadEnd - payload < COOKIE_AT + 7 || view.getUint32(payload + COOKIE_AT) !== COOKIE) return
    const hardware = formatMac(view, payload + HARDWARE)
    // the message type is the first option nearly everywhere
    const option = payload + COOKIE_AT + 4
    const type = view.getUint16(option) === MESSAGE_TYPE ? view.getUint8(option + 2) : 0
    // who goes on to take an address was offered one, though the offer went to that host alone
    if (view.getUint8(payload) !== REQUEST || type !== DISCOVER) {
      this.#open.delete(hardware)
      return
    }
    const { requests = 0, firstFrame = number } = this.#open.get(hardware) ?? {}
    remember(this.#open, hardware, { hardware, requests: requests + 1, firstFrame })
  }

  /** Hosts that no server has answered, among those remembered. */
  unanswered(): LeaseRequest[] {
    return [...this.#open.values()]
  }
}
