/** An echo (RFC 862): what one side sent comes back from the other, byte for byte. */

/** Longer payloads are not compared: a line that a person typed is short. */
const LONGEST = 4096

/** Watches the payloads of one session. */
export class EchoWatch {
  readonly #last: [Uint8Array, Uint8Array] = [EMPTY, EMPTY]

  /** Takes in the payload [from, to) of `side`'s packet; true when it is just what the other side sent last. */
  see(side: 0 | 1, view: DataView, from: number, to: number): boolean {
    const length = to - from
    const isComparable = length > 0 && length <= LONGEST
    const payload = isComparable ? new Uint8Array(view.buffer, view.byteOffset + from, length) : EMPTY
    const other = this.#last[side === 0 ? 1 : 0]
    const isEcho = isComparable && other.length === length && other.every((byte, index) => byte === payload[index])
    // an empty payload, an acknowledgment, is nothing new
    if (length > 0) this.#last[side] = payload.slice()
    return isEcho
  }
}

const EMPTY = new Uint8Array(0)
