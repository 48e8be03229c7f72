/** Counts that one thread keeps and others look at. */
import type { Statistics } from './handle.js'

const Count = { captured: 0, written: 1, bytes: 2, interfaces: 3 } as const
const PER_INTERFACE = 3

export class Counters {
  readonly #counts: BigInt64Array

  static allocate(interfaces: number): SharedArrayBuffer {
    return new SharedArrayBuffer(8 * (Count.interfaces + PER_INTERFACE * interfaces))
  }

  constructor(memory: SharedArrayBuffer) {
    this.#counts = new BigInt64Array(memory)
  }

  #get(index: number): number {
    return Number(Atomics.load(this.#counts, index))
  }

  #set(index: number, value: number): void {
    Atomics.store(this.#counts, index, BigInt(value))
  }

  /** frames taken from the kernel */
  get captured(): number {
    return this.#get(Count.captured)
  }

  set captured(value: number) {
    this.#set(Count.captured, value)
  }

  /** frames that the output file took, or files */
  get written(): number {
    return this.#get(Count.written)
  }

  set written(value: number) {
    this.#set(Count.written, value)
  }

  /** bytes of the output file, or files */
  get bytes(): number {
    return this.#get(Count.bytes)
  }

  set bytes(value: number) {
    this.#set(Count.bytes, value)
  }

  statistics(id: number): Statistics {
    const at = Count.interfaces + PER_INTERFACE * id
    return {
      received: this.#get(at),
      droppedByKernel: this.#get(at + 1),
      droppedByInterface: this.#get(at + 2),
    }
  }

  setStatistics(id: number, { received, droppedByKernel, droppedByInterface }: Statistics): void {
    const at = Count.interfaces + PER_INTERFACE * id
    this.#set(at, received)
    this.#set(at + 1, droppedByKernel)
    this.#set(at + 2, droppedByInterface)
  }
}
