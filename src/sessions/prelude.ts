/**
 * What came before a session's first packet and belongs to its story: the DNS look-up that gave the server's address, and
 * the ARP exchange that gave a neighbour's hardware address. A few recent ones are remembered, in rings.
 */
export interface Lookup {
  readonly name: string
  readonly queryFrame: number
  readonly answerFrame: number
  /** ns from the session's first packet to the answer: below zero */
  readonly time: number
}

/** A look-up that was answered, whichever sessions it belongs to. */
export interface KnownName {
  readonly name: string
  readonly queryFrame: number
  readonly answerFrame: number
  /** when the answer came; the two parts are kept apart so that differences are exact */
  readonly seconds: number
  readonly nanoseconds: number
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

/** Sessions share it where they can: most have a look-up, and the same one. */
export interface Prelude {
  readonly lookup?: KnownName
  readonly resolutions?: readonly Resolution[]
}

interface Begun {
  readonly startSeconds: number
  readonly startNanoseconds: number
}

/** ns from the session's first packet to the answer. */
export function lookupTime({ seconds, nanoseconds }: KnownName, { startSeconds, startNanoseconds }: Begun): number {
  return (seconds - startSeconds) * 1e9 + (nanoseconds - startNanoseconds)
}

/** The look-up that belongs to a session, as its story has it. */
export function lookupOf(session: Begun & { readonly prelude: Prelude | undefined }): Lookup | undefined {
  const known = session.prelude?.lookup
  if (known === undefined) return undefined
  const { name, queryFrame, answerFrame } = known
  return { name, queryFrame, answerFrame, time: lookupTime(known, session) }
}
