/** What is known of one direction, and of the session, when its segments are judged. */
import type { Flow } from './flow.js'
import { isDoubled } from './flow-state.js'
import type { Direction, Vantage } from './result.js'
import { learnTiming, type Timing } from './timing.js'
import { isCopy } from './verdict.js'

export class Scene {
  readonly vantage: Vantage
  readonly flow: Flow
  /** how soon the sender of this direction reacts to what passes towards it, and its receiver, ns; 0: not known */
  readonly senderReaction: number
  readonly receiverReaction: number
  /** its receiver seldom reacts sooner, ns; 0: not known */
  readonly soonestReport: number
  /** how long one tick of the sender's TSval clock lasts, ns; 0: not known */
  readonly tick: number
  /** the same of its receiver's */
  readonly receiverTick: number
  /** the capture has (nearly) every segment of this direction twice */
  readonly isDoubled: boolean
  /** the receiver takes selective acknowledgments (RFC 2018), and so does the sender mostly */
  readonly selective: boolean
  readonly timing: Timing

  /** `back` is the other direction. */
  constructor(vantage: Vantage, flow: Flow, back: Flow) {
    this.vantage = vantage
    this.flow = flow
    // a host that is here reacts at once: what mostly takes longer is its application, which has nothing to say
    const isHere = vantage.place === 'end' && vantage.end === flow.direction && back.answers.samples > 0
    this.senderReaction = isHere ? back.answers.shortest : back.answers.typical()
    this.receiverReaction = flow.answers.typical()
    this.soonestReport = flow.answers.soonest()
    this.tick = flow.stamps.tick
    this.receiverTick = back.stamps.tick
    this.isDoubled = isDoubled(flow, back)
    this.selective = back.takesSelective || (flow.trouble?.hasHeardSelective ?? false)
    this.timing = learnTiming(flow.anomalies, this.senderReaction, (anomaly) => isCopy(anomaly, this))
  }

  get direction(): Direction {
    return this.flow.direction
  }

  get roundTrip(): number {
    return this.senderReaction + this.receiverReaction
  }

  /** The capture is the sender's own: what it shows is what was sent, in the order of sending. */
  get isAtSender(): boolean {
    return this.vantage.place === 'one host' || this.vantage.end === this.direction
  }

  /** Whatever was captured did arrive. */
  get isAtReceiver(): boolean {
    return this.vantage.place === 'one host' || (this.vantage.place === 'end' && this.vantage.end !== this.direction)
  }
}
