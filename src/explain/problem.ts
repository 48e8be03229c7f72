/** What stopped a decoder, in words: what, where, how much was needed and how much there was. */
import { countOf } from '../bytes/units.js'
import { protocolTitle } from '../decode/protocols.js'
import { type Packet, ProblemKind } from '../packet.js'

/** One sentence; undefined when nothing is wrong with the packet. */
export function explainProblem(packet: Packet): string | undefined {
  const { kind, layer, field, needed, available, bound } = packet.problem
  if (kind === ProblemKind.none) return undefined
  const protocol = protocolTitle(packet.layerProtocol[layer] ?? 0)
  const at = packet.problem.offset - (packet.layerStart[layer] ?? 0)
  switch (kind) {
    case ProblemKind.cut:
      return `${protocol}: cut by the capture: ${field} needs ${countOf(needed, 'byte')} from byte ${at} on, ${available} were kept`
    case ProblemKind.lyingLength:
      return `${protocol}: ${field} asks for ${countOf(needed, 'byte')} from byte ${at} on, and ${whatBounds(packet, bound)} leaves ${available}`
    case ProblemKind.badValue:
      return `${protocol}: ${field} (byte ${at}) has a value that makes no sense there`
  }
}

function whatBounds(packet: Packet, bound: number): string {
  return bound < 0 ? 'the frame' : `the length that ${protocolTitle(packet.layerProtocol[bound] ?? 0)} gives`
}
