/** A reset that neither end sent: devices on the way end connections in the names of both (RFC 3360). */
import { has } from '../../timeline/flags.js'
import type { TcpRule } from './problem.js'

export const foreignReset: TcpRule = ({ packets }) => {
  for (const reset of packets) {
    const finding = reset.findings.find(({ name }) => name === 'foreign_reset')
    if (finding === undefined) continue
    const { from, frame } = reset
    // who has reset a connection has nothing more to say in it
    const next = packets.find((packet) => packet.from === from && packet.frame > frame && !has(packet, 'RST'))
    return {
      name: 'foreign reset',
      diagnosis: `the reset #${frame} is hardly the ${from}'s: ${finding.evidence}${next === undefined ? '' : `; the ${from} itself goes on (#${next.frame})`}`,
      frames: next === undefined ? [frame] : [frame, next.frame],
    }
  }
  return undefined
}
