/** Flow control, and what TCP does about a bad wire. */
import type { Connected, Scenario, Stage } from '../scenario.js'

/** Milliseconds one way: so that a round trip can be seen */
const DELAY = 20

const flow: readonly Omit<Scenario, 'group'>[] = [
  {
    name: 'slow-reader',
    shows: 'a reader that does not read for two seconds',
    look: 'The window shrinks to zero: the sender stops, and asks with a probe now and then. When the reader reads at last, a window update lets it go on.',
    async play(stage) {
      const { client, server, pause } = stage
      await stage.wire({ delay: DELAY })
      const sockets = await stage.connected({ receiveBuffer: 8192 })
      const writing = client.do('write', sockets.atClient, 30_000)
      await pause(2000)
      await server.do('readFully', sockets.atServer, 30_000)
      await writing
      await goodbye(stage, sockets)
    },
  },
  {
    name: 'nagle',
    shows: 'small writes with Nagle’s algorithm, over a round trip of 100 ms',
    look: 'Eight writes, four segments: while one is unacknowledged, what is small waits, and goes out together when the acknowledgment comes.',
    async play(stage) {
      await stage.wire({ delay: 50 })
      const sockets = await stage.connected()
      await smallWrites(stage, sockets)
      await goodbye(stage, sockets)
    },
  },
  {
    name: 'no-nagle',
    shows: 'the same with TCP_NODELAY',
    look: 'Eight writes, eight segments, and none waits for an acknowledgment.',
    async play(stage) {
      await stage.wire({ delay: 50 })
      const sockets = await stage.connected()
      await stage.client.do('noDelay', sockets.atClient)
      await smallWrites(stage, sockets)
      await goodbye(stage, sockets)
    },
  },
  {
    name: 'delayed-ack',
    shows: 'an acknowledgment that waits for an answer to travel with',
    look: 'The questions are acknowledged by their answers. The last line has no answer: its acknowledgment comes alone, 40 ms later.',
    async play(stage) {
      const { client, server, pause } = stage
      const sockets = await stage.connected()
      for (const question of ['one\n', 'two\n', 'three\n']) {
        await client.do('write', sockets.atClient, question)
        await server.do('read', sockets.atServer, 100)
        await server.do('write', sockets.atServer, 'answer\n')
        await client.do('read', sockets.atClient, 100)
      }
      await server.do('delayAcks', sockets.atServer)
      await client.do('write', sockets.atClient, 'no answer to this\n')
      await server.do('read', sockets.atServer, 100)
      await pause(300)
      await goodbye(stage, sockets)
    },
  },
  {
    name: 'keep-alive',
    shows: 'keep-alive on an idle session',
    look: 'After a second of silence (two hours, usually) the client sends a segment without data whose sequence number is one too low: the answer says that the other end is there.',
    kernel: { client: { 'ipv4.tcp_keepalive_time': 1, 'ipv4.tcp_keepalive_intvl': 1, 'ipv4.tcp_keepalive_probes': 3 } },
    async play(stage) {
      const sockets = await stage.connected()
      await stage.client.do('keepAlive', sockets.atClient)
      await stage.pause(3600)
      await goodbye(stage, sockets)
    },
  },
  {
    name: 'lost-segment',
    shows: 'one lost segment in the middle: the 3rd',
    look: 'Each segment behind the gap draws the same acknowledgment again, with a SACK block (one that opens the window, too, is named a window update); after the third the segment is sent again at once: fast retransmit.',
    async play(stage) {
      await transfer(stage, 12_000, ['drop the 3rd data segment'])
    },
  },
  {
    name: 'lost-last-segment',
    shows: 'the last segment is lost',
    look: 'Nothing comes behind it that could draw duplicate acknowledgments: the sender has to find out by a timer, here the tail loss probe’s (RFC 8985), long before the retransmission timeout.',
    async play(stage) {
      await transfer(stage, 5000, ['drop the 4th data segment'])
    },
  },
  {
    name: 'lost-ack',
    shows: 'an acknowledgment is lost (captured at the server)',
    look: 'The server has the data and has said so; the client, which has not heard, sends it again. The server answers at once, and says with D-SACK that it had it.',
    vantage: 'server',
    async play(stage) {
      const { client, server, wire, pause } = stage
      await wire({ delay: DELAY })
      const sockets = await stage.connected()
      await wire({ to: 'client', picks: ['drop the first ack'] })
      await client.do('write', sockets.atClient, 'did you get this?\n')
      await server.do('read', sockets.atServer, 100)
      await pause(800)
      await goodbye(stage, sockets)
    },
  },
  {
    name: 'lost-syn',
    shows: 'the SYN is lost',
    look: 'The client hears nothing, and sends its SYN again after a second: that is how long connect takes.',
    async play(stage) {
      await stage.wire({ to: 'server', picks: ['drop the first syn'] })
      await goodbye(stage, await stage.connected())
    },
  },
  {
    name: 'lost-syn-ack',
    shows: 'the SYN/ACK is lost (captured at the server)',
    look: 'The server answers, and the client asks again all the same: both SYN and SYN/ACK are sent twice, with the same numbers.',
    vantage: 'server',
    async play(stage) {
      await stage.wire({ to: 'client', picks: ['drop the first syn-ack'] })
      await goodbye(stage, await stage.connected())
    },
  },
  {
    name: 'lost-fin',
    shows: 'the FIN is lost',
    look: 'A FIN takes a sequence number, and so it is sent again like data. The server stays ESTABLISHED until it comes.',
    async play(stage) {
      const sockets = await stage.connected()
      await stage.wire({ to: 'server', picks: ['drop the first fin'] })
      await goodbye(stage, sockets)
    },
  },
  {
    name: 'reordering',
    shows: 'the 3rd segment arrives behind the 4th (captured at the server)',
    look: 'One duplicate acknowledgment asks for what seems to be missing; it comes right behind, and nothing is sent again: three would have been needed.',
    vantage: 'server',
    async play(stage) {
      await transfer(stage, 9000, ['hold the 3rd data segment'])
    },
  },
  {
    name: 'duplication',
    shows: 'the network copies a segment (captured at the server)',
    look: 'The same segment twice, with the same IP identification: a copy, not a retransmission. The acknowledgment says with D-SACK that it came twice.',
    vantage: 'server',
    async play(stage) {
      await transfer(stage, 5000, ['duplicate the 2nd data segment'])
    },
  },
  {
    name: 'corruption',
    shows: 'a bit is flipped on the way (captured at the server)',
    look: 'The checksum no longer fits: the server’s TCP drops the segment without a word, and it is sent again as if it had been lost.',
    vantage: 'server',
    async play(stage) {
      await transfer(stage, 12_000, ['corrupt the 3rd data segment'])
    },
  },
  {
    name: 'lossy-wire',
    shows: 'a wire that loses 8 % of the frames to the server',
    look: 'Losses by chance in one transfer: below each segment that was sent again stands which one was lost, and how that is known.',
    async play(stage) {
      await transfer(stage, 60_000, [], 0.08)
    },
  },
]

/** A transfer from the client to the server over a wire of 20 ms, on which something happens to the picked frames. */
async function transfer(stage: Stage, size: number, picks: readonly string[], loss = 0): Promise<void> {
  await stage.wire({ delay: DELAY })
  const sockets = await stage.connected()
  await stage.wire({ to: 'server', picks, loss })
  const reading = stage.server.do('readFully', sockets.atServer, size)
  await stage.client.do('write', sockets.atClient, size)
  await reading
  await stage.pause(DELAY * 4)
  await goodbye(stage, sockets)
}

async function smallWrites({ client, server }: Stage, { atClient, atServer }: Connected): Promise<void> {
  const words = ['small ', 'writes, ', 'one ', 'after ', 'the ', 'other, ', 'thirty ms ', 'apart\n']
  await client.do('writeApart', atClient, words, 30)
  await server.do('readFully', atServer, words.join('').length)
}

/** The client closes first, and the server when it has read the end of file. */
async function goodbye({ client, server }: Stage, { atClient, atServer }: Connected): Promise<void> {
  await client.do('close', atClient)
  await server.do('read', atServer, 100)
  await server.do('close', atServer)
}

export default flow
