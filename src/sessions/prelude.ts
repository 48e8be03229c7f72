/**
 * What came before a session's first packet and belongs to its story: the DNS look-up that gave the server's address, and
 * the ARP exchange that gave a neighbour's hardware address. A few recent ones are remembered, in rings.
 */
export interface Lookup {
  /** ns from the session's first packet to the answer: below zero */
  readonly time: number
  readonly queryFrame: number
  readonly answerFrame: number
  readonly name: string
}

export interface Resolution {
  /** ns from the session's first packet to the reply, or to the last request: below zero */
  readonly time: number
  /** requests sent */
  readonly requests: number
  readonly requestFrame: number
  /** 0: never answered */
  readonly replyFrame: number
  readonly address: string
  readonly hardware: string
}

export interface Prelude {
  lookup?: Lookup
  resolutions?: Resolution[]
}
