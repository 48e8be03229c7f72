/** What one epoll waits for: by the data that `epoll_wait` will tell, the descriptor, as `epoll_ctl` registered it. */

/** Descriptors of one epoll that are kept: more than programs open, unless they were made to. */
const MOST_REGISTERED = 1 << 14

/** A descriptor has one piece of data and the data one descriptor: the last one that was given it. */
export class Epoll {
  readonly #byData = new Map<string, number>()
  readonly #byDescriptor = new Map<number, string>()

  /** `data` is undefined where the descriptor is taken out. */
  register(descriptor: number, data: string | undefined): void {
    const before = this.#byDescriptor.get(descriptor)
    if (before !== undefined) {
      this.#byData.delete(before)
      this.#byDescriptor.delete(descriptor)
    }
    if (data === undefined) return
    const another = this.#byData.get(data)
    if (another !== undefined) this.#byDescriptor.delete(another)
    else if (this.#byData.size >= MOST_REGISTERED) return
    this.#byData.set(data, descriptor)
    this.#byDescriptor.set(descriptor, data)
  }

  descriptorOf(data: string): number | undefined {
    return this.#byData.get(data)
  }

  has(descriptor: number): boolean {
    return this.#byDescriptor.has(descriptor)
  }

  get size(): number {
    return this.#byDescriptor.size
  }

  /** In the order in which they were registered. */
  descriptors(): Iterable<number> {
    return this.#byDescriptor.keys()
  }
}
