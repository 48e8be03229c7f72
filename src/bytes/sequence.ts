/**
 * TCP sequence arithmetic (RFC 9293 §3.4), and the only place in the project that has any. Sequence numbers are kept as
 * signed 32-bit integers, which V8 stores without a box: `| 0` what comes from the wire, `>>> 0` what goes to a person.
 */

/** `a` minus `b` on the circle: negative when `a` is before `b`. */
export function sequenceDifference(a: number, b: number): number {
  return (a - b) | 0
}

export function sequenceBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0
}

export function sequenceAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0
}

export function sequenceAdd(a: number, length: number): number {
  return (a + length) | 0
}
