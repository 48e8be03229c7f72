/** discard (RFC 863): takes what it is sent and throws it away. */
import { blocking } from '../connection.js'
import type { Service } from './service.js'

const CHUNK = 65_536
/** what a datagram of --bytes is cut into: fits an Ethernet frame */
const DATAGRAM = 1024

export const discard: Service = {
  name: 'discard',
  summary: 'reads and throws away all it is sent (RFC 863)',
  teaches: 'a transfer in one direction: windows, acknowledgements, and what fills a segment',
  port: 9,
  backlog: 5,
  once: false,
  stream: {
    *serve(client) {
      while ((yield* client.read(CHUNK)).length > 0);
    },

    talk(server, input, { bytes }) {
      if (bytes === undefined) {
        for (let data = input.read(CHUNK); data.length > 0; data = input.read(CHUNK)) blocking(server.write(data))
        return 0
      }
      for (let left = bytes; left > 0; left -= CHUNK) blocking(server.write(Buffer.alloc(Math.min(left, CHUNK), 'x')))
      return 0
    },
  },
  datagram: {
    size: CHUNK,
    answer: () => undefined,

    ask(server, input, { bytes }) {
      if (bytes === undefined) {
        for (let data = input.readLine(CHUNK); data.length > 0; data = input.readLine(CHUNK)) server.send(data)
        return 0
      }
      for (let left = bytes; left > 0; left -= DATAGRAM) server.send(Buffer.alloc(Math.min(left, DATAGRAM), 'x'))
      return 0
    },
  },
}
