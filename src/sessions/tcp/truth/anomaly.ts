/** A data segment that was not simply the next one, with all that was known when it was captured and has been learned since. */

/** What the bytes were, when the segment was captured. */
export const Arrival = {
  /** some of them were missing: later data had overtaken them */
  fills: 0,
  /** all of them had been captured before */
  again: 1,
  /** they were new, and beyond all others: suspect for another reason */
  first: 2,
} as const
export type Arrival = (typeof Arrival)[keyof typeof Arrival]

/** How one segment stands to others in the order of sending, by one clock. `none`: the clock says nothing. */
export const Sent = { none: -2, before: -1, same: 0, after: 1 } as const
export type Sent = (typeof Sent)[keyof typeof Sent]

export class Anomaly {
  frame = 0
  time = 0
  direction: 0 | 1 = 0
  sequence = 0
  end = 0
  length = 0
  flags = 0
  arrival: Arrival = Arrival.again

  holeFrame = 0
  holeTime = 0
  signalFrame = 0
  signalTime = 0
  signals = 0

  /** the first and the latest earlier sighting of its bytes */
  firstFrame = 0
  firstTime = 0
  previousFrame = 0
  previousTime = 0
  previousPlace = 0
  place = 0
  /** its header is that of the latest earlier sighting, bit for bit */
  identical = false
  previous: Anomaly | undefined

  /** against every later byte's segment captured before it: sent after any of them? */
  byIdentification: Sent = Sent.none
  identificationWitness = 0
  byTimestamp: Sent = Sent.none
  timestampWitness = 0
  byAcknowledgment: Sent = Sent.none
  acknowledgmentWitness = 0
  /** against the latest earlier sighting of the same bytes */
  versusPreviousId: Sent = Sent.none
  versusPreviousTs: Sent = Sent.none
  identification = 0
  timestampValue = 0
  hasTimestamps = false

  // what the sender may have gone by
  sackedAbove = false
  sackFrame = 0
  duplicateAcks = 0
  duplicateAckFrame = 0
  isTail = false
  isOldest = false
  lastDataTime = 0
  lastAckTime = 0
  zeroWindowFrame = 0
  excess = 0

  // what came of it
  reportFrame = 0
  reportTime = 0
  reportEcho = 0
  dsackFrame = 0

  verdict: '' | 'retransmission' | 'out-of-order' | 'duplicate' = ''
  restsOnTiming = false
  why = ''
}
