/** What a scenario is, and what it finds on its stage. */
import type { Impairment } from './impairment.js'
import type { Node } from './names.js'
import type { KernelSettings } from './nodes.js'
import type { ListenOptions } from './operations.js'
import type { Program } from './program.js'

export const GROUPS = ['normal', 'closing', 'going wrong', 'flow and loss'] as const

export interface Scenario {
  readonly name: string
  readonly group: (typeof GROUPS)[number]
  /** one sentence: what happens */
  readonly shows: string
  /** what to look for in its timeline */
  readonly look: string
  /** where the capture is taken that is shown: where it is seen best; at the client unless told */
  readonly vantage?: Node
  /** the server's port, where it is not the lab's usual one */
  readonly port?: number
  /** settings of the nodes' kernels, beyond the lab's own */
  readonly kernel?: Readonly<Partial<Record<Node, KernelSettings>>>
  play(stage: Stage): Promise<void>
}

export interface Stage {
  /** the server's port in this performance */
  readonly port: number
  /** one program on each node, to make calls one by one */
  readonly client: Program
  readonly server: Program
  /** another one */
  another(node: Node): Program
  /** The server listens, the client connects, the server accepts: returns the connected sockets of both. */
  connected(options?: ListenOptions): Promise<Connected>
  /** Starts a server of the lab, as `synopsis lab serve` does, and waits until it listens. */
  serve(...words: readonly string[]): Promise<LabProgram>
  /** Runs a client of the lab to its end, as `synopsis lab client` does; its user types the lines. */
  talk(words: readonly string[], lines?: readonly Typed[]): Promise<void>
  /** Waits until so many clients of the lab have connected, in all. */
  clients(count: number): Promise<void>
  /** Changes the wire: the frames to one node, or both. `picks` as in `lab wire --pick`. */
  wire(change: WireChange): Promise<void>
  pause(milliseconds: number): Promise<void>
}

/** A line that a user types after a pause (ms), or once something has happened. */
export type Typed = readonly [when: number | Promise<void>, line: string]

export interface WireChange extends Partial<Omit<Impairment, 'picks'>> {
  readonly to?: Node
  readonly picks?: readonly string[]
}

export interface Connected {
  readonly listening: number
  readonly atClient: number
  readonly atServer: number
}

/** A server of the lab that runs. */
export interface LabProgram {
  /** resolved when it has ended by itself */
  readonly ended: Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
}
