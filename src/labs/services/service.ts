/** What a service is: what it does with a client, whatever the model and the transport. */
import type { Connection, Waiting } from '../connection.js'

export interface ServeChoices {
  /** http: answer the page alone, without a status line, as the course's server does */
  readonly bare: boolean
}

export interface ClientChoices {
  /** http: the path as it goes into the request line, with or without its slash */
  readonly path: string
  /** chargen, discard: how many bytes to read or send; without it, chargen reads one block and discard sends its input */
  readonly bytes: number | undefined
}

/** A service over a stream: TCP, or a Unix-domain stream. */
export interface StreamService {
  /** Serves one client; the model closes the connection when this returns. */
  serve(client: Connection, choices: ServeChoices): Waiting<void>
  /** The client's side of it; the caller closes. Returns the exit status. */
  talk(server: Connection, input: Input, choices: ClientChoices): number
}

/** A service over datagrams: UDP, or Unix-domain datagrams. */
export interface DatagramService {
  /** bytes kept of a datagram; the rest of a longer one is lost */
  readonly size: number
  /** The answer to a datagram; undefined for none. */
  answer(datagram: Buffer): Buffer | undefined
  /** What the client sends, and what it does with each answer; `exchange` sends one and waits. Returns the exit status. */
  ask(exchange: Exchange, input: Input, choices: ClientChoices): number
}

export interface Exchange {
  send(datagram: Buffer): void
  /** waits for a datagram */
  receive(size: number): Buffer
}

/** Standard input, by lines. */
export interface Input {
  /** fgets: one line with its newline, at most `limit` bytes of it; empty at the end of the file */
  readLine(limit: number): Buffer
  /** whatever has come, at most `count` bytes */
  read(count: number): Buffer
}

export interface Service {
  readonly name: string
  /** what it does, and what there is to learn from it: `lab list` */
  readonly summary: string
  readonly teaches: string
  /** used when none is given */
  readonly port?: number
  readonly backlog: number
  /** one connection, then the server is done, unless it is told to go on */
  readonly once: boolean
  readonly stream?: StreamService
  readonly datagram?: DatagramService
}
