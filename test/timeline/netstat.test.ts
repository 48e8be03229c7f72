/** What the kernels said of a session's sockets, among its events. */
import { describe, expect, test } from 'vitest'
import { parseSocketTable, type SocketTable } from '../../src/calls/socket-table.js'
import { describe as inWords } from '../../src/render/ladder/call-rows.js'
import { netstatOf, withNetstat } from '../../src/timeline/netstat.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const timeline = timelineOf(
  new Conversation()
    .client('S', { at: 0 })
    .server('SA', { at: 1 })
    .client('A', { at: 2 })
    .client('FA', { at: 50 })
    .server('FA', { at: 60 })
    .client('A', { at: 61 }),
)
const { client, server, start } = timeline.summary
const ends = { client: `${client.address}:${client.port}`, server: `${server.address}:${server.port}` }

/** A table of one node, seen so many ms after the session began. */
function table(node: 'client' | 'server', at: number, ...states: readonly string[]): SocketTable {
  const [seconds = 0, nanoseconds = 0] = start.split('.').map(Number)
  const time = seconds * 1000 + nanoseconds / 1e6 + at
  const from = `${Math.floor(time / 1000)}.${String(Math.round((time % 1000) * 1e6)).padStart(9, '0')}`
  const sockets = states.map((state) =>
    state === 'LISTEN'
      ? { local: ends.server, remote: '0.0.0.0:0', state }
      : { local: ends[node], remote: ends[node === 'client' ? 'server' : 'client'], state },
  )
  return { node, from, until: from, gap: 5, sockets }
}

describe('what netstat shows', () => {
  const tables = [
    table('server', -500),
    table('server', -400, 'LISTEN'),
    table('client', -400),
    table('server', 3, 'LISTEN', 'ESTABLISHED'),
    table('client', 4, 'ESTABLISHED'),
    table('server', 30, 'LISTEN', 'ESTABLISHED'),
    table('client', 55, 'FIN_WAIT_1'),
    table('client', 65, 'TIME_WAIT'),
    table('server', 65, 'LISTEN'),
    table('server', 80),
  ]

  test('is told where it changes, from what stood when the session began', () => {
    expect(netstatOf(timeline, tables).map((event) => `${event.by} ${inWords(event)}`)).toEqual([
      'server netstat: LISTEN',
      'server netstat: LISTEN, ESTABLISHED',
      'client netstat: ESTABLISHED',
      'client netstat: FIN_WAIT_1',
      'client netstat: TIME_WAIT',
      'server netstat: LISTEN',
      'server netstat: no socket',
    ])
  })

  test('stands in its place among the packets', () => {
    const kinds = withNetstat(timeline, tables).events.map((event) => (event.kind === 'packet' ? '#' : event.kind[0]))
    expect(kinds.join('')).toBe('n###nn#n#nnn#'.replace('#nnn#', '##nnn'))
  })

  test('of other connections is not told', () => {
    const other = { local: ends.client, remote: '10.0.0.9:80', state: 'ESTABLISHED' }
    expect(netstatOf(timeline, [{ ...table('client', 5), sockets: [other] }])).toEqual([])
  })

  test('a line that is no table is refused', () => {
    expect(parseSocketTable(JSON.stringify(table('client', 0, 'SYN_SENT')))).toMatchObject({ node: 'client' })
    for (const line of ['', 'x', '{}', '{"node":"client"}', '[]', 'null']) {
      expect(() => parseSocketTable(line)).toThrow(/no table of sockets/)
    }
  })
})
