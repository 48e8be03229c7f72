/** ICMP errors in words (RFC 792, RFC 1122 §3.2.2, RFC 1812 §5.2.7; RFC 4443 for ICMPv6). */
import type { SessionSummary } from '../sessions/summary.js'
import { framesOf } from './frames.js'

const UNREACHABLE: readonly string[] = [
  'network unreachable',
  'host unreachable',
  'protocol unreachable',
  'port unreachable',
  'fragmentation needed and DF set',
  'source route failed',
  'destination network unknown',
  'destination host unknown',
  'source host isolated',
  'network administratively prohibited',
  'host administratively prohibited',
  'network unreachable for this type of service',
  'host unreachable for this type of service',
  'communication administratively prohibited',
  'host precedence violation',
  'precedence cutoff in effect',
]

const REDIRECT: readonly string[] = [
  'redirect for the network',
  'redirect for the host',
  'redirect for the type of service and network',
  'redirect for the type of service and host',
]

const UNREACHABLE_V6: readonly string[] = [
  'no route to destination',
  'communication administratively prohibited',
  'beyond the scope of the source address',
  'address unreachable',
  'port unreachable',
  'source address failed ingress policy',
  'route rejected',
  'error in the source routing header',
]

const PARAMETER_V6: readonly string[] = [
  'erroneous header field',
  'unrecognized next header',
  'unrecognized IPv6 option',
  'incomplete first fragment',
]

/** The ICMP errors about a session, one sentence for each kind: which frames, what they say, about whom. */
export function explainIcmpErrors(summary: SessionSummary): string[] {
  const kinds = new Map<string, number[]>()
  for (const { frame, version, type, code, about } of summary.icmpErrors ?? []) {
    const kind = `"${icmpMessage(version, type, code)}" about what the ${about} sent`
    kinds.set(kind, [...(kinds.get(kind) ?? []), frame])
  }
  return [...kinds].map(([kind, frames]) => `ICMP says ${kind}${framesOf(frames)}`)
}

/** What an error message says; of one that is not known, its type and code. */
export function icmpMessage(version: 4 | 6, type: number, code: number): string {
  return (version === 4 ? messageV4(type, code) : messageV6(type, code)) ?? `type ${type}, code ${code}`
}

function messageV4(type: number, code: number): string | undefined {
  switch (type) {
    case 3:
      return UNREACHABLE[code]
    case 4:
      return 'source quench'
    case 5:
      return REDIRECT[code]
    case 11:
      return code === 0 ? 'time to live exceeded in transit' : 'fragment reassembly time exceeded'
    case 12:
      return code === 1 ? 'a required option is missing' : code === 2 ? 'bad length' : 'bad header field'
    default:
      return undefined
  }
}

function messageV6(type: number, code: number): string | undefined {
  switch (type) {
    case 1:
      return UNREACHABLE_V6[code]
    case 2:
      return 'packet too big'
    case 3:
      return code === 0 ? 'hop limit exceeded in transit' : 'fragment reassembly time exceeded'
    case 4:
      return PARAMETER_V6[code]
    default:
      return undefined
  }
}
