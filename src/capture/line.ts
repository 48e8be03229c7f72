/** An interface of a capture: its handle, and the wait for its frames. */
import type { Handle } from './handle.js'
import type { Libpcap, PollHandle } from './libpcap.js'

export type InterfaceState = 'up' | 'down' | 'gone'

const READABLE = { readable: true }

export class Line {
  readonly id: number
  readonly handle: Handle
  state: InterfaceState = 'up'
  /** set when the descriptor had an error: it is not waited for until `attend` */
  suspect = false
  readonly #poll: PollHandle | undefined
  readonly #ready: (status: unknown) => void

  constructor(id: number, handle: Handle, pcap: Libpcap, ready: () => void) {
    this.id = id
    this.handle = handle
    // koffi's types leave out the status, which comes first: it is negative when the descriptor has an error
    this.#ready = (status) => {
      if (typeof status === 'number' && status < 0) this.suspect = true
      ready()
    }
    if (handle.descriptor !== undefined) this.#poll = pcap.koffi.node.poll(handle.descriptor, READABLE, this.#ready)
  }

  attend(): void {
    this.suspect = false
    if (this.state !== 'gone') this.#poll?.start(READABLE, this.#ready)
  }

  rest(): void {
    if (this.state !== 'gone') this.#poll?.stop()
  }

  close(): void {
    this.#poll?.close()
  }
}
