/** This host's connections in TIME_WAIT, as the kernel lists them: what a bind that failed just now may have found in its way. */
import { readFileSync } from 'node:fs'
import { formatIpv4, formatIpv6 } from '../bytes/addresses.js'

export interface WaitingConnection {
  /** `192.168.56.10:51717` */
  readonly local: string
  readonly peer: string
}

/** Of a line of /proc/net/tcp (proc(5)): local and remote end in hexadecimal, and state 06. */
const WAITING = /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) 06 /gm

const LISTENING = /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:0000 0A /gm

/** Those of ports that nobody listens at; none where the kernel does not tell. */
export function connectionsInTimeWait(): WaitingConnection[] {
  return waitingIn(['/proc/net/tcp', '/proc/net/tcp6'].map(read).join('\n'))
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function waitingIn(table: string): WaitingConnection[] {
  const taken = new Set([...table.matchAll(LISTENING)].map((match) => Number.parseInt(match[1] ?? '', 16)))
  const waiting = [...table.matchAll(WAITING)].map(([, local = '', port = '', peer = '', peerPort = '']) => ({
    local: nameOf(local, port),
    peer: nameOf(peer, peerPort),
  }))
  return waiting.filter(({ local }) => !taken.has(Number(local.slice(local.lastIndexOf(':') + 1))))
}

/** Each 32 bits of an address are a number of the host, printed: the least significant byte first, here. */
function nameOf(hex: string, port: string): string {
  const words = hex.match(/.{8}/g) ?? []
  const view = new DataView(new ArrayBuffer(hex.length / 2))
  for (const [index, word] of words.entries()) view.setUint32(index * 4, Number.parseInt(word, 16), true)
  const number = Number.parseInt(port, 16)
  // IPv4 through a socket of IPv6 (RFC 4291 §2.5.5.2)
  if (words.length === 4 && hex.startsWith('0000000000000000FFFF0000')) return `${formatIpv4(view, 12)}:${number}`
  return words.length === 4 ? `[${formatIpv6(view, 0)}]:${number}` : `${formatIpv4(view, 0)}:${number}`
}
