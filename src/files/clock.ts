/**
 * The clock of a pcapng interface: what one unit of its 64-bit timestamps is (if_tsresol) and what is added to them
 * (if_tsoffset). Exact, and without BigInt for the clocks that there are.
 */

const TWO_32 = 2 ** 32
const NANOSECONDS = 1_000_000_000n

export class Clock {
  /** the time read last; nanoseconds are 0 to 999,999,999 */
  seconds = 0
  nanoseconds = 0
  /** digits after the second that it resolves, 9 at most */
  readonly digits: number
  /** units in a second, and nanoseconds in a unit; units of 0: a resolution that only BigInt does exactly */
  readonly #units: number
  readonly #multiplier: number
  readonly #exactUnits: bigint
  readonly #offset: number

  /**
   * @param resolution the if_tsresol byte: 10^-n, or 2^-n with the highest bit set
   * @param offset seconds to add
   */
  constructor(resolution = 6, offset = 0) {
    const exponent = resolution & 0x7f
    const binary = resolution >= 0x80
    this.digits = Math.min(9, binary ? Math.ceil(exponent * Math.log10(2)) : exponent)
    this.#exactUnits = (binary ? 2n : 10n) ** BigInt(exponent)
    this.#units = binary || exponent > 9 ? 0 : 10 ** exponent
    this.#multiplier = binary ? 0 : 10 ** (9 - exponent)
    this.#offset = offset
  }

  /** Reads a timestamp from its two halves, unsigned 32-bit each. */
  read(high: number, low: number): void {
    const units = this.#units
    if (units === 0) {
      this.#readExactly(high, low)
      return
    }
    // long division in steps of 16 bits: no intermediate value exceeds 2^46, which a double holds exactly
    const upper = Math.floor(high / units)
    const middleRest = (high - upper * units) * 65_536 + (low >>> 16)
    const middle = Math.floor(middleRest / units)
    const lowerRest = (middleRest - middle * units) * 65_536 + (low & 0xffff)
    const lower = Math.floor(lowerRest / units)
    this.seconds = upper * TWO_32 + middle * 65_536 + lower + this.#offset
    this.nanoseconds = (lowerRest - lower * units) * this.#multiplier
  }

  #readExactly(high: number, low: number): void {
    const units = this.#exactUnits
    const time = (BigInt(high) << 32n) | BigInt(low)
    this.seconds = Number(time / units) + this.#offset
    this.nanoseconds = Number(((time % units) * NANOSECONDS) / units)
  }
}
