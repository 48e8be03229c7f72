/** The TSval clock of one sender (RFC 7323 §4): a first and a latest reading, and when they were captured. */
import { record } from '../../record.js'

export class Stamps extends record(['any', 'last'], ['lastTime', 'firstTime'], ['first']) {
  add(timestamp: number, time: number): void {
    if (this.any === 0) {
      this.any = 1
      this.first = timestamp
      this.firstTime = time
    }
    this.last = timestamp
    this.lastTime = time
  }

  /** How long one tick lasts, ns; 0: not known. */
  get tick(): number {
    const ticks = (this.last - this.first) | 0
    const elapsed = this.lastTime - this.firstTime
    return ticks > 0 && elapsed > 0 ? elapsed / ticks : 0
  }
}
