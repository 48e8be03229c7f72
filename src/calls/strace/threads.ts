/**
 * Which process a thread belongs to. strace names threads; a new one may speak before the `clone` that made it has returned,
 * and then only the calls that are under way can have made it.
 */
import { isThread } from './system-calls.js'

export class ThreadNames {
  /** process of each thread that is not its process's first */
  readonly #processes = new Map<number, number>()
  readonly #known = new Set<number>()
  /** clones that have not returned: by the thread that made them, the flags */
  readonly #cloning = new Map<number, string>()

  processOf(thread: number): number {
    return this.#processes.get(thread) ?? thread
  }

  /** A line of this thread came: decides, for a new one, what it is. */
  seen(thread: number): void {
    if (this.#known.has(thread)) return
    this.#known.add(thread)
    const makers = new Set<number>()
    for (const [maker, flags] of this.#cloning) {
      // that one may have made a process is no doubt to be had where all under way make threads
      if (!isThread(flags)) return
      makers.add(this.processOf(maker))
    }
    const [maker] = makers
    if (makers.size === 1 && maker !== undefined && maker !== thread) this.#processes.set(thread, maker)
  }

  cloning(thread: number, flags: string): void {
    this.#cloning.set(thread, flags)
  }

  cloned(thread: number, flags: string, made: number | undefined): void {
    this.#cloning.delete(thread)
    if (made === undefined || made <= 0) return
    this.#known.add(made)
    if (isThread(flags)) this.#processes.set(made, this.processOf(thread))
    else this.#processes.delete(made)
  }

  ended(thread: number): void {
    this.#cloning.delete(thread)
    this.#known.delete(thread)
    this.#processes.delete(thread)
  }
}
