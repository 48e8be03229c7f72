/** The times to live of what each end sends. A reset that has another may come from a device on the way, in that end's name. */
import { type Packet, RST } from '../packet.js'
import type { Side } from '../sessions/facts.js'
import type { Finding } from './model.js'

const UNSEEN = -1
/** packets of one end take ways of different lengths, or pass the capture twice */
const MIXED = -2

export class TimesToLive {
  /** per side, the one that all packets had so far but for resets */
  readonly #usual: [number, number] = [UNSEEN, UNSEEN]

  /** Takes a segment in that `side` sent. Returns what is remarkable about a reset. */
  take({ tcp, timeToLive }: Packet, side: Side): Finding | undefined {
    const usual = this.#usual[side]
    if ((tcp.flags & RST) === 0) {
      if (usual !== timeToLive) this.#usual[side] = usual === UNSEEN ? timeToLive : MIXED
      return undefined
    }
    if (usual < 0 || usual === timeToLive) return undefined
    return {
      name: 'foreign_reset',
      evidence: `its time to live is ${timeToLive}, and ${usual} that of all else from this end: a device on the way may have sent it (a firewall, a filter, one that translates addresses)`,
    }
  }
}
