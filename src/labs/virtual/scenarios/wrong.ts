/** What goes wrong, and how it looks at either end. */
import { fails } from '../expect.js'
import { ADAPTERS, DATAGRAM_PORT, MESSAGE_PORT } from '../names.js'
import type { Scenario } from '../scenario.js'

const { address: SERVER } = ADAPTERS.server
/** on the wire's network, and nobody's */
const NOBODY = '192.168.56.99'

/** Doubling from the first retransmission on, as RFC 6298 has it; newer kernels begin with some a second apart. */
const SYN_RETRIES = { 'ipv4.tcp_syn_retries': 2, 'ipv4.tcp_syn_linear_timeouts': 0 }
const FEW_RETRIES = { 'ipv4.tcp_retries2': 3 }

const wrong: readonly Omit<Scenario, 'group'>[] = [
  {
    name: 'refused',
    shows: 'no server: the port is nobody’s',
    look: 'A SYN, and an RST that acknowledges it. connect fails with ECONNREFUSED after one round trip: the machine is there, the program is not.',
    port: MESSAGE_PORT,
    async play({ client, port }) {
      await fails('ECONNREFUSED', client.do('connect', SERVER, port))
    },
  },
  {
    name: 'udp-refused',
    shows: 'UDP to a port nobody has',
    look: 'UDP itself cannot refuse: ICMP says that the port is unreachable, and quotes the datagram. A connected socket hears of it, as ECONNREFUSED.',
    port: DATAGRAM_PORT,
    async play({ client, port }) {
      const sender = await client.do('datagrams', 0)
      await client.do('connectTo', sender, SERVER, port)
      await client.do('sendto', sender, 'is anybody there?\n', SERVER, port)
      await fails('ECONNREFUSED', client.do('recvfrom', sender, 100))
    },
  },
  {
    name: 'no-such-host',
    shows: 'no such host on the wire',
    look: 'ARP asks who has the address, three times, and nobody answers. No SYN ever leaves: connect fails with EHOSTUNREACH, No route to host.',
    port: MESSAGE_PORT,
    async play({ client, port }) {
      await fails('EHOSTUNREACH', client.do('connect', NOBODY, port))
    },
  },
  {
    name: 'host-silent',
    shows: 'a host that drops everything: connect times out',
    look: 'The SYN is sent again after 1, then 2 seconds more, and connect gives up 4 seconds later with ETIMEDOUT (2 retries here; Linux’s usual 6 take two minutes).',
    port: MESSAGE_PORT,
    kernel: { client: SYN_RETRIES },
    async play({ client, wire, port }) {
      await wire({ to: 'server', cut: true })
      await fails('ETIMEDOUT', client.do('connect', SERVER, port))
    },
  },
  {
    name: 'alarm',
    shows: 'the same, given up early: alarm(2) before connect',
    look: 'Two SYNs, then nothing: the alarm ended the program, and nobody but the client ever knew.',
    port: MESSAGE_PORT,
    kernel: { client: SYN_RETRIES },
    async play({ client, wire, port }) {
      await wire({ to: 'server', cut: true })
      await client.do('alarm', 2)
      await fails('KILLED', client.do('connect', SERVER, port))
    },
  },
  {
    name: 'server-killed',
    shows: 'the server process is killed before the client writes again',
    look: 'The kernel sends the dead server’s FIN. The client’s first write draws the RST, its second one gets EPIPE and sends nothing.',
    async play({ connected, client, server, pause }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'first line\n')
      await server.do('read', atServer, 100)
      await server.kill()
      await pause(200)
      await client.do('write', atClient, 'draws the reset\n')
      await pause(200)
      await fails('EPIPE', client.do('write', atClient, 'gets EPIPE\n'))
      await client.do('close', atClient)
    },
  },
  {
    name: 'server-crashes',
    shows: 'the server host crashes: nothing comes back any more',
    look: 'The same segment again and again, each time after twice the wait; after the last one the client’s read fails with ETIMEDOUT (3 retries here; Linux’s usual 15 take a quarter of an hour).',
    kernel: { client: FEW_RETRIES },
    async play({ connected, client, server, wire }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'while all was well\n')
      await server.do('read', atServer, 100)
      await wire({ cut: true })
      await client.do('write', atClient, 'into the void\n')
      await fails('ETIMEDOUT', client.do('read', atClient, 100))
      await client.do('close', atClient)
    },
  },
  {
    name: 'server-reboots',
    shows: 'the server host crashes and comes back: it knows nothing of the session',
    look: 'Nothing tells the client, until it writes: the RST answers data of a connection that the server no longer has.',
    async play({ connected, client, server, wire, pause }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'before the crash\n')
      await server.do('read', atServer, 100)
      // what its kernel says as it goes down does not come out
      await wire({ cut: true })
      await server.do('lingerZero', atServer)
      await server.do('close', atServer)
      await pause(500)
      await wire({ cut: false })
      await client.do('write', atClient, 'after the reboot\n')
      await pause(100)
      await fails('ECONNRESET', client.do('read', atClient, 100))
      await client.do('close', atClient)
    },
  },
  {
    name: 'client-crashes',
    shows: 'the client host crashes while the server has something to say (captured at the server)',
    look: 'The server’s segment goes out again and again, never acknowledged. A server that only reads would wait for ever: keep-alive is for that.',
    vantage: 'server',
    kernel: { server: FEW_RETRIES },
    async play({ connected, client, server, wire }) {
      const { atClient, atServer } = await connected()
      await client.do('write', atClient, 'tell me\n')
      await server.do('read', atServer, 100)
      await wire({ cut: true })
      await server.do('write', atServer, 'nobody hears the answer\n')
      await fails('ETIMEDOUT', server.do('read', atServer, 100))
      await server.do('close', atServer)
    },
  },
  {
    name: 'network-back',
    shows: 'the network is lost for a second, and back',
    look: 'The segment is sent again until one comes through; then all goes on as if nothing had been. Only the two hosts remember a connection: the wire in between does not.',
    async play({ connected, client, server, wire, pause }) {
      const { atClient, atServer } = await connected()
      await wire({ cut: true })
      await client.do('write', atClient, 'is anybody there?\n')
      await pause(1000)
      await wire({ cut: false })
      await server.do('read', atServer, 100)
      await server.do('write', atServer, 'yes, again\n')
      await client.do('read', atClient, 100)
      await client.do('close', atClient)
      await server.do('read', atServer, 100)
      await server.do('close', atServer)
    },
  },
  {
    name: 'backlog-full',
    shows: 'the backlog is full: listen(…, 0), and the server does not accept',
    look: 'The first connection fills the queue. The second one’s SYN is not answered at all, not even refused, and is sent again after a second: by then the server has accepted the first, and there is room.',
    kernel: { client: SYN_RETRIES },
    async play({ client, server, another, pause, port }) {
      const listening = await server.do('listen', SERVER, port, { backlog: 0 })
      const first = await client.do('connect', SERVER, port)
      const other = another('client')
      await other.do('datagrams', 0) // it has started, then
      const connecting = other.do('connect', SERVER, port)
      await pause(800)
      const firstAtServer = await server.do('accept', listening)
      const second = await connecting
      const secondAtServer = await server.do('accept', listening)
      await client.do('close', first)
      await server.do('read', firstAtServer, 100)
      await server.do('close', firstAtServer)
      await other.do('close', second)
      await server.do('read', secondAtServer, 100)
      await server.do('close', secondAtServer)
    },
  },
  {
    name: 'reset-before-accept',
    shows: 'the client resets the connection before the server accepts it',
    look: 'The handshake is complete, and then an RST. The server accepts all the same (Linux), and its first read fails with ECONNRESET.',
    async play({ client, server, pause, port }) {
      const listening = await server.do('listen', SERVER, port, {})
      const atClient = await client.do('connect', SERVER, port)
      await client.do('lingerZero', atClient)
      await client.do('close', atClient)
      await pause(100)
      const atServer = await server.do('accept', listening)
      await fails('ECONNRESET', server.do('read', atServer, 100))
      await server.do('close', atServer)
    },
  },
]

export default wrong
