/** Many clients at once, and clients that behave badly: nothing is lost, nobody is disturbed, nothing is left behind. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Model } from '../../src/labs/task.js'
import { childrenOf, descriptorsOf, type Server, serve, stateOf, stop, until } from './support.js'

const linux = process.platform === 'linux'

/** A client of the echo server that checks what comes back. */
class EchoClient {
  readonly socket: Socket
  private received = ''

  constructor(server: Server) {
    this.socket = connect(server.port, server.host)
    this.socket.setEncoding('latin1').on('data', (text) => {
      this.received += text
    })
  }

  async exchange(line: string): Promise<void> {
    this.received = ''
    this.socket.write(`${line}\n`)
    while (this.received.length <= line.length) await once(this.socket, 'data')
    expect(this.received).toBe(`${line}\n`)
  }

  async close(): Promise<void> {
    this.socket.end()
    if (!this.socket.closed) await once(this.socket, 'close')
  }
}

/** When its clients are gone, a server has the descriptors open that it had before they came. */
async function expectNothingLeft(server: Server, before: number): Promise<void> {
  if (!linux) return
  await until(() => childrenOf(server.pid).every(({ state }) => state !== 'Z'), 'no zombie')
  await until(() => descriptorsOf(server.pid) <= before, 'no descriptor left open')
}

describe.each([
  ['threads', 200],
  ['select', 200],
  ['fork', 50],
  ['prefork', 50],
] as const)('%s', (model: Model, count) => {
  test(`serves ${count} clients at once`, { timeout: 120_000 }, async () => {
    const server = await serve({
      service: 'echo',
      model,
      args: ['--backlog', String(count), ...(model === 'prefork' ? ['--children', String(count)] : [])],
    })
    const before = linux ? descriptorsOf(server.pid) : 0
    const clients = Array.from({ length: count }, () => new EchoClient(server))
    // all of them are connected and have been answered before any of them goes on
    await Promise.all(clients.map((client, index) => client.exchange(`client ${index} is here`)))
    for (let round = 0; round < 20; round++) {
      await Promise.all(clients.map((client, index) => client.exchange(`client ${index}, line ${round}`)))
    }
    if (linux && model === 'fork') expect(childrenOf(server.pid)).toHaveLength(count)
    await Promise.all(clients.map((client) => client.close()))

    await until(() => server.stdout.match(/server received/g)?.length === count * 21)
    expect(server.stdout.match(/server connected to/g)).toHaveLength(count)
    if (linux && model === 'fork') await until(() => childrenOf(server.pid).length === 0, 'every child is waited for')
    await expectNothingLeft(server, before)
    expect(await stop(server)).toBe(0)
    expect(server.stderr).toMatch(/^.* listens on .*\n$/)
  })
})

const MEGABYTE = 2 ** 20

describe.each(['fork', 'prefork', 'threads', 'select'] as const)('%s', (model: Model) => {
  test('a silent client, one of 100 MB, one that resets and one that never reads disturb nobody', {
    timeout: 180_000,
  }, async () => {
    const server = await serve({ service: 'echo', model, args: ['--children', '6'] })
    const before = linux ? descriptorsOf(server.pid) : 0
    const silent = connect(server.port, server.host)
    await once(silent, 'connect')

    // sends until every buffer on the way is full, and reads nothing
    const deaf = connect(server.port, server.host).pause()
    await once(deaf, 'connect')
    const line = Buffer.alloc(8192, 'x').fill('\n', 8191)
    while (deaf.write(Buffer.alloc(MEGABYTE, line)));

    const reset = connect(server.port, server.host)
    await once(reset, 'connect')
    reset.write('then gone\n')
    await once(reset, 'data')
    reset.write(Buffer.alloc(4 * MEGABYTE, line))
    reset.resetAndDestroy()

    const large = connect(server.port, server.host)
    let returned = 0
    large.on('data', (data) => {
      returned += data.length
    })
    const largeDone = once(large, 'end')
    const sendAll = (async () => {
      for (let sent = 0; sent < 100; sent++) {
        if (!large.write(Buffer.alloc(MEGABYTE, line))) await once(large, 'drain')
      }
      large.end()
    })()

    // while the large one is under way, an ordinary client is answered
    await until(() => returned > MEGABYTE)
    const ordinary = new EchoClient(server)
    for (let round = 0; round < 20; round++) await ordinary.exchange(`line ${round}`)
    expect(returned).toBeLessThan(100 * MEGABYTE)
    await ordinary.close()

    await sendAll
    await largeDone
    expect(returned).toBe(100 * MEGABYTE)
    expect(silent.readyState).toBe('open')
    silent.destroy()
    deaf.destroy()
    await expectNothingLeft(server, before)
    expect(await stop(server)).toBe(0)
  })
})

test('a server that is killed leaves no child accepting behind', { skip: !linux }, async () => {
  const server = await serve({ service: 'echo', model: 'prefork', args: ['--children', '4'] })
  await until(() => childrenOf(server.pid).length === 4)
  const children = childrenOf(server.pid).map(({ pid }) => pid)
  await stop(server, 'SIGKILL')
  await until(() => children.every((pid) => ['', 'Z'].includes(stateOf(pid))), 'the children have ended')
})
