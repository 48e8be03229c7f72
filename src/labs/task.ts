/** What a lab program is asked to do: plain data, so that it can be handed to another thread or process. */
import type { ClientChoices, ServeChoices } from './services/service.js'

export const MODELS = ['iterative', 'fork', 'prefork', 'threads', 'select', 'inetd'] as const
export type Model = (typeof MODELS)[number]

export const TRANSPORTS = ['tcp', 'udp', 'unix', 'unix-datagram'] as const
export type Transport = (typeof TRANSPORTS)[number]

export interface ServeTask extends ServeChoices {
  readonly kind: 'serve'
  readonly service: string
  readonly model: Model
  readonly transport: Transport
  /** the address to listen on; the socket file's path for the Unix transports */
  readonly host: string
  /** 0: any free one */
  readonly port: number
  readonly backlog: number
  readonly reuseAddress: boolean
  /** end after the first connection or datagram */
  readonly once: boolean
  /** prefork: how many children */
  readonly children: number
  /** inetd: the program to start and its arguments; none: the service itself */
  readonly program: readonly string[]
  /** the file that calls are logged to */
  readonly calls: string | undefined
}

export interface ClientTask extends ClientChoices {
  readonly kind: 'client'
  readonly service: string
  readonly transport: Transport
  readonly host: string
  readonly port: number
  /** udp: connect the socket, so that ICMP errors come back to it */
  readonly connected: boolean
  readonly calls: string | undefined
}

/** One client, served by a thread or a process of its own. */
export interface ConnectionTask extends ServeChoices {
  readonly kind: 'connection'
  readonly service: string
  readonly descriptor: number
  readonly calls: string | undefined
  /** a child's copy of the listening socket, which it closes first */
  readonly listening?: number
  /** inetd: where to print, as standard output is the client */
  readonly notes?: number
}

/** A child that accepts on its own, on a listening socket it inherited. */
export interface AcceptTask extends ServeChoices {
  readonly kind: 'accept'
  /** the process that made it, which it does not outlive */
  readonly parent: number
  readonly service: string
  readonly listening: number
  readonly once: boolean
  readonly calls: string | undefined
}

/** What the thread that runs a program tells the thread that keeps watch. */
export type Report =
  | { readonly kind: 'bound'; readonly path: string }
  | { readonly kind: 'child'; readonly pid: number; readonly client: string }
  | { readonly kind: 'thread'; readonly task: ConnectionTask; readonly settled: Int32Array }
  | { readonly kind: 'began' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly status: number }
