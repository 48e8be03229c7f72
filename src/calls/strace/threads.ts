/**
 * Which process a thread belongs to. strace names threads; a new one may speak before the `clone` that made it has returned,
 * and then only the calls that are under way can have made it.
 */
import { isThread } from './system-calls.js'

/** Threads whose calls are under way at the same time: more than a machine runs. */
export const MAX_THREADS = 1 << 17
/** Threads that have not ended: of more, each line is taken as that of a new one. */
const MAX_KNOWN = 1 << 20

export class ThreadNames {
  /** process of each thread that is not its process's first */
  readonly #processes = new Map<number, number>()
  readonly #known = new Set<number>()
  /** clones that have not returned: by the thread that made them, whether they make a thread */
  readonly #cloning = new Map<number, boolean>()
  /** of these, those that may have made a process; and those that make threads, counted by their process */
  #forking = 0
  readonly #makers = new Map<number, number>()

  processOf(thread: number): number {
    return this.#processes.get(thread) ?? thread
  }

  /** A line of this thread came: decides, for a new one, what it is. */
  seen(thread: number): void {
    if (this.#known.has(thread)) return
    if (this.#known.size >= MAX_KNOWN) return
    this.#known.add(thread)
    // that one may have made a process is no doubt to be had where all under way make threads, of one process
    const [maker] = this.#forking === 0 && this.#makers.size === 1 ? this.#makers.keys() : []
    if (maker !== undefined && maker !== thread) this.#belongs(thread, maker)
  }

  cloning(thread: number, flags: string): void {
    this.#count(thread, -1)
    if (this.#cloning.size < MAX_THREADS || this.#cloning.has(thread)) this.#cloning.set(thread, isThread(flags))
    this.#count(thread, 1)
  }

  cloned(thread: number, flags: string, made: number | undefined): void {
    this.#returned(thread)
    if (made === undefined || made <= 0) return
    if (this.#known.size >= MAX_KNOWN && !this.#known.has(made)) return
    this.#known.add(made)
    this.#belongs(made, isThread(flags) ? this.processOf(thread) : made)
  }

  ended(thread: number): void {
    this.#returned(thread)
    this.#known.delete(thread)
    this.#processes.delete(thread)
  }

  #returned(thread: number): void {
    this.#count(thread, -1)
    this.#cloning.delete(thread)
  }

  #belongs(thread: number, process: number): void {
    this.#count(thread, -1)
    if (process === thread) this.#processes.delete(thread)
    else this.#processes.set(thread, process)
    this.#count(thread, 1)
  }

  /** Counts the clone that a thread has under way, if there is one, or no longer. */
  #count(thread: number, by: 1 | -1): void {
    const makesThread = this.#cloning.get(thread)
    if (makesThread === undefined) return
    if (!makesThread) {
      this.#forking += by
      return
    }
    const process = this.processOf(thread)
    const count = (this.#makers.get(process) ?? 0) + by
    if (count > 0) this.#makers.set(process, count)
    else this.#makers.delete(process)
  }
}
