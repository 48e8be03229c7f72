/** time (RFC 868): the seconds since 1900 as four bytes in network order. */
import { blocking } from '../connection.js'
import { printLine } from '../output.js'
import type { Service } from './service.js'

/** RFC 868: seconds from 1900 to 1970, seventeen leap years among the seventy */
const SECONDS_1900_TO_1970 = 2_208_988_800
const SIZE = 4

export const time: Service = {
  name: 'time',
  summary: 'the seconds since 1900 as a 32-bit number, then the server closes (RFC 868)',
  teaches: 'binary data and network byte order: a number is four bytes on the wire, the most significant first',
  port: 37,
  backlog: 5,
  once: false,
  stream: {
    *serve(client) {
      yield* client.write(now())
    },

    talk(server) {
      let answer = Buffer.alloc(0)
      // read to the end of the file: the server closes first
      while (answer.length <= SIZE) {
        const more = blocking(server.read(SIZE))
        if (more.length === 0) break
        answer = Buffer.concat([answer, more])
      }
      if (answer.length < SIZE) return 1
      print(answer)
      return 0
    },
  },
  datagram: {
    size: 512,
    answer: now,

    ask(server) {
      server.send(Buffer.alloc(0))
      const answer = server.receive(SIZE)
      if (answer.length < SIZE) return 1
      print(answer)
      return 0
    },
  },
}

function now(): Buffer {
  const bytes = Buffer.alloc(SIZE)
  // the number wraps in 2036
  bytes.writeUInt32BE((Math.floor(Date.now() / 1000) + SECONDS_1900_TO_1970) % 2 ** 32)
  return bytes
}

function print(answer: Buffer): void {
  const seconds = answer.readUInt32BE(0)
  // RFC 868 as far as 2036; a number below that of 1968 has wrapped (RFC 4330 §3)
  const since1900 = seconds < 2 ** 31 ? seconds + 2 ** 32 : seconds
  printLine(`${seconds} seconds since 1900: ${new Date((since1900 - SECONDS_1900_TO_1970) * 1000).toUTCString()}`)
}
