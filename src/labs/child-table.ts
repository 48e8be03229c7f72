/** The children of a server that have not been waited for. */

interface Child {
  /** the client it serves; '' for one that accepts on its own */
  readonly client: string
  readonly since: Date
}

export class ChildTable {
  private readonly running = new Map<number, Child>()
  /** children that were waited for before the program's thread had told of them */
  private readonly early = new Set<number>()

  get size(): number {
    return this.running.size
  }

  add(pid: number, client: string): void {
    if (!this.early.delete(pid)) this.running.set(pid, { client, since: new Date() })
  }

  remove(pid: number): void {
    if (!this.running.delete(pid)) this.early.add(pid)
  }

  kill(signal: NodeJS.Signals): void {
    for (const pid of this.running.keys()) process.kill(pid, signal)
  }

  /** One line a child, for a person. */
  describe(): string {
    if (this.running.size === 0) return 'no children'
    const rows = [...this.running].map(
      ([pid, { client, since }]) =>
        `${String(pid).padStart(7)}  ${since.toTimeString().slice(0, 8)}  ${client || '(accepting)'}`,
    )
    return ['    pid  since     client', ...rows].join('\n')
  }
}
