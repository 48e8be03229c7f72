/** Ways to end a session. */
import { fails } from '../expect.js'
import { ADAPTERS } from '../names.js'
import type { Scenario } from '../scenario.js'

const { address: SERVER } = ADAPTERS.server

const closing: readonly Omit<Scenario, 'group'>[] = [
  {
    name: 'client-closes-first',
    shows: 'the client closes first',
    look: 'FIN, ACK, FIN, ACK: the client goes through FIN_WAIT_1, FIN_WAIT_2 and TIME_WAIT, the server through CLOSE_WAIT and LAST_ACK.',
    async play({ connected, client, server, pause }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'goodbye\n')
      await server.do('read', atServer, 100)
      await client.do('close', atClient)
      await pause(300)
      await server.do('close', atServer)
    },
  },
  {
    name: 'server-closes-first',
    shows: 'the server closes first',
    look: 'The same four segments the other way round: TIME_WAIT is now at the server, whose port stays taken.',
    async play({ connected, client, server, pause }) {
      const { atClient, atServer } = await connected()
      await server.do('write', atServer, 'goodbye\n')
      await client.do('read', atClient, 100)
      await server.do('close', atServer)
      await pause(300)
      await client.do('close', atClient)
    },
  },
  {
    name: 'half-close',
    shows: 'shutdown: the client is done sending, and still reads',
    look: 'After the client’s FIN the server goes on sending for half a second, and each of its segments is acknowledged.',
    async play({ connected, client, server, pause }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'a question\n')
      await client.do('shutdown', atClient)
      await server.do('read', atServer, 100)
      await pause(250)
      await server.do('write', atServer, 'an answer\n')
      await pause(250)
      await server.do('write', atServer, 'and more of it\n')
      await server.do('close', atServer)
      await client.do('readFully', atClient, 100)
      await client.do('close', atClient)
    },
  },
  {
    name: 'simultaneous-close',
    shows: 'both close at once, over a wire of 150 ms',
    look: 'The FINs cross on the wire: both ends go through CLOSING to TIME_WAIT.',
    async play({ connected, client, server, wire, pause }) {
      await wire({ delay: 150 })
      const { atClient, atServer } = await connected()
      await pause(400)
      await Promise.all([client.do('close', atClient), server.do('close', atServer)])
      await pause(600)
    },
  },
  {
    name: 'reset-on-close',
    shows: 'SO_LINGER with time 0: close throws the connection away',
    look: 'An RST instead of a FIN; no TIME_WAIT anywhere, and the server’s read fails with ECONNRESET.',
    async play({ connected, client, server, pause }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'I am off\n')
      await server.do('read', atServer, 100)
      await client.do('lingerZero', atClient)
      await client.do('close', atClient)
      await pause(100)
      await fails('ECONNRESET', server.do('read', atServer, 100))
      await server.do('close', atServer)
    },
  },
  {
    name: 'close-unread',
    shows: 'close with data that nobody has read',
    look: 'The server’s kernel knows that data is lost: it sends an RST, not a FIN.',
    async play({ connected, client, server, pause }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'nobody will read this\n')
      await pause(100)
      await server.do('close', atServer)
      await pause(100)
      await fails('ECONNRESET', client.do('read', atClient, 100))
      await client.do('close', atClient)
    },
  },
  {
    name: 'restart-without-reuseaddr',
    shows: 'the server closes first and is started again at once, without SO_REUSEADDR',
    look: 'One session, its server in TIME_WAIT. The second bind fails with EADDRINUSE (see the calls), and so a client is refused.',
    async play({ connected, client, server, pause, port }) {
      const { listening, atClient, atServer } = await connected({ reuseAddress: false })
      await server.do('close', atServer)
      await client.do('read', atClient, 100)
      await client.do('close', atClient)
      await server.do('close', listening)
      await pause(300)
      await fails('EADDRINUSE', server.do('listen', SERVER, port, { reuseAddress: false }))
      await fails('ECONNREFUSED', client.do('connect', SERVER, port))
    },
  },
  {
    name: 'restart-with-reuseaddr',
    shows: 'the same with SO_REUSEADDR',
    look: 'The second session follows the first on the same port, while the first is still in TIME_WAIT.',
    async play({ connected, client, server, pause }) {
      const first = await connected()
      await server.do('close', first.atServer)
      await client.do('read', first.atClient, 100)
      await client.do('close', first.atClient)
      await server.do('close', first.listening)
      await pause(300)
      const second = await connected()
      await client.do('close', second.atClient)
      await server.do('read', second.atServer, 100)
      await server.do('close', second.atServer)
    },
  },
]

export default closing
