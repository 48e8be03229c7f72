/** Programs without a mistake: none is accused. */
import { describe, expect, test } from 'vitest'
import { compile, missing, namesOf, placeFor, play, Stage } from './traced.js'

describe.skipIf(missing !== undefined)(
  `a correct program is not accused${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    const echoes = () => {
      const client = compile('echo_client')
      return [
        [client, '127.0.0.1', 'PORT'],
        [client, 'localhost', 'PORT', 'another line\n'],
      ]
    }

    test.each(['fork', 'prefork', 'threads', 'select', 'poll', 'epoll', 'inetd'])('a server: %s', async (name) => {
      for (const together of [false, true]) {
        const result = await play({ server: [compile(name), 'PORT'], clients: echoes(), together })
        expect(result.mistakes).toEqual([])
        expect(result.timelines.length).toBe(2)
      }
    })

    test('SIGCHLD ignored', async () => {
      const result = await play({ server: [compile('fork', 'IGNORE_CHILDREN'), 'PORT'], clients: echoes() })
      expect(result.mistakes).toEqual([])
    })

    test('the course’s own server, which reads once', async () => {
      const client = compile('client')
      const result = await play({
        server: [compile('iterative'), 'PORT'],
        clients: [
          [client, '127.0.0.1', 'PORT', 'hello'],
          [client, '127.0.0.1', 'PORT', 'a longer message than the first one was'],
          [client, '127.0.0.1', 'PORT', 'hi'],
        ],
      })
      expect(result.mistakes).toEqual([])
    })

    test.each<[string, string[], string[][]]>([
      [
        'a message of many segments',
        [compile('whole', 'SMALL_RECEIVE_BUFFER'), '200000', 'PORT'],
        [[compile('big_client'), '127.0.0.1', 'PORT', '200000']],
      ],
      [
        'two requests in one segment',
        [compile('requests'), 'PORT'],
        [[compile('client', 'COUNT_ANSWERS'), '127.0.0.1', 'PORT', 'one', 'two']],
      ],
      [
        'double close, sendfile, writev, popen',
        [compile('variety'), 'PORT'],
        [
          [compile('client', 'TIMEOUT'), '127.0.0.1', 'PORT', 'x'],
          [compile('waiting_client'), '127.0.0.1', 'PORT'],
        ],
      ],
    ])('%s', async (_, server, clients) => {
      const result = await play({ server, clients, ends: true })
      expect(result.mistakes).toEqual([])
    })

    test('a connection that parent and child share', async () => {
      const result = await play({
        server: [compile('threads'), 'PORT'],
        clients: [
          [compile('chat_client'), '127.0.0.1', 'PORT', 'one', 'two'],
          [compile('waiting_client'), '127.0.0.1', 'PORT'],
        ],
      })
      expect(result.mistakes).toEqual([])
    })

    test('sockets of the Unix domain', async () => {
      const stage = new Stage()
      await stage.trace([compile('unix_server'), placeFor('socket')]).ended
      const { mistakes, processes } = await stage.judge()
      expect(mistakes).toEqual([])
      const [at, from] = processes.sockets.filter(({ peerInode }) => peerInode !== undefined)
      expect(at?.peerInode).toBe(from?.inode)
    })

    test('without -yy, descriptors are followed all the same', async () => {
      const result = await play({ server: [compile('fork'), 'PORT'], clients: echoes(), options: [] })
      expect(result.mistakes).toEqual([])
      expect(
        result.processes.sockets.filter(({ acceptedFrom, peer }) => acceptedFrom !== undefined && peer !== undefined)
          .length,
      ).toBe(0)
      expect(
        result.processes.sockets.filter(({ references }) => references.some(({ by }) => by === 'fork')).length,
      ).toBe(3)
    })

    test('an error that the program takes note of', async () => {
      const result = await play({
        server: [compile('iterative'), 'PORT'],
        clients: [[compile('late_writer', 'LOOK'), '127.0.0.1', 'PORT']],
      })
      expect(namesOf(result)).toEqual([])
    })

    test.each([
      ['datagrams', [], []],
      ['datagrams by recvmsg, from a connected socket', ['BY_RECVMSG'], ['CONNECTED']],
    ])('%s', async (_, server, client) => {
      const result = await play({
        server: [compile('udp_server', ...server), 'PORT'],
        clients: [
          [compile('udp_client', ...client), '127.0.0.1', 'PORT', 'hello'],
          [compile('udp_client', ...client), '127.0.0.1', 'PORT', 'x'.repeat(3000)],
        ],
      })
      expect(result.mistakes).toEqual([])
    })
  },
)
