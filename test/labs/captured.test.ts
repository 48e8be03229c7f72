/**
 * Every service × model over TCP and UDP, captured in a network namespace of its own, and what the sessions say: who
 * closed first, in which states it ended, how many bytes went each way. The model makes no difference on the wire.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cell, catalog } from '../../src/labs/catalog.js'
import { client, SYNOPSIS, serve, start, stop, temporaryFolder, until } from './support.js'

const namespace = `labtest-${process.pid}`
const folder = temporaryFolder()
const ready = process.getuid?.() === 0 && ['ip', 'tcpdump'].every((tool) => spawnSync(tool, ['-V']).error === undefined)
const skipped = ready ? '' : ' (skipped: needs Linux, root, ip and tcpdump)'

const cells = catalog().filter(({ transport }) => transport === 'tcp' || transport === 'udp')
const portOf = (cell: Cell) => 20_000 + cells.indexOf(cell)

interface Expected {
  readonly input?: string
  readonly toServer: number
  /** bytes of the answer; 'printed': as many as the client printed */
  readonly toClient: number | 'printed'
  readonly first?: 'client' | 'server'
  readonly ending?: 'orderly' | 'reset'
}

const LINES = 'one\nand two\n'
const TCP: Record<string, Expected> = {
  message: { input: 'hello\n', toServer: 6, toClient: 18, first: 'server', ending: 'orderly' },
  echo: { input: LINES, toServer: 12, toClient: 12, first: 'client', ending: 'orderly' },
  daytime: { toServer: 0, toClient: 26, first: 'server', ending: 'orderly' },
  time: { toServer: 0, toClient: 4, first: 'server', ending: 'orderly' },
  http: { toServer: 28, toClient: 'printed', first: 'server', ending: 'orderly' },
  discard: { input: LINES, toServer: 12, toClient: 0, first: 'client', ending: 'orderly' },
}
const UDP: Record<string, Expected> = {
  datagram: { input: 'hello\n', toServer: 6, toClient: 17 },
  echo: { input: 'one\n', toServer: 4, toClient: 4 },
  daytime: { toServer: 0, toClient: 26 },
  time: { toServer: 0, toClient: 4 },
  discard: { input: 'one\n', toServer: 4, toClient: 0 },
}

interface Session {
  readonly protocol: string
  readonly server: { readonly port: number }
  readonly clientState: string
  readonly serverState: string
  readonly data: Record<'client' | 'server', { readonly bytes: number }>
  readonly teardown?: { readonly ending: string; readonly first: string; readonly reset?: { readonly by: string } }
}

const printed = new Map<Cell, number>()
let sessions: Session[] = []

beforeAll(async () => {
  if (!ready) return
  execFileSync('ip', ['netns', 'add', namespace])
  execFileSync('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'])
  const file = join(folder, 'cells.pcap')
  const tcpdump = start(
    // headers only, and a large ring: chargen is faster than any disk
    [
      'ip',
      'netns',
      'exec',
      namespace,
      'tcpdump',
      '-i',
      'lo',
      '--immediate-mode',
      '-U',
      '-n',
      '-s',
      '96',
      '-B',
      '65536',
      '-w',
      file,
    ],
    '',
  )
  await until(() => tcpdump.stderr.includes('listening on'))
  const waiting = [...cells]
  const worker = async () => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) await runCell(cell)
  }
  await Promise.all([worker(), worker(), worker()])
  const summaries = () => execFileSync(process.execPath, [SYNOPSIS, 'sessions', '--json', file], { encoding: 'utf8' })
  await until(() => {
    sessions = summaries()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    return cells.every((cell) => sessionOf(cell) !== undefined)
  }, 'every session is in the capture')
  await stop(tcpdump)
}, 300_000)

afterAll(() => {
  if (ready) spawnSync('ip', ['netns', 'delete', namespace])
})

async function runCell(cell: Cell): Promise<void> {
  const { service, model, transport } = cell
  const where = { service, transport, namespace, host: '127.0.0.1', port: portOf(cell) } as const
  const server = await serve({ ...where, model, args: ['--once'] })
  const program = client(where, (transport === 'tcp' ? TCP : UDP)[service]?.input ?? '')
  if ((await program.ended) !== 0) throw new Error(`${service}, ${model}, ${transport}: ${program.stderr}`)
  printed.set(cell, Buffer.byteLength(program.stdout))
  await server.ended
}

function sessionOf(cell: Cell): Session | undefined {
  return sessions.find(({ protocol, server }) => protocol === cell.transport && server.port === portOf(cell))
}

describe(`what the capture says of${skipped}`, { skip: !ready }, () => {
  for (const cell of cells) {
    const { service, model, transport } = cell
    test(`${service}, ${model}, ${transport}`, () => {
      const session = sessionOf(cell)
      if (service === 'chargen') {
        // it never ends by itself: over TCP the client closes with bytes unread, which is a reset
        if (transport === 'tcp') expect(session?.teardown).toMatchObject({ ending: 'reset', reset: { by: 'client' } })
        else expect(session?.data.server.bytes).toBe(printed.get(cell))
        return
      }
      const expected = (transport === 'tcp' ? TCP : UDP)[service]
      expect(session?.data).toMatchObject({
        client: { bytes: expected?.toServer },
        server: { bytes: expected?.toClient === 'printed' ? printed.get(cell) : expected?.toClient },
      })
      if (transport === 'udp') return
      expect(session?.teardown).toMatchObject({ ending: expected?.ending, first: expected?.first })
      const states = ['CLOSED', 'TIME_WAIT']
      expect([session?.clientState, session?.serverState]).toEqual(
        expected?.first === 'server' ? states : states.reverse(),
      )
    })
  }
})
