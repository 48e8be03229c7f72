/** What a protocol's header consists of, for everything that explains a packet rather than follows it. */
import type { Field } from '../bytes/fields.js'

export interface Header {
  /** The fields that every header of the protocol has, in the order of their bits. */
  readonly fields: readonly Field[]
  /** The fields whose presence or place depends on the header's own values: options, addresses of any length. */
  readonly variable?: Variable
}

export interface Variable {
  /** Every key that `read` can give. */
  readonly keys: readonly string[]
  /**
   * The variable fields of the header in [at, end), none of which reaches past `end` unless the header was cut there. Where
   * only those named `key` are asked for, others may be left out.
   */
  readonly read: (view: DataView, at: number, end: number, key?: string) => Iterable<Placed>
}

/** A field that stands somewhere else than at its table's place: its bits count from `at`. */
export interface Placed {
  readonly field: Field
  readonly at: number
  /** What the field belongs to, when the table repeats: the option's name. */
  readonly group?: string
}

/** Fields that all count from the same place. */
export function* placedAt(at: number, fields: Iterable<Field>): Generator<Placed> {
  for (const field of fields) yield { field, at }
}
