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

interface IcmpError {
  readonly version: 4 | 6
  readonly type: number
  readonly code: number
}

/** What an error means for who sends a packet; undefined where its words say it. */
export function icmpMeaning(error: IcmpError, protocol: 'tcp' | 'udp'): string | undefined {
  const { version, type, code } = error
  if (isRejection(error, protocol)) return 'a firewall rejects it'
  if (isLoop(error)) return 'routers send it round in a circle, unless it began with a small time to live'
  const [noWay, noHost] =
    version === 4
      ? ([
          [0, 6],
          [1, 7],
        ] as const)
      : ([[0], [3]] as const)
  if (type !== (version === 4 ? 3 : 1)) return undefined
  if (noWay.some((one) => one === code)) return 'a router knows no way to its network'
  return noHost.some((one) => one === code) ? 'a router does not find the host, or a firewall says so' : undefined
}

/** "Administratively prohibited", or a reject route. Of TCP also "port unreachable": a host itself would answer with a reset. */
export function isRejection(error: IcmpError, protocol: 'tcp' | 'udp'): boolean {
  const { version, type, code } = error
  if (protocol === 'tcp' && isPortUnreachable(error)) return true
  return version === 4
    ? type === 3 && (code === 9 || code === 10 || code === 13)
    : type === 1 && (code === 1 || code === 6)
}

export function isPortUnreachable({ version, type, code }: IcmpError): boolean {
  return version === 4 ? type === 3 && code === 3 : type === 1 && code === 4
}

/** "Time to live exceeded in transit". */
export function isLoop({ version, type, code }: IcmpError): boolean {
  return type === (version === 4 ? 11 : 3) && code === 0
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
