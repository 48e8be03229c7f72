/**
 * A session's history in Zeek's letters (https://docs.zeek.org, conn.log): one a kind of event, in the order they first
 * happened, upper case for the client. Those of `COUNTED` come again at the 10th, 100th, … time.
 */
export const Letter = {
  syn: 0,
  synAck: 1,
  pureAck: 2,
  data: 3,
  fin: 4,
  rst: 5,
  badChecksum: 6,
  retransmission: 7,
  zeroWindow: 8,
  /** FIN with RST */
  inconsistent: 9,
  /** SYN with FIN or RST */
  multipleFlags: 10,
} as const
export type Letter = (typeof Letter)[keyof typeof Letter]

const LETTERS = 'shadfrctwiq'
/** what makes a letter of ASCII a capital */
const UPPER_CASE = ~0x20

/** The bit that says, in a record of what was seen, that an end has done this. */
export function historyBit(letter: Letter, byClient: boolean): number {
  return 1 << historyCode(letter, byClient)
}

/** A letter of one end as a small integer; six fit into a signed 32-bit word. */
export function historyCode(letter: Letter, byClient: boolean): number {
  return letter * 2 + (byClient ? 0 : 1)
}
export const LETTER_BITS = 5
export const LETTER_MASK = 0x1f
export const LETTERS_A_WORD = 6

/** A letter's character code. */
export function historyLetter(code: number): number {
  const letter = LETTERS.charCodeAt(code >> 1)
  return (code & 1) === 0 ? letter & UPPER_CASE : letter
}

/** Whether the counted letters come again at this count. */
export function isPowerOfTen(count: number): boolean {
  let power = 10
  while (power < count) power *= 10
  return power === count
}
