/**
 * The clock of a pcapng interface: what one unit of its 64-bit timestamps is (if_tsresol) and what is added to them
 * (if_tsoffset). Exact, and without BigInt for the clocks that there are.
 */

const TWO_16 = 2 ** 16
const TWO_32 = 2 ** 32
const NANOSECONDS = 1_000_000_000n
/** of ten, by exponent */
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

export class Clock {
  /** the time read last; nanoseconds are 0 to 999,999,999 */
  seconds = 0
  nanoseconds = 0
  /** digits after the second that it resolves, 9 at most; 2^-n takes n of them too */
  readonly digits: number
  /** units in a second, and nanoseconds in a unit; units of 0: a resolution that only BigInt does exactly */
  readonly #units: number
  readonly #multiplier: number
  readonly #exactUnits: bigint
  readonly #offset: number
  /** the timestamp at which the second of the last time began; below zero at first, so that no time is past it */
  #secondHigh = -TWO_32
  #secondLow = 0

  /**
   * @param resolution the if_tsresol byte: 10^-n, or 2^-n with the highest bit set
   * @param offset seconds to add
   */
  constructor(resolution = 6, offset = 0) {
    const exponent = resolution & 0x7f
    const binary = resolution >= 0x80
    this.digits = Math.min(9, exponent)
    this.#exactUnits = (binary ? 2n : 10n) ** BigInt(exponent)
    this.#units = binary || exponent > 9 ? 0 : 10 ** exponent
    this.#multiplier = binary ? 0 : 10 ** (9 - exponent)
    this.#offset = offset
  }

  /** Reads the timestamp at `at`: its upper half, then its lower. */
  read(view: DataView, at: number, little: boolean): void {
    const high = view.getUint32(at, little)
    const low = view.getUint32(at + 4, little)
    // most packets come in the second of the one before: then only what is past its beginning counts
    const past = (high - this.#secondHigh) * TWO_32 + (low - this.#secondLow)
    if (past >= 0 && past < this.#units) {
      this.nanoseconds = past * this.#multiplier
    } else if (this.#units === 0) {
      this.#readExactly(high, low)
    } else {
      this.#divide(high, low)
    }
  }

  /** Long division in steps of 16 bits: no intermediate value exceeds 2^46, which a double holds exactly. */
  #divide(high: number, low: number): void {
    const units = this.#units
    const upper = Math.floor(high / units)
    const middleRest = (high % units) * TWO_16 + (low >>> 16)
    const middle = Math.floor(middleRest / units)
    const lowerRest = (middleRest % units) * TWO_16 + (low & 0xffff)
    const lower = Math.floor(lowerRest / units)
    const past = lowerRest % units
    this.seconds = upper * TWO_32 + middle * TWO_16 + lower + this.#offset
    this.nanoseconds = past * this.#multiplier
    this.#secondHigh = low >= past ? high : high - 1
    this.#secondLow = low >= past ? low - past : low - past + TWO_32
  }

  #readExactly(high: number, low: number): void {
    const units = this.#exactUnits
    const time = (BigInt(high) << 32n) | BigInt(low)
    this.seconds = Number(time / units) + this.#offset
    this.nanoseconds = Number(((time % units) * NANOSECONDS) / units)
  }
}

/**
 * Writes a time as a 64-bit timestamp at `at`, upper half first, in units of 10^-digits seconds. Times that such a
 * timestamp cannot hold, before 1970 or centuries ahead, are written as 0.
 */
export function writeTimestamp(view: DataView, at: number, seconds: number, nanoseconds: number, digits: number): void {
  const units = POWERS[digits] ?? 0
  const past = Math.floor(nanoseconds / (POWERS[9 - digits] ?? 1))
  // the seconds in two parts, so that no product exceeds 2^53
  const secondsUpper = Math.floor(seconds / TWO_16)
  const upper = secondsUpper * units
  const carry = Math.floor(upper / TWO_16)
  const lower = (seconds - secondsUpper * TWO_16) * units + past + (upper - carry * TWO_16) * TWO_16
  const high = carry + Math.floor(lower / TWO_32)
  const fits = high >= 0 && high < TWO_32
  view.setUint32(at, fits ? high : 0, true)
  view.setUint32(at + 4, fits ? lower - Math.floor(lower / TWO_32) * TWO_32 : 0, true)
}
