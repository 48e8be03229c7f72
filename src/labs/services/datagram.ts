/** The datagram server of the sockets tutorial: no connection, so each answer goes to whoever sent the datagram. */
import { printLine, prompt } from '../output.js'
import { withoutNewline } from './message.js'
import type { Service } from './service.js'

/** as the original's char buf[1024]: the rest of a longer datagram is lost */
const BUFFER = 1024
/** what the client reads of standard input at most: more than a datagram can carry, so that sendto can say so */
const LINE = 70_000

export const datagram: Service = {
  name: 'datagram',
  summary: 'prints each datagram and answers "Got your message"',
  teaches:
    'no listen, no accept, no handshake; one datagram is one recvfrom, cut at 1,024 bytes, and nothing tells of a loss',
  backlog: 0,
  once: false,
  datagram: {
    size: BUFFER,
    answer(received) {
      printLine(`Received a datagram: ${withoutNewline(received)}`)
      return Buffer.from('Got your message\n')
    },

    ask(server, input) {
      prompt('Please enter the message: ')
      const line = input.readLine(LINE)
      if (line.length === 0) return 0
      server.send(line)
      printLine(`Got an ack: ${withoutNewline(server.receive(BUFFER))}`)
      return 0
    },
  },
}
