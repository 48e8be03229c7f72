/**
 * What routers have said of a direction's packets: that they do not fit the next network on their way, and were dropped (RFC 1191,
 * RFC 8201). Their sender sends the same bytes again at once, in smaller packets.
 */
import { sequenceAfter, sequenceBefore } from '../../../bytes/sequence.js'
import type { Anomaly } from './anomaly.js'

/** A sender that was told so sends again within this, ns: later, its timer may have run out. */
const AT_ONCE = 100e6
/** Of so many the bytes are remembered: whoever is told sends no more of them. */
const LIMIT = 32

interface Word {
  /** of the first byte of the packet */
  readonly sequence: number
  readonly frame: number
  readonly time: number
}

export class TooBig {
  readonly #words: Word[] = []
  /** the packet that was last sent again in pieces, and the word about it */
  #cutUp = 0
  #word: Word | undefined

  add(sequence: number, frame: number, time: number): void {
    this.#words.push({ sequence, frame, time })
    if (this.#words.length > LIMIT) this.#words.shift()
  }

  /** Writes down whether it was said of the segment's bytes, or else of others that were sent before it came again. */
  note(anomaly: Anomaly): void {
    const { sequence, end, time, previousFrame, previousTime } = anomaly
    if (previousFrame === 0) return
    for (const word of this.#words) {
      if (anomaly.isTooBig) return
      if (word.time < previousTime || time - word.time > AT_ONCE) continue
      // it was said of a packet by its first byte, of which the further pieces are
      const isFirst = !sequenceBefore(word.sequence, sequence) && sequenceAfter(end, word.sequence)
      const isOfIt = isFirst || (word === this.#word && previousFrame === this.#cutUp)
      if (anomaly.tooBigFrame !== 0 && !isOfIt) continue
      if (isFirst) {
        this.#cutUp = previousFrame
        this.#word = word
      }
      anomaly.tooBigFrame = word.frame
      anomaly.isTooBig = isOfIt
    }
  }
}
