/** Sessions as they should be. */
import { ADAPTERS, PORT } from '../names.js'
import type { Scenario } from '../scenario.js'

const { address: SERVER, address6: SERVER6 } = ADAPTERS.server
const MESSAGE = '51717'

const normal: readonly Omit<Scenario, 'group'>[] = [
  {
    name: 'message',
    shows: 'the message server: one line, one answer; the server closes first',
    look: 'The handshake stands before the user has typed anything: two seconds pass between packet 3 and packet 4. The server closes first, so it is the server that keeps TIME_WAIT.',
    async play({ serve, talk }) {
      const server = await serve('message', SERVER, MESSAGE)
      await talk(['message', SERVER, MESSAGE], [[2200, 'hello from the client\n']])
      await server.ended
    },
  },
  {
    name: 'echo',
    shows: 'the echo server: two lines, each answered, then end of file at the client',
    look: 'Each line is one segment there and one back. An acknowledgment that has nothing to travel with goes alone. End of file at the keyboard becomes a FIN: here the client closes first.',
    async play({ serve, talk }) {
      const server = await serve('echo', '--once', SERVER, String(PORT))
      await talk(
        ['echo', SERVER, String(PORT)],
        [
          [700, 'first line\n'],
          [700, 'and a second one\n'],
        ],
      )
      await server.ended
    },
  },
  {
    name: 'three-clients',
    shows: 'three clients at once on the fork server',
    look: 'Three sessions to one port of the server overlap; the clients’ ports tell them apart. Each has a child process of its own, so none waits for another.',
    async play({ serve, talk }) {
      const server = await serve('echo', '--model', 'fork', SERVER, String(PORT))
      const clients = [1, 2, 3].map((n) => talk(['echo', SERVER, String(PORT)], [[900 + n * 100, `client ${n}\n`]]))
      await Promise.all(clients)
      await server.stop()
    },
  },
  {
    name: 'iterative-waits',
    shows: 'the iterative server with a second client waiting',
    look: 'The second client’s handshake is complete at once (the kernel does it, for the backlog), and its line is acknowledged; the answer comes only when the first client has gone.',
    async play({ serve, talk, pause }) {
      const server = await serve('echo', SERVER, String(PORT))
      const first = talk(['echo', SERVER, String(PORT)], [[2000, 'the first client takes its time\n']])
      await pause(400)
      const second = talk(['echo', SERVER, String(PORT)], [[700, 'the second one waits\n']])
      await Promise.all([first, second])
      await server.stop()
    },
  },
  {
    name: 'http',
    shows: 'HTTP/1.0: a request, a page, and the server closes',
    look: 'The end of the page is the FIN: HTTP/1.0 needs no length. The server closes first and keeps TIME_WAIT.',
    async play({ serve, talk }) {
      const server = await serve('http', '--once', SERVER, '8080')
      await talk(['http', SERVER, '8080'])
      await server.ended
    },
  },
  {
    name: 'daytime',
    shows: 'daytime (RFC 867): the server answers as soon as it has accepted',
    look: 'The client sends nothing at all; the first data comes from the server, and its FIN right behind.',
    async play({ serve, talk }) {
      const server = await serve('daytime', '--once', SERVER, '1300')
      await talk(['daytime', SERVER, '1300'])
      await server.ended
    },
  },
  {
    name: 'datagram',
    shows: 'UDP: one datagram, one answer, no connection',
    look: 'Two packets are the whole session: no handshake, no acknowledgment, no end. Had one been lost, neither program would have heard of it.',
    async play({ serve, talk }) {
      const server = await serve('datagram', '--once', SERVER, '51718')
      await talk(['datagram', SERVER, '51718'], [[500, 'hello by datagram\n']])
      await server.ended
    },
  },
  {
    name: 'fragments',
    shows: 'a datagram of 4,000 bytes: IP cuts it into fragments',
    look: 'One datagram in the timeline; `synopsis packets` shows the three frames that carried it, with the same identification. Only the first of them has the ports.',
    async play({ client, server }) {
      const receiver = await server.do('datagrams', PORT)
      const sender = await client.do('datagrams', 0)
      await client.do('sendto', sender, 4000, SERVER, PORT)
      await server.do('recvfrom', receiver, 65_535)
    },
  },
  {
    name: 'datagram-cut',
    shows: 'a datagram of 1,400 bytes for a program that reads 1,024',
    look: 'The wire carries all 1,400 bytes, and nothing on it tells that recvfrom kept only 1,024: the calls do.',
    async play({ serve, client }) {
      const receiver = await serve('datagram', '--once', SERVER, '51718')
      const sender = await client.do('datagrams', 0)
      await client.do('sendto', sender, 1400, SERVER, 51718)
      await client.do('recvfrom', sender, 1400)
      await receiver.ended
    },
  },
  {
    name: 'ipv6',
    shows: 'the message server over IPv6',
    look: 'The same session with longer addresses: TCP does not change. The MSS is 20 bytes less, as IPv6’s header is 20 bytes more.',
    async play({ serve, talk }) {
      const server = await serve('message', SERVER6, MESSAGE)
      await talk(['message', SERVER6, MESSAGE], [[900, 'hello over IPv6\n']])
      await server.ended
    },
  },
  {
    name: 'large-transfer',
    shows: '60,000 bytes from the client to the server over a wire of 20 ms',
    look: 'Slow start: ten segments, then a wait for their acknowledgments, then twice as many.',
    async play({ connected, client, server, wire }) {
      await wire({ delay: 20 })
      const { atClient, atServer } = await connected()
      const reading = server.do('readFully', atServer, 60_000)
      await client.do('write', atClient, 60_000)
      await reading
      await client.do('close', atClient)
      await server.do('read', atServer, 1)
      await server.do('close', atServer)
    },
  },
  {
    name: 'urgent',
    shows: 'urgent data: MSG_OOB between ordinary data',
    look: 'A segment with URG set, whose urgent pointer says where the urgent byte is: the byte travels in the stream, and is read out of it.',
    async play({ connected, client, server, pause }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'ordinary')
      await server.do('read', atServer, 100)
      await client.do('sendUrgent', atClient, '!')
      await pause(50)
      await server.do('recvUrgent', atServer)
      await client.do('write', atClient, 'ordinary again')
      await server.do('read', atServer, 100)
      await client.do('close', atClient)
      await server.do('read', atServer, 100)
      await server.do('close', atServer)
    },
  },
]

export default normal
