/** A hundred traced echo exchanges: each write has its segment, each read the segment that brought it, each FIN its close. */
import { expect, test } from 'vitest'
import { isRead, isWrite } from '../../src/calls/transfers.js'
import { compiled, describeTraced, folderOf, freePort, mistakesIn, synopsis, timelinesIn } from './support.js'

const EXCHANGES = 100

describeTraced('a hundred echo exchanges', () => {
  const folder = folderOf('trace-echo')
  const server = compiled(folder, 'echo-server')
  const client = compiled(folder, 'echo-client')

  async function traced(kind: string) {
    const port = String(await freePort())
    const words = ['trace', '--json', '--', server, port, kind, '::', client, port, String(EXCHANGES), kind]
    const { status, stdout, stderr } = await synopsis(words)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const [timeline, another] = timelinesIn(stdout)
    if (timeline === undefined) throw new Error(`no session: ${stdout}`)
    expect(another).toBeUndefined()
    expect(mistakesIn(stdout)).toEqual([])
    return timeline
  }

  test.each(['4', '6'])('over TCP and IPv%s', { timeout: 60_000 }, async (kind) => {
    const { events, observed = [], disagreements } = await traced(kind)
    expect(disagreements).toEqual([])
    const packets = events.flatMap((event) => (event.kind === 'packet' ? [event] : []))
    const byFrame = new Map(packets.map((packet) => [packet.frame, packet]))
    const writes = observed.filter((call) => call.on === 'socket' && isWrite(call))
    const reads = observed.filter((call) => call.on === 'socket' && isRead(call) && (call.result ?? 0) > 0)
    expect(writes.length).toBe(2 * EXCHANGES)
    for (const call of writes) {
      // one line is one segment, the one that carries it, and no other call's
      const [frame, another] = call.sends
      expect(another).toBeUndefined()
      expect(byFrame.get(frame ?? 0)).toMatchObject({ from: call.by, length: call.result })
    }
    expect(new Set(writes.flatMap((call) => call.sends)).size).toBe(writes.length)
    expect(reads.length).toBe(2 * EXCHANGES)
    for (const call of reads) {
      expect(call.takes.length).toBe(1)
      const packet = byFrame.get(call.takes[0] ?? 0)
      expect(packet).toMatchObject({ length: call.result })
      expect(packet?.from).not.toBe(call.by)
      expect(packet?.time).toBeLessThanOrEqual(call.returned ?? 0)
    }
    const fins = packets.filter(({ tcp }) => tcp?.flags.includes('FIN'))
    expect(fins.length).toBe(2)
    for (const fin of fins) {
      const closers = observed.filter(({ sends }) => sends.includes(fin.frame))
      expect(closers.map(({ by, call }) => [by, call])).toEqual([[fin.from, 'close']])
    }
    const accept = observed.find(({ call }) => call === 'accept')
    const third = packets[2]
    expect(accept?.takes).toEqual([third?.frame])
    expect(accept?.waited).toBe((third?.time ?? 0) - (accept?.entered ?? 0))
    const names = observed.filter(({ by }) => by === 'server').map(({ call }) => call)
    expect(names.slice(0, 5)).toEqual(['socket', 'setsockopt', 'bind', 'listen', 'accept'])
  })

  test('over UDP', { timeout: 60_000 }, async () => {
    const { events, observed = [] } = await traced('udp')
    const byFrame = new Map(events.flatMap((event) => (event.kind === 'packet' ? [[event.frame, event] as const] : [])))
    const sent = observed.filter((call) => call.call === 'sendto')
    const received = observed.filter((call) => call.call === 'recvfrom' || call.call === 'recv')
    expect(sent.length).toBe(2 * EXCHANGES + 1)
    for (const call of sent)
      expect(byFrame.get(call.sends[0] ?? 0)).toMatchObject({ from: call.by, length: call.result })
    expect(received.length).toBe(2 * EXCHANGES + 1)
    for (const call of received) expect(byFrame.get(call.takes[0] ?? 0)).toMatchObject({ length: call.result })
    expect(new Set(received.flatMap((call) => call.takes)).size).toBe(received.length)
  })
})
