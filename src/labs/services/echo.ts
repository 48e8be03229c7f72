/** echo: lines come back as they were sent, until the client's end of file. */
import { blocking } from '../connection.js'
import { complain, passOn, printLine } from '../output.js'
import { AF_UNIX, SHUT_WR } from '../sockets/constants.js'
import { failedWith } from '../sockets/errno.js'
import { shutdown } from '../sockets/sockets.js'
import type { Service } from './service.js'

const LINE = 8192
const NEWLINE = 10
/** the largest datagram there is */
const DATAGRAM = 65_535

export const echo: Service = {
  name: 'echo',
  summary: 'sends every line back until the client closes',
  teaches:
    'reading lines from a stream of bytes; end of file travels as a FIN; what a client sees when its server dies',
  port: 9877,
  backlog: 5,
  once: false,
  stream: {
    *serve(client) {
      const port = client.peer.family === AF_UNIX ? '' : `, port ${client.peer.port}`
      printLine(`server connected to ${client.describePeer()}${port}`)
      for (;;) {
        const line = yield* client.readLine(LINE)
        if (line.length === 0) return
        printLine(`server received ${line.length} bytes`)
        yield* client.write(line)
      }
    },

    talk(server, input) {
      try {
        for (;;) {
          const line = input.readLine(LINE)
          if (line.length === 0) break
          blocking(server.write(line))
          // a last line without its newline is answered only when the server sees the end of file
          if (line.at(-1) !== NEWLINE && line.length < LINE) break
          const answer = blocking(server.readLine(LINE))
          if (answer.length === 0) return terminated()
          passOn(answer)
        }
        // end of file: no more from here, though answers may still come
        shutdown(server.descriptor, SHUT_WR)
        for (;;) {
          const rest = blocking(server.read(LINE))
          if (rest.length === 0) return 0
          passOn(rest)
        }
      } catch (error) {
        if (failedWith(error, 'EPIPE', 'ECONNRESET')) return terminated()
        throw error
      }
    },
  },
  datagram: {
    size: DATAGRAM,
    answer(received) {
      printLine(`server received ${received.length} bytes`)
      return received
    },

    ask(server, input) {
      for (;;) {
        const line = input.readLine(LINE)
        if (line.length === 0) return 0
        server.send(line)
        passOn(server.receive(LINE))
      }
    },
  },
}

function terminated(): number {
  complain('server terminated prematurely')
  return 1
}
