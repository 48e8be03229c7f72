/** chargen (RFC 864): characters without end, in lines that each begin one character further on. */

import type { Connection } from '../connection.js'
import { blocking, type Waiting } from '../connection.js'
import { passOn } from '../output.js'
import type { Service } from './service.js'

const FIRST = 0x20
const CHARACTERS = 95
const LINE = 72
/** RFC 864: a datagram's answer has 0 to 512 characters */
const LARGEST_DATAGRAM = 512
const CHUNK = 65_536

/** The pattern's 95 lines, after which it begins again. */
const PATTERN = Buffer.concat(Array.from({ length: CHARACTERS }, (_, line) => patternLine(line)))

export const chargen: Service = {
  name: 'chargen',
  summary: 'sends characters until the client closes; a datagram of them over UDP (RFC 864)',
  teaches:
    'a sender faster than its reader: the window closes, write blocks, and the client ends it with data on the way',
  port: 19,
  backlog: 5,
  once: false,
  stream: {
    *serve(client: Connection): Waiting<void> {
      for (;;) yield* client.write(PATTERN)
    },

    talk(server, _input, { bytes = PATTERN.length }) {
      for (let left = bytes; left > 0; ) {
        const data = blocking(server.read(Math.min(left, CHUNK)))
        if (data.length === 0) return 1
        passOn(data)
        left -= data.length
      }
      return 0
    },
  },
  datagram: {
    size: LARGEST_DATAGRAM,
    answer: () => PATTERN.subarray(0, Math.floor(Math.random() * (LARGEST_DATAGRAM + 1))),

    ask(server) {
      server.send(Buffer.alloc(0))
      passOn(server.receive(LARGEST_DATAGRAM))
      return 0
    },
  },
}

function patternLine(line: number): Buffer {
  const characters = Array.from({ length: LINE }, (_, column) => FIRST + ((line + column) % CHARACTERS))
  return Buffer.from([...characters, 13, 10])
}
