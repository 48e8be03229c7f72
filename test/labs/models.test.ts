/** What tells the models apart: who waits for whom, and what a shortage does. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childrenOf, client, type Server, serve, stop, temporaryFolder, until } from './support.js'

const linux = process.platform === 'linux'
const folder = temporaryFolder()

class Client {
  readonly socket: Socket
  received = ''
  ended = false

  constructor(server: Server) {
    this.socket = connect(server.port, server.host)
    this.socket.setEncoding('utf8').on('data', (text) => {
      this.received += text
    })
    this.socket.on('end', () => {
      this.ended = true
    })
    this.socket.on('error', () => {
      this.ended = true
    })
  }

  static async to(server: Server): Promise<Client> {
    const client = new Client(server)
    await once(client.socket, 'connect')
    return client
  }

  async echo(line: string): Promise<void> {
    this.received = ''
    this.socket.write(line)
    await until(() => this.received === line, `${line} comes back`)
  }
}

/** Time for something that must not happen to happen. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 300))

describe('who waits', () => {
  test('iterative: the second client is connected, sends, and is answered when the first has left', async () => {
    const server = await serve({ service: 'echo' })
    const first = await Client.to(server)
    await first.echo('first\n')
    const second = await Client.to(server)
    second.socket.write('second\n')
    await first.echo('first again\n')
    await aWhile()
    expect(second.received).toBe('')
    first.socket.end()
    await until(() => second.received === 'second\n')
    second.socket.destroy()
    await stop(server)
  })

  test('prefork: as many clients at once as there are children', async () => {
    const server = await serve({ service: 'echo', model: 'prefork', args: ['--children', '2'] })
    const [first, second] = [await Client.to(server), await Client.to(server)]
    await first.echo('first\n')
    await second.echo('second\n')
    const third = await Client.to(server)
    third.socket.write('third\n')
    await aWhile()
    expect(third.received).toBe('')
    second.socket.end()
    await until(() => third.received === 'third\n')
    for (const { socket } of [first, third]) socket.destroy()
    await stop(server)
  })

  test.each(['fork', 'threads', 'select', 'inetd'] as const)('%s: nobody', async (model) => {
    const server = await serve({ service: 'echo', model })
    const clients = [await Client.to(server), await Client.to(server), await Client.to(server)]
    for (const each of [...clients].reverse()) await each.echo('hello\n')
    for (const { socket } of clients) socket.destroy()
    await stop(server)
  })
})

describe('a child that is killed', () => {
  test.each(['fork', 'inetd'] as const)(
    '%s: costs its client only, and is no zombie',
    { skip: !linux },
    async (model) => {
      const server = await serve({ service: 'echo', model })
      const one = await Client.to(server)
      await one.echo('one\n')
      const [child] = childrenOf(server.pid)
      const two = await Client.to(server)
      await two.echo('two\n')
      process.kill(child?.pid ?? 0, 'SIGKILL')
      await until(() => one.ended)
      await until(() => childrenOf(server.pid).length === 1, 'the killed child is waited for')
      await until(() => server.stderr.includes(`child ${child?.pid} killed by SIGKILL\n`))
      await two.echo('still there\n')
      two.socket.destroy()
      await stop(server)
    },
  )

  test('prefork: the others go on; with the last one the server ends', { skip: !linux }, async () => {
    const server = await serve({ service: 'echo', model: 'prefork', args: ['--children', '2'] })
    await until(() => childrenOf(server.pid).length === 2)
    const [one, two] = childrenOf(server.pid)
    process.kill(one?.pid ?? 0, 'SIGKILL')
    const survivor = await Client.to(server)
    await survivor.echo('hello\n')
    process.kill(two?.pid ?? 0, 'SIGKILL')
    await server.ended
    expect(survivor.ended).toBe(true)
  })
})

describe('too many clients', () => {
  test('select: descriptors beyond an fd_set are turned away, the others are served', async () => {
    const server = await serve({ service: 'echo', model: 'select', args: ['--backlog', '1100'] })
    const clients: Client[] = []
    while (!clients.some(({ ended }) => ended)) {
      const next = await Client.to(server)
      next.socket.write(`client ${clients.length}\n`)
      await until(() => next.received !== '' || next.ended)
      clients.push(next)
      expect(clients.length).toBeLessThan(1024)
    }
    await until(() => server.stderr.includes('descriptor 1024 does not fit into an fd_set'))
    const [first] = clients
    await first?.echo('the first is still served\n')
    // when one has left, there is room again
    first?.socket.end()
    await until(() => first?.socket.closed === true)
    const late = await Client.to(server)
    await late.echo('room again\n')
    for (const { socket } of [...clients, late]) socket.destroy()
    expect(await stop(server)).toBe(0)
  })

  test('select: those without a descriptor wait in the backlog', async () => {
    const server = await serve({ service: 'echo', model: 'select', descriptors: 45, args: ['--backlog', '100'] })
    const clients: Client[] = []
    for (let index = 0; index < 40; index++) clients.push(await Client.to(server))
    for (const [index, { socket }] of clients.entries()) socket.write(`client ${index}\n`)
    await until(() => server.stderr.includes('ERROR on accept: Too many open files'))
    // each is answered in its turn, as the ones before leave
    for (const [index, each] of clients.entries()) {
      await until(() => each.received === `client ${index}\n`)
      each.socket.end()
    }
    expect(await stop(server)).toBe(0)
  })
})

test('threads: a client for whom there is no thread is turned away, and the server lives on', async () => {
  const server = await serve({ service: 'echo', model: 'threads', descriptors: 50, args: ['--backlog', '100'] })
  const clients: Client[] = []
  for (let index = 0; index < 40; index++) clients.push(await Client.to(server))
  for (const [index, { socket }] of clients.entries()) socket.write(`client ${index}\n`)
  for (const [index, each] of clients.entries()) {
    await until(() => each.ended || each.received === `client ${index}\n`)
    each.socket.end()
  }
  expect(clients[0]?.received).toBe('client 0\n')
  const late = await Client.to(server)
  await late.echo('room again\n')
  late.socket.destroy()
  expect(await stop(server)).toBe(0)
})

test('a server and a client that are given nothing to do end all the same', async () => {
  const server = await serve({ service: 'message', args: ['--once'], transport: 'unix', host: join(folder, 'nothing') })
  const program = client({ service: 'message', transport: 'unix', host: server.host, port: 0 }, '')
  expect(await program.ended).toBe(0)
  expect(await server.ended).toBe(0)
  expect(server.stdout).toBe('Here is the message: \n')
})

test('nobody is disturbed by a client that is gone before it is accepted', async () => {
  const server = await serve({ service: 'echo' })
  const first = await Client.to(server)
  await first.echo('first\n')
  const gone = await Client.to(server)
  gone.socket.resetAndDestroy()
  first.socket.end()
  const next = await Client.to(server)
  await next.echo('next\n')
  next.socket.destroy()
  await stop(server)
})
