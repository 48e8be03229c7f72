/** The stream server of the sockets tutorial: one line, one answer, and the server closes first. */

import { blocking } from '../connection.js'
import { printLine, prompt } from '../output.js'
import { poll } from '../sockets/wait.js'
import type { Service } from './service.js'

/** as the original's char buffer[256] */
const BUFFER = 255
/** for a server that does not close */
const GOODBYE_MS = 1000

export const message: Service = {
  name: 'message',
  summary: 'prints the line it is sent, answers "I got your message", closes first',
  teaches: 'socket, bind, listen, accept, read, write, close in their plainest order; who closes first keeps TIME_WAIT',
  backlog: 5,
  once: true,
  stream: {
    *serve(client) {
      const text = yield* client.read(BUFFER)
      printLine(`Here is the message: ${withoutNewline(text)}`)
      yield* client.write(Buffer.from('I got your message'))
    },

    talk(server, input) {
      // connect has returned: the handshake stands before the user has typed anything
      prompt('Please enter the message: ')
      const line = input.readLine(BUFFER)
      if (line.length === 0) return 0
      blocking(server.write(line))
      const answer = blocking(server.read(BUFFER))
      printLine(answer.toString())
      // the server closes first: its FIN is given a moment to come, or the two ends would race for who is first
      poll([server.descriptor], GOODBYE_MS)
      return 0
    },
  },
}

export function withoutNewline(text: Buffer): string {
  return text.toString().replace(/\r?\n$/, '')
}
