/** daytime (RFC 867): the date in words to whoever connects or sends a datagram, whatever is in it. */
import { blocking } from '../connection.js'
import { passOn } from '../output.js'
import type { Service } from './service.js'

const SIZE = 512

export const daytime: Service = {
  name: 'daytime',
  summary: 'one line with the date and time, then the server closes (RFC 867)',
  teaches: 'the server speaks first; the client knows the answer is whole when read returns 0',
  port: 13,
  backlog: 5,
  once: false,
  stream: {
    *serve(client) {
      yield* client.write(now())
    },

    talk(server) {
      for (;;) {
        const text = blocking(server.read(SIZE))
        if (text.length === 0) return 0
        passOn(text)
      }
    },
  },
  datagram: {
    size: SIZE,
    answer: now,

    ask(server) {
      // the datagram's arrival is the whole question
      server.send(Buffer.alloc(0))
      passOn(server.receive(SIZE))
      return 0
    },
  },
}

function now(): Buffer {
  const date = new Date()
  const [weekday, month, day, year] = date
    .toDateString()
    .split(' ')
    .map((_, i, words) => words[i] ?? '')
  return Buffer.from(`${weekday} ${month} ${day} ${date.toTimeString().slice(0, 8)} ${year}\r\n`)
}
