/** The fields that say what a packet is in its session: Wireshark's by its names, ours under `synopsis.`. */
import { formatSeconds } from '../bytes/time.js'
import { eachSackEdge } from '../decode/tcp-options.js'
import { FIN, type Packet, SYN } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import { icmpOf } from '../sessions/icmp.js'
import { phaseName } from '../sessions/phases.js'
import { stateName } from '../sessions/tcp/states.js'
import { Analysis, analysisFields, type WiresharkResult } from '../sessions/tcp/wireshark/result.js'
import type { ByteWriter } from './byte-writer.js'

interface SessionField {
  readonly write: (packet: Packet, facts: PacketFacts, out: ByteWriter) => void
  readonly numeric: boolean
}

const TCP = 6
const UDP = 17
const ONE = 0x31
const COMMA = 0x2c

/** A number that is there for every TCP segment. */
function ofSegment(read: (seen: WiresharkResult) => number): SessionField {
  return {
    numeric: true,
    write: (packet, facts, out) => {
      if (packet.transportProtocol === TCP) out.unsigned(read(facts.wireshark))
    },
  }
}

const SHORTEST_HEADER = 20

/** A number that tshark prints after the header length, which it goes no further than when that makes no sense. */
function afterLength(read: (seen: WiresharkResult) => number): SessionField {
  const { write } = ofSegment(read)
  return {
    numeric: true,
    write: (packet, facts, out) => {
      if (packet.tcp.headerLength >= SHORTEST_HEADER) write(packet, facts, out)
    },
  }
}

/** A number that is there unless it is 0. */
function unlessZero(read: (seen: WiresharkResult) => number): SessionField {
  return {
    numeric: true,
    write: (packet, facts, out) => {
      if (packet.transportProtocol !== TCP) return
      const value = read(facts.wireshark)
      if (value !== 0) out.unsigned(value)
    },
  }
}

/** The ACK that is repeated: 0, as tshark prints it, when a loss of count has forgotten which. */
const ofDuplicateAck: SessionField = {
  numeric: true,
  write: (packet, { wireshark }, out) => {
    if (packet.transportProtocol === TCP && wireshark.duplicateAckNumber > 0) out.unsigned(wireshark.duplicateAckFrame)
  },
}

/** An interval in ns, written in seconds, that is there unless it is 0. */
function interval(read: (seen: WiresharkResult) => number): SessionField {
  return {
    numeric: false,
    write: (packet, facts, out) => {
      if (packet.transportProtocol !== TCP) return
      const value = read(facts.wireshark)
      if (value !== 0) out.ascii(formatSeconds(value, 9))
    },
  }
}

/** A field without a value: 1 where it is there. */
function presence(bit: number): SessionField {
  return {
    numeric: true,
    write: (packet, facts, out) => {
      if (packet.transportProtocol !== TCP || (facts.wireshark.flags & bit) === 0) return
      out.byte(ONE)
      // tshark has it in two places
      if (bit === Analysis.duplicateAck) out.ascii(',1')
    },
  }
}

/** tshark has Fast Open's beside the option, and the others together under one heading, which is a field, too. */
const UNDER_FLAGS = ~(Analysis.fastOpenSyn | Analysis.fastOpenAck | Analysis.fastOpenIgnored)

/** A heading without a value: 1 where there is anything below it. */
function heading(isThere: (seen: WiresharkResult) => boolean): SessionField {
  return {
    numeric: true,
    write: (packet, { wireshark }, out) => {
      if (packet.transportProtocol === TCP && isThere(wireshark)) out.byte(ONE)
    },
  }
}

/** SACK blocks are in the other direction's numbers: relative to what the acknowledgment is relative to. */
function sackEdge(right: 0 | 1): SessionField {
  return {
    numeric: true,
    write: (packet, facts, out) => {
      if (packet.transportProtocol !== TCP) return
      const base = facts.wireshark.selectiveBase
      let isFirst = true
      eachSackEdge(packet, right, (edge) => {
        if (!isFirst) out.byte(COMMA)
        isFirst = false
        out.unsigned((edge - base) >>> 0)
      })
    },
  }
}

/** An interval in ns that is there for every packet of a TCP session, also when it is 0. */
function sessionTime(transport: number, read: (facts: PacketFacts) => number): SessionField {
  return {
    numeric: false,
    write: (packet, facts, out) => {
      if (packet.transportProtocol === transport && facts.session !== undefined)
        out.ascii(formatSeconds(read(facts), 9))
    },
  }
}

/** The number of the packet's session, or of that whose packet an ICMP error quotes. */
function stream(transport: number): SessionField {
  return {
    numeric: true,
    write: (packet, { stream, tunnels }, out) => {
      const isOwn = packet.transportProtocol === transport
      const isShown = isOwn || (packet.hasQuoted && icmpOf(packet)?.quotedProtocol === transport)
      const outer = transport === UDP ? tunnels : NONE
      for (let index = 0; index < outer.length; index++) {
        if (index > 0) out.byte(COMMA)
        out.unsigned(outer[index] ?? 0)
      }
      if (stream < 0 || !isShown) return
      if (outer.length > 0) out.byte(COMMA)
      out.unsigned(stream)
    },
  }
}

const NONE: readonly number[] = []

/** Text about a packet that belongs to a session. */
function ofSession(read: (facts: PacketFacts) => string): SessionField {
  return { numeric: false, write: (_packet, facts, out) => out.ascii(read(facts)) }
}

export const sessionFields: ReadonlyMap<string, SessionField> = new Map<string, SessionField>([
  ['tcp.stream', stream(TCP)],
  ['udp.stream', stream(UDP)],
  ['tcp.seq', ofSegment((seen) => seen.relativeSequence)],
  ['tcp.ack', afterLength((seen) => seen.relativeAcknowledgment)],
  ['tcp.window_size', afterLength((seen) => seen.scaledWindow)],
  ['tcp.completeness', ofSegment((seen) => seen.completeness)],
  ['tcp.nxtseq', { numeric: true, write: writeNextSequence }],
  ['tcp.time_relative', sessionTime(TCP, (facts) => facts.time)],
  ['tcp.time_delta', sessionTime(TCP, (facts) => facts.gap)],
  ['udp.time_relative', sessionTime(UDP, (facts) => facts.time)],
  ['udp.time_delta', sessionTime(UDP, (facts) => facts.gap)],
  ['tcp.options.sack_le', sackEdge(0)],
  ['tcp.options.sack_re', sackEdge(1)],
  ['tcp.analysis', heading((seen) => seen.hasAnalysis)],
  ['tcp.analysis.flags', heading((seen) => (seen.flags & UNDER_FLAGS) !== 0)],
  ['tcp.analysis.initial_rtt', interval((seen) => seen.initialRtt)],
  ['tcp.analysis.acks_frame', unlessZero((seen) => seen.acksFrame)],
  ['tcp.analysis.ack_rtt', interval((seen) => seen.ackRtt)],
  ['tcp.analysis.bytes_in_flight', unlessZero((seen) => seen.bytesInFlight)],
  ['tcp.analysis.push_bytes_sent', unlessZero((seen) => seen.pushBytesSent)],
  ['tcp.analysis.rto', interval((seen) => seen.rto)],
  ['tcp.analysis.rto_frame', unlessZero((seen) => seen.rtoFrame)],
  ['tcp.analysis.duplicate_ack_num', unlessZero((seen) => seen.duplicateAckNumber)],
  ['tcp.analysis.duplicate_ack_frame', ofDuplicateAck],
  ...[...analysisFields].map(([name, bit]) => [name, presence(bit)] as const),
  [
    'synopsis.session',
    ofSession((facts) => (facts.session ? `${facts.session.protocol}:${facts.session.number}` : '')),
  ],
  ['synopsis.phase', ofSession((facts) => (facts.session ? phaseName(facts.phase) : ''))],
  ['synopsis.state.client', ofSession((facts) => stateOf(facts, 'client'))],
  ['synopsis.state.server', ofSession((facts) => stateOf(facts, 'server'))],
  ['synopsis.verdict', ofSession((facts) => facts.truth?.verdict ?? '')],
])

/** The sequence number that follows the segment: a SYN and a FIN take one each. */
function writeNextSequence(packet: Packet, facts: PacketFacts, out: ByteWriter): void {
  const { flags, length, lengthKnown } = packet.tcp
  if (packet.transportProtocol !== TCP || !lengthKnown) return
  const taken = length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0)
  out.unsigned((facts.wireshark.relativeSequence + taken) >>> 0)
}

function stateOf({ session }: PacketFacts, role: 'client' | 'server'): string {
  return session?.protocol === 'tcp' ? stateName(session[role].state) : ''
}
