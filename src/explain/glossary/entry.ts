/** A term of the field: what it means, and where it is defined. */
export interface Entry {
  readonly term: string
  /** other ways to write it; case, blanks and punctuation make no difference */
  readonly also?: readonly string[]
  /** how outputs write it, or what of it: found as well, and not listed with the others */
  readonly printedAs?: readonly string[]
  readonly text: string
  /** where it is defined: `RFC 9293 §3.5` */
  readonly source: string
  /** terms worth reading next */
  readonly see?: readonly string[]
}
