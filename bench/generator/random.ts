/** Random numbers that are the same for the same seed on every machine: Chris Doty-Humphrey's sfc32, small and fast. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = ~seed
    this.#c = 0x9e3779b9 | 0
    // the first outputs still show the seed
    for (let i = 0; i < 12; i++) this.bits()
  }

  /** 32 bits, unsigned. */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor((this.bits() / 0x1_0000_0000) * (high - low + 1))
  }

  /** True once in `1 / probability` times. */
  chance(probability: number): boolean {
    return this.bits() < probability * 0x1_0000_0000
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.between(0, values.length - 1)]
    if (value === undefined) throw new RangeError('there is nothing to pick from')
    return value
  }

  /** One of the choices, each as often as its weight says. */
  weighted<T>(choices: readonly [Choice<T>, ...Choice<T>[]]): T {
    let left = (this.bits() / 0x1_0000_0000) * choices.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of choices) {
      left -= weight
      if (left < 0) return value
    }
    return choices[0][0]
  }
}

export type Choice<T> = readonly [value: T, weight: number]
