/**
 * A session's history in Zeek's letters (https://docs.zeek.org, conn.log): one a kind of event, in the order they first
 * happened, upper case for the client. s SYN, h SYN/ACK, a pure ACK, d data, f FIN, r RST, c bad checksum, t retransmitted
 * data, w zero window, i FIN with RST, q SYN with FIN or RST. c, t and w come again at the 10th, 100th, … time.
 */
const LETTERS = 'shadfrctwiq'
const COUNTED = 'ctw'

export class History {
  #text = ''
  #seen = 0
  /** how often the client's and the server's counted letters came */
  #counts: number[] | undefined

  reset(): void {
    this.#text = ''
    this.#seen = 0
    this.#counts = undefined
  }

  /** Adds a lower-case letter of the list above for what the client (or else the server) did. */
  add(letter: string, byClient: boolean): void {
    const index = LETTERS.indexOf(letter) * 2 + (byClient ? 0 : 1)
    const bit = 1 << index
    if ((this.#seen & bit) !== 0) {
      if (!COUNTED.includes(letter)) return
      this.#counts ??= []
      const count = (this.#counts[index] ?? 1) + 1
      this.#counts[index] = count
      if (!isPowerOfTen(count)) return
    }
    this.#seen |= bit
    this.#text += byClient ? letter.toUpperCase() : letter
  }

  /** Whether the letter was ever added for that end. */
  has(letter: string, byClient: boolean): boolean {
    return (this.#seen & (1 << (LETTERS.indexOf(letter) * 2 + (byClient ? 0 : 1)))) !== 0
  }

  toString(): string {
    return this.#text
  }
}

function isPowerOfTen(n: number): boolean {
  let power = 10
  while (power < n) power *= 10
  return power === n
}
