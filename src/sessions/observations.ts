/** What the capture itself was like: how much there is, and what it could not see. */
import type { Unfinished } from '../decode/fragments.js'
import { type Packet, ProblemKind } from '../packet.js'

const TCP = 6
const UDP = 17

export class Observations {
  packets = 0
  /** bytes on the wire */
  bytes = 0
  firstSeconds = 0
  firstNanoseconds = 0
  lastSeconds = 0
  lastNanoseconds = 0
  /** packets that the snap length cut, and the fewest bytes that one was cut to */
  cut = 0
  shortest = 0
  /** how often the clock stepped back, and the first frame after the largest step (ns) */
  clockSteps = 0
  largestStep = 0
  largestStepFrame = 0
  /** packets whose lengths or values make no sense, and the first of them */
  malformed = 0
  firstMalformed = 0
  /** fragmented datagrams of which pieces never came, and the first fragment of any; known at the end */
  incomplete = 0
  firstIncomplete = 0
  /** the first of them, in words */
  unfinished: readonly Unfinished[] = []
  /** packets of neither TCP nor UDP */
  others = 0

  /** Takes in a packet, decoded. */
  observe(packet: Packet): void {
    this.observeFrame(packet)
    if (packet.problem.kind > ProblemKind.cut && this.malformed++ === 0) this.firstMalformed = packet.number
    if (packet.transportProtocol !== TCP && packet.transportProtocol !== UDP) this.others++
  }

  /** Takes in a frame of which nothing more need be known. */
  observeFrame(packet: Packet): void {
    const captured = packet.end - packet.start
    if (this.packets === 0) {
      this.firstSeconds = packet.seconds
      this.firstNanoseconds = packet.nanoseconds
    } else {
      const step = (packet.seconds - this.lastSeconds) * 1e9 + (packet.nanoseconds - this.lastNanoseconds)
      if (step < 0) this.#stepBack(packet.number, -step)
    }
    this.lastSeconds = packet.seconds
    this.lastNanoseconds = packet.nanoseconds
    this.packets++
    this.bytes += packet.originalLength
    if (captured < packet.originalLength) {
      if (this.cut++ === 0 || captured < this.shortest) this.shortest = captured
    }
  }

  #stepBack(frame: number, step: number): void {
    this.clockSteps++
    if (step <= this.largestStep) return
    this.largestStep = step
    this.largestStepFrame = frame
  }
}
