/** The course's web server: HTTP/1.0, one request a connection, a page that greets the client by name. */
import { blocking } from '../connection.js'
import { passOn, printLine } from '../output.js'
import { withoutNewline } from './message.js'
import type { Service } from './service.js'

const LINE = 8192
const CHUNK = 65_536

export const http: Service = {
  name: 'http',
  summary: 'HTTP/1.0: greets the client by host name and address in a page of HTML',
  teaches: 'a protocol of text lines; without a length, the page ends where the server closes',
  port: 8080,
  backlog: 10,
  once: false,
  stream: {
    *serve(client, { bare }) {
      const who = client.describePeer()
      printLine(`Got connection from ${who}`)
      let request: string | undefined
      for (;;) {
        const line = yield* client.readLine(LINE)
        if (line.length === 0) return
        const text = withoutNewline(line)
        printLine(`Read line from client: ${text}`)
        if (text === '') break
        request ??= text
      }
      const status = statusFor(request ?? '')
      const page = `<html>\n<head><title>${status}</title></head>\n<body>\n<h1>Hello, ${escapeHtml(who)}</h1>\n</body>\n</html>\n`
      const head = `HTTP/1.0 ${status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n`
      yield* client.write(Buffer.from(bare ? page : head + page))
    },

    talk(server, _input, { path }) {
      blocking(server.write(Buffer.from(`GET ${path} HTTP/1.0\r\n\r\n`)))
      for (;;) {
        const data = blocking(server.read(CHUNK))
        if (data.length === 0) return 0
        passOn(data)
      }
    },
  },
}

/** The course's clients leave the slash out (`GET index.html HTTP/1.0`): any path will do. */
function statusFor(request: string): string {
  if (!/^[A-Z]+ \S+( HTTP\/\d\.\d)?$/.test(request)) return '400 Bad Request'
  return request.startsWith('GET ') ? '200 OK' : '501 Not Implemented'
}

/** A host name is whatever its owner put into the DNS. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
