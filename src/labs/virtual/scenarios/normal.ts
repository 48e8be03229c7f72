/** Sessions as they should be. */
import { ADAPTERS, DATAGRAM_PORT, MESSAGE_PORT } from '../names.js'
import type { Scenario } from '../scenario.js'

const { address: SERVER, address6: SERVER6 } = ADAPTERS.server

const normal: readonly Omit<Scenario, 'group'>[] = [
  {
    name: 'message',
    shows: 'the message server: one line, one answer; the server closes first',
    look: 'The handshake stands before the user has typed anything: two seconds pass between packet 3 and packet 4. The server closes first, so it is the server that keeps TIME_WAIT.',
    port: MESSAGE_PORT,
    async play({ serve, talk, port }) {
      const server = await serve('message', SERVER, String(port))
      await talk(['message', SERVER, String(port)], [[2200, 'hello from the client\n']])
      await server.ended
    },
  },
  {
    name: 'echo',
    shows: 'the echo server: two lines, each answered, then end of file at the client',
    look: 'Each line is one segment there and one back. An acknowledgment that has nothing to travel with goes alone. End of file at the keyboard becomes a FIN: here the client closes first.',
    async play({ serve, talk, port }) {
      const server = await serve('echo', '--once', SERVER, String(port))
      await talk(
        ['echo', SERVER, String(port)],
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
    async play({ serve, talk, clients, pause, port }) {
      const server = await serve('echo', '--model', 'fork', SERVER, String(port))
      // however long it takes to start them: nobody speaks, and leaves, before all are there
      const together = clients(3)
      const users = [1, 2, 3].map((n) => {
        const turn = together.then(() => pause(500 + n * 100))
        return talk(['echo', SERVER, String(port)], [[turn, `client ${n}\n`]])
      })
      await Promise.all(users)
      await server.stop()
    },
  },
  {
    name: 'iterative-waits',
    shows: 'the iterative server with a second client waiting',
    look: 'The second client’s handshake is complete at once (the kernel does it, for the backlog), and its line is acknowledged; the answer comes only when the first client has gone.',
    async play({ serve, talk, clients, pause, port }) {
      const server = await serve('echo', SERVER, String(port))
      // the second one's line is to wait too
      const bothThere = clients(2).then(() => pause(1500))
      const first = talk(['echo', SERVER, String(port)], [[bothThere, 'the first client takes its time\n']])
      await clients(1)
      const second = talk(['echo', SERVER, String(port)], [[700, 'the second one waits\n']])
      await Promise.all([first, second])
      await server.stop()
    },
  },
  {
    name: 'http',
    shows: 'HTTP/1.0: a request, a page, and the server closes',
    look: 'The end of the page is the FIN: HTTP/1.0 needs no length. The server closes first and keeps TIME_WAIT.',
    port: 8080,
    async play({ serve, talk, port }) {
      const server = await serve('http', '--once', SERVER, String(port))
      await talk(['http', SERVER, String(port)])
      await server.ended
    },
  },
  {
    name: 'daytime',
    shows: 'daytime (RFC 867): the server answers as soon as it has accepted',
    look: 'The client sends nothing at all; the first data comes from the server, and its FIN right behind.',
    port: 1300,
    async play({ serve, talk, port }) {
      const server = await serve('daytime', '--once', SERVER, String(port))
      await talk(['daytime', SERVER, String(port)])
      await server.ended
    },
  },
  {
    name: 'datagram',
    shows: 'UDP: one datagram, one answer, no connection',
    look: 'Two packets are the whole session: no handshake, no acknowledgment, no end. Had one been lost, neither program would have heard of it.',
    port: DATAGRAM_PORT,
    async play({ serve, talk, port }) {
      const server = await serve('datagram', '--once', SERVER, String(port))
      await talk(['datagram', SERVER, String(port)], [[500, 'hello by datagram\n']])
      await server.ended
    },
  },
  {
    name: 'fragments',
    shows: 'a datagram of 4,000 bytes: IP cuts it into fragments',
    look: 'One datagram in the timeline; `synopsis packets` shows the three frames that carried it, with the same identification. Only the first of them has the ports.',
    async play({ client, server, port }) {
      const receiver = await server.do('datagrams', port)
      const sender = await client.do('datagrams', 0)
      await client.do('sendto', sender, 4000, SERVER, port)
      await server.do('recvfrom', receiver, 65_535)
    },
  },
  {
    name: 'datagram-cut',
    shows: 'a datagram of 1,400 bytes for a program that reads 1,024',
    look: 'The wire carries all 1,400 bytes, and nothing on it tells that recvfrom kept only 1,024: the calls do.',
    port: DATAGRAM_PORT,
    async play({ serve, client, port }) {
      const receiver = await serve('datagram', '--once', SERVER, String(port))
      const sender = await client.do('datagrams', 0)
      await client.do('sendto', sender, 1400, SERVER, port)
      await client.do('recvfrom', sender, 1400)
      await receiver.ended
    },
  },
  {
    name: 'ipv6',
    shows: 'the message server over IPv6',
    look: 'The same session with longer addresses: TCP does not change. The MSS is 20 bytes less, as IPv6’s header is 20 bytes more.',
    port: MESSAGE_PORT,
    async play({ serve, talk, port }) {
      const server = await serve('message', SERVER6, String(port))
      await talk(['message', SERVER6, String(port)], [[900, 'hello over IPv6\n']])
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
      await pause(100) // Nagle's algorithm would keep a single byte until the last is acknowledged
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
