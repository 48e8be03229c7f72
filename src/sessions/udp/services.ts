/** What port numbers tell of a UDP conversation. */

/**
 * Services that answer every request, and from the same port: echo, daytime, chargen, time, DNS, portmapper, NTP, SNMP, RADIUS and the
 * lab's. Not TFTP, whose answer comes from another port (RFC 1350 §4).
 */
const ANSWERING: ReadonlySet<number> = new Set([7, 13, 19, 37, 53, 111, 123, 161, 1812, 1813, 9877, 51717, 51718])

/** Clients of RPC take a port from here on, which shows that they are root (bindresvport(3)); below are servers. */
const RESERVED_FOR_CLIENTS = 600
const UNPRIVILEGED = 1024

/** Server and client port of DHCP (RFC 2131 §4.1) and of DHCPv6 (RFC 8415 §7.2). */
const CONFIGURATION: ReadonlyMap<number, number> = new Map([
  [67, 68],
  [547, 546],
])
/** Who is asked here is asked by multicast, and answers with a datagram to the one who asked: SSDP, mDNS, LLMNR. */
const DISCOVERY: ReadonlySet<number> = new Set([1900, 5353, 5355])

export function answersEverything(port: number): boolean {
  return ANSWERING.has(port)
}

/** A server sends it, to somebody who had asked everybody: the two ports are enough to know, and the request is no part of this. */
export function answersGroup(from: number, to: number): boolean {
  return CONFIGURATION.get(from) === to || (DISCOVERY.has(from) && to >= UNPRIVILEGED && !DISCOVERY.has(to))
}

/** A server sends it, as far as its port tells: the request before it was not captured. */
export function looksLikeReply(from: number, to: number): boolean {
  return from < RESERVED_FOR_CLIENTS && to >= UNPRIVILEGED
}
