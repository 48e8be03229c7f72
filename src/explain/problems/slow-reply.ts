/** A program that takes its time: the request has arrived, and the answer is long in coming. Nothing is wrong with the network. */
import { formatDuration } from '../../bytes/units.js'
import type { PacketEvent } from '../../timeline/model.js'
import { isHttpRequest, type TcpRule } from './problem.js'

/** ns; a client of a server that takes one at a time may wait for its turn, and nothing is wrong. */
export const SLOW = 2e9
/** What is acknowledged within this, in ns, has arrived: no host delays an acknowledgment longer (RFC 9293 §3.8.6.3). */
const ACKNOWLEDGED = 500e6
/** With more exchanges than this, an answer is slow where most are so much faster: it may be that none was due. */
const FEW = 3
const FASTER = 10

interface Exchange {
  readonly request: PacketEvent
  /** what acknowledged it, before the answer */
  readonly acknowledgment: PacketEvent
  readonly reply: PacketEvent
  readonly time: number
}

export const slowReply: TcpRule = ({ packets, summary }) => {
  if (summary.assumed) return undefined
  const exchanges = exchangesOf(packets).sort((a, b) => b.time - a.time)
  const [slowest] = exchanges
  if (slowest === undefined || slowest.time < SLOW) return undefined
  const usual = exchanges[exchanges.length >> 1]?.time ?? 0
  const isOneOfMany = !isHttpRequest(slowest.request) && exchanges.length > FEW
  if (isOneOfMany && slowest.time < FASTER * usual) return undefined
  const { request, acknowledgment, reply, time } = slowest
  return {
    name: 'slow reply',
    diagnosis: `the server took ${formatDuration(time)} to answer #${request.frame}, which had arrived (#${acknowledgment.frame} acknowledges it after ${formatDuration(acknowledgment.time - request.time)}): until #${reply.frame} its program was busy, or waited for something${isOneOfMany ? ', or owed no answer' : ''}`,
    frames: [request.frame, acknowledgment.frame, reply.frame],
  }
}

/** What the client sent last before the server answered, each time; only where all of it went well on the way. */
function exchangesOf(packets: readonly PacketEvent[]): Exchange[] {
  const exchanges: Exchange[] = []
  let request: PacketEvent | undefined
  let acknowledgment: PacketEvent | undefined
  for (const packet of packets) {
    if (packet.from === 'client') {
      if (packet.length === 0) continue
      request = packet.truth === undefined ? packet : undefined
      acknowledgment = undefined
    } else if (packet.length === 0) {
      if (request?.acknowledgedBy === packet.frame) acknowledgment = packet
    } else {
      if (request !== undefined && acknowledgment !== undefined && packet.truth === undefined) {
        const isPrompt = acknowledgment.time - request.time <= ACKNOWLEDGED
        if (isPrompt) exchanges.push({ request, acknowledgment, reply: packet, time: packet.time - request.time })
      }
      request = acknowledgment = undefined
    }
  }
  return exchanges
}
