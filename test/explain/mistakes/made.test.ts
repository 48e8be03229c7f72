/** Each mistake made once: that one is found, with its evidence, and no other. */
import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { MistakeName } from '../../../src/explain/mistakes/mistake.js'
import { findMistakes } from '../../../src/explain/mistakes/mistakes.js'
import { connectionsInTimeWait } from '../../../src/trace/time-wait.js'
import { compile, freePort, isTaken, missing, namesOf, type Play, play, Stage, until } from './traced.js'

interface Case extends Play {
  readonly mistake: MistakeName
  /** what its evidence says */
  readonly says: RegExp
  /** whether it names frames too */
  readonly frames?: boolean
}

const echo = (...more: string[]) => [compile('echo_client'), '127.0.0.1', 'PORT', ...more]
const client = (macros: string[], ...words: string[]) => [compile('client', ...macros), '127.0.0.1', 'PORT', ...words]
const swapped = (port: number) => ((port & 0xff) << 8) | (port >> 8)

const CASES: Record<string, () => Case> = {
  'the parent keeps the connection': () => ({
    mistake: 'parent-keeps-connection',
    says: /gave up the connection with 127\.0\.0\.1:\d+.*still holds it as descriptor 4/,
    server: [compile('fork', 'PARENT_KEEPS'), 'PORT'],
    // it waits for the FIN that does not come
    clients: [['timeout', '-s', 'KILL', '1', ...echo()]],
  }),
  'the child keeps the listening socket': () => ({
    mistake: 'child-keeps-listener',
    says: /holds the listening socket 0\.0\.0\.0:\d+ as descriptor 3 to its end/,
    server: [compile('fork', 'CHILD_KEEPS'), 'PORT'],
    clients: [echo(), echo()],
  }),
  'children are not waited for': () => ({
    mistake: 'unreaped-children',
    says: /2 children \(pids \d+, \d+\) ended, and .* lived on/,
    server: [compile('fork', 'NO_WAIT'), 'PORT'],
    clients: [echo(), echo()],
  }),
  'one wait for several signals': () => ({
    mistake: 'unreaped-children',
    says: /did not ask again/,
    server: [compile('fork', 'ONE_WAIT'), 'PORT'],
    clients: Array.from({ length: 6 }, () => echo()),
    together: true,
    patience: 1500,
  }),
  'an interrupted accept is not made again': () => ({
    mistake: 'interrupted-call',
    says: /SIGCHLD interrupted accept/,
    server: [compile('fork', 'NO_RESTART'), 'PORT'],
    clients: [echo()],
    ends: true,
  }),
  'a connection is never closed': () => ({
    mistake: 'leaked-descriptor',
    says: /keeps descriptor 4 .* open .* though read returned 0/,
    server: [compile('iterative', 'LEAK'), 'PORT'],
    clients: [client(['READ_ONCE'], 'hello'), client(['READ_ONCE'], 'hello')],
  }),
  'a port without htons': () => ({
    mistake: 'byte-order',
    says: /was told port (\d+) \(in its arguments\) and bound to port (\d+)/,
    server: [compile('iterative', 'NO_HTONS'), 'PORT'],
    clients: [],
    listensAt: swapped,
  }),
  'a part of a message is taken for the whole': () => ({
    mistake: 'partial-read',
    // all of its 200,000, or what fitted before the reset came
    says: /wrote [\d,]{6,7} bytes at once.*did not read again/,
    frames: true,
    server: [compile('whole', 'PART', 'SMALL_RECEIVE_BUFFER'), '200000', 'PORT'],
    clients: [[compile('big_client'), '127.0.0.1', 'PORT', '200000']],
    ends: true,
  }),
  'half of a message is taken for the whole': () => ({
    mistake: 'partial-read',
    says: /wrote 100 bytes in all; .* asked for 100, got 50/,
    server: [compile('whole', 'PART'), '100', 'PORT'],
    clients: [[compile('halves'), '127.0.0.1', 'PORT', '100']],
    ends: true,
  }),
  'the first half of a request is taken for the whole': () => ({
    mistake: 'partial-read',
    says: /asked for 255, got 50/,
    server: [compile('iterative'), 'PORT'],
    clients: [[compile('halves'), '127.0.0.1', 'PORT', '100']],
  }),
  'a part of what was to be written': () => ({
    mistake: 'partial-write',
    says: /gave write 20,000,000 bytes, it took [\d,]+, and nothing more was written/,
    server: [compile('sink'), 'PORT'],
    clients: [[compile('big_client', 'NON_BLOCKING'), '127.0.0.1', 'PORT', '20000000']],
    ends: true,
  }),
  'a read is taken for a message': () => ({
    mistake: 'segment-boundaries',
    says: /wrote 2 messages; one read .* returned 2 of them at once/,
    server: [compile('requests', 'ONE_READ'), 'PORT'],
    clients: [client(['COUNT_ANSWERS', 'TIMEOUT'], 'one', 'two')],
    ends: true,
  }),
  'data is left unread at close': () => ({
    mistake: 'unread-at-close',
    says: /read 10 of the 101 bytes .* and closed with 91 unread: a RST instead of a FIN/,
    frames: true,
    server: [compile('iterative', 'ROOM=10', 'SLOW_TO_READ'), 'PORT'],
    clients: [client(['READ_ONCE'], 'x'.repeat(100))],
  }),
  'a connection is never closed, and its end never read': () => ({
    mistake: 'leaked-descriptor',
    says: /the other end's FIN came in #\d+/,
    server: [compile('iterative', 'FORGET'), 'PORT'],
    clients: [client(['READ_ONCE'], 'hello')],
  }),
  'a string is sent with its NUL': () => ({
    mistake: 'string-terminator',
    says: /sent "hello\\n\\0": 7 bytes, the last of them the NUL/,
    server: [compile('iterative'), 'PORT'],
    clients: [client(['WITH_NUL'], 'hello')],
  }),
  'a string is read without a NUL behind it': () => ({
    mistake: 'string-terminator',
    says: /returned 3 bytes, "hi\\n", without a NUL.*the rest of the \d+ bytes that came before/,
    server: [compile('iterative', 'NO_TERMINATOR'), 'PORT'],
    clients: [client([], 'a longer message'), client([], 'hi')],
  }),
  'a write after the reset': () => ({
    mistake: 'write-after-reset',
    says: /SIGPIPE ended the process/,
    server: [compile('iterative'), 'PORT'],
    clients: [[compile('late_writer'), '127.0.0.1', 'PORT']],
  }),
  'a datagram that does not fit': () => ({
    mistake: 'cut-datagram',
    says: /was 19 bytes long; recvfrom .* had room for 8, and 11 are lost/,
    server: [compile('udp_server', 'ROOM=8'), 'PORT'],
    clients: [[compile('udp_client'), '127.0.0.1', 'PORT', 'a longer datagram..']],
  }),
  'a datagram that does not fit, and the kernel says so': () => ({
    mistake: 'cut-datagram',
    says: /had room for 8/,
    server: [compile('udp_server', 'ROOM=8', 'BY_RECVMSG'), 'PORT'],
    clients: [[compile('udp_client', 'CONNECTED'), '127.0.0.1', 'PORT', 'a longer datagram..']],
  }),
  'a datagram that cannot be sent': () => ({
    mistake: 'ignored-failure',
    says: /sendto .* failed with EMSGSIZE, and recv.* waited for an answer/,
    server: [compile('udp_server'), 'PORT'],
    clients: [[compile('udp_client', 'TOO_LONG'), '127.0.0.1', 'PORT', 'x']],
  }),
  'a backlog that is too small': () => ({
    mistake: 'backlog',
    says: /a backlog of 0; \d connections? waited for accept/,
    frames: true,
    server: [compile('iterative', 'BACKLOG=0', 'SLOW_TO_ACCEPT'), 'PORT'],
    clients: Array.from({ length: 4 }, () => client([], 'hello')),
    together: true,
  }),
}

describe.skipIf(missing !== undefined)(
  `a mistake made once is found, and no other${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    test.each(Object.keys(CASES))('%s', async (name) => {
      const one = CASES[name]?.()
      if (one === undefined) throw new Error(name)
      const result = await play(one)
      expect(namesOf(result)).toEqual([one.mistake])
      const [mistake] = result.mistakes
      expect(mistake?.evidence.map(({ text }) => text).join('\n')).toMatch(one.says)
      expect(mistake?.evidence.flatMap(({ calls }) => calls).length).toBeGreaterThan(0)
      if (one.frames) expect(mistake?.evidence.flatMap(({ frames }) => frames).length).toBeGreaterThan(0)
    })

    test('TIME_WAIT is in the way', async () => {
      const port = String(await freePort())
      const server = compile('iterative', 'NO_REUSE', 'ONCE')
      const stage = new Stage()
      await stage.capture(`port ${port}`)
      const first = stage.trace([server, port])
      await until('the server', () => isTaken(Number(port)))
      await stage.trace([compile('client'), '127.0.0.1', port, 'hello']).ended
      await first.ended
      await stage.trace([server, port]).ended
      const result = await stage.judge()
      expect(namesOf(result)).toEqual(['no-reuseaddr'])
      expect(result.mistakes[0]?.evidence[1]?.text).toMatch(
        /was in TIME_WAIT: this end had closed first \(FIN in #\d+\)/,
      )
    })

    test('TIME_WAIT of a run that nobody traced is in the way', async () => {
      const port = String(await freePort())
      const server = compile('iterative', 'NO_REUSE', 'ONCE')
      const first = spawn(server, [port], { stdio: 'ignore' })
      const over = new Promise((resolve) => first.on('exit', resolve))
      await until('the server', () => isTaken(Number(port)))
      spawnSync(compile('client'), ['127.0.0.1', port, 'hello'])
      await over
      const stage = new Stage()
      await stage.capture(`port ${port}`)
      await stage.trace([server, port]).ended
      const { processes, timelines, mistakes } = await stage.judge()
      expect(mistakes).toEqual([])
      const [mistake] = findMistakes(processes, timelines, connectionsInTimeWait())
      expect(mistake?.name).toBe('no-reuseaddr')
      expect(mistake?.evidence[1]?.text).toMatch(/^the kernel has its connection with 127\.0\.0\.1:\d+ in TIME_WAIT/)
    })

    test('bind fails, and the program goes on', async () => {
      const port = String(await freePort())
      const stage = new Stage()
      await stage.capture(`port ${port}`)
      const first = stage.trace([compile('iterative'), port])
      await until('the server', () => isTaken(Number(port)))
      const second = stage.trace([compile('iterative', 'IGNORE_BIND'), port])
      await stage.trace([compile('client'), '127.0.0.1', port, 'hello']).ended
      await second.interrupt()
      await first.interrupt()
      const result = await stage.judge()
      expect(namesOf(result)).toEqual(['ignored-failure'])
      expect(result.mistakes[0]?.evidence[0]?.text).toMatch(
        /bind .* failed with EADDRINUSE, and listen was called.*it listens at/,
      )
    })

    test('connect fails, and the program goes on', async () => {
      const port = String(await freePort())
      const stage = new Stage()
      await stage.capture(`port ${port}`)
      await stage.trace([compile('client', 'IGNORE_CONNECT'), '127.0.0.1', port, 'hello']).ended
      const result = await stage.judge()
      expect(namesOf(result)).toEqual(['ignored-failure'])
    })
  },
)
