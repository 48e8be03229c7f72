/**
 * Records in one typed array, with names. A session under analysis is a few hundred bytes; as JavaScript objects they
 * would lie scattered over twenty cache lines, and with thousands of sessions open every packet would wait for memory.
 * Here the numbers of one session lie side by side, cost the garbage collector nothing, and still read as fields:
 *
 *     class Endpoint extends record(['state', 'packets'], ['bytes']) {}
 *     const endpoint = new Endpoint(slab)
 *     endpoint.at = slab.offset(slot)   // stands for that slot's record from now on
 *     endpoint.packets++
 *
 * One object stands for one record at a time: whoever needs two at once makes two objects.
 */

/** Words in a cache line: records begin at one, so that what lies together is fetched together. */
export const CACHE_LINE = 16

/**
 * What is large lies 16 bytes behind the beginning of a page of memory, behind the allocator's own header (glibc's; elsewhere records
 * may straddle lines, which costs time and nothing else). So many bytes further a cache line begins.
 */
const TO_CACHE_LINE = 48

/** The memory of many records of the same size: slot after slot. It grows; nothing may keep `ints` or `floats`. */
export class Slab {
  ints: Int32Array<ArrayBuffer>
  /** the same bytes, for the fields that need more than 32 bits: times and byte counts */
  floats: Float64Array<ArrayBuffer>
  /** 32-bit words from one record to the next */
  readonly words: number

  constructor(words: number, slots = 64) {
    this.words = Math.ceil(words / CACHE_LINE) * CACHE_LINE
    const length = this.words * slots
    const memory = new ArrayBuffer(TO_CACHE_LINE + 4 * length)
    this.ints = new Int32Array(memory, TO_CACHE_LINE, length)
    this.floats = new Float64Array(memory, TO_CACHE_LINE, length >> 1)
  }

  /** Where the record of a slot begins, in words. */
  offset(slot: number): number {
    return slot * this.words
  }

  /** Makes sure that the slot exists. */
  reserve(slot: number): void {
    while (this.offset(slot) >= this.ints.length) this.#grow()
  }

  /** Makes sure that the slot exists, and sets all its fields to 0. */
  clear(slot: number): void {
    const at = this.offset(slot)
    if (at >= this.ints.length) this.#grow()
    else this.ints.fill(0, at, at + this.words)
  }

  #grow(): void {
    const length = 2 * this.ints.length
    const memory = new ArrayBuffer(TO_CACHE_LINE + 4 * length)
    const ints = new Int32Array(memory, TO_CACHE_LINE, length)
    ints.set(this.ints)
    this.ints = ints
    this.floats = new Float64Array(memory, TO_CACHE_LINE, length >> 1)
  }
}

export interface Flyweight {
  readonly slab: Slab
  /** where its record begins in the slab, in words; even */
  at: number
}

export type RecordClass<I extends string, F extends string> = {
  new (slab: Slab): Flyweight & Record<I | F, number>
  /** 32-bit words that a record takes */
  readonly words: number
  /**
   * Where the fields are, for the few places that every packet passes: an int at `slab.ints[at + offset]`, a float at
   * `slab.floats[(at >> 1) + offset]`.
   */
  readonly offsets: Readonly<Record<I | F, number>>
}

/**
 * A class whose fields are numbers in a slab: signed 32-bit `ints`, in this order, then 64-bit `floats`, then `moreInts`: those that
 * are needed less often, where the first two fill cache lines.
 */
export function record<const I extends string, const F extends string, const M extends string = never>(
  ints: readonly I[],
  floats: readonly F[],
  moreInts: readonly M[] = [],
): RecordClass<I | M, F> {
  const offsets = new Map<string, number>()
  const first = even(ints.length) >> 1
  const more = 2 * (first + floats.length)
  ints.forEach((name, offset) => {
    offsets.set(name, offset)
  })
  floats.forEach((name, index) => {
    offsets.set(name, first + index)
  })
  moreInts.forEach((name, index) => {
    offsets.set(name, more + index)
  })
  class Fields implements Flyweight {
    static readonly words = more + even(moreInts.length)
    static readonly offsets: Readonly<Record<string, number>> = literal(offsets)
    readonly slab: Slab
    at = 0

    constructor(slab: Slab) {
      this.slab = slab
    }
  }
  for (const [name, offset] of offsets) {
    const isFloat = (floats as readonly string[]).includes(name)
    define(
      Fields.prototype,
      name,
      isFloat ? `this.slab.floats[(this.at >> 1) + ${offset}]` : `this.slab.ints[this.at + ${offset}]`,
    )
  }
  // the accessors that were just defined are what the type says
  return Fields as unknown as RecordClass<I | M, F>
}

/** As if it were written out: V8 takes the numbers of such an object for constants; one that grew by name is a table it searches. */
function literal(numbers: ReadonlyMap<string, number>): Record<string, number> {
  const members = [...numbers].map(([name, number]) => `${name}: ${number}`)
  return new Function(`return { ${members.join(', ')} }`)() as Record<string, number>
}

function even(words: number): number {
  return words + (words & 1)
}

/**
 * Defines the accessors of a field. Each is a function of its own source: closures of one source share what V8 learns of the
 * objects that they are called on, and those of all records together would be too many kinds for it to be fast with any
 * (measured: 2 to 9 % of the processor time of following sessions, on a busy machine).
 */
function define(prototype: object, name: string, place: string): void {
  Object.defineProperty(prototype, name, {
    get: new Function(`return ${place}`) as () => number,
    set: new Function('value', `${place} = value`) as (value: number) => void,
  })
}
