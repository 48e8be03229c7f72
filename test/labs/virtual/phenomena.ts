/** What each scenario's timeline must show: the phenomenon that it is named after. */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { type Call, parseCall } from '../../../src/calls/call.js'
import type { Kept } from '../../../src/labs/virtual/stage.js'
import type { Role, TcpSummary } from '../../../src/sessions/summary.js'
import type { PacketEvent, Timeline } from '../../../src/timeline/model.js'

const SECOND = 1e9

interface Seen {
  readonly all: readonly Timeline[]
  readonly kept: Kept
}

export const PHENOMENA: Readonly<Record<string, (seen: Seen) => void>> = {
  message({ all }) {
    const t = only(all)
    orderly(t, 'server')
    expect(said(t)).toEqual(['hello from the client⏎', 'I got your message'])
    expect(gapBefore(t, 4)).toBeGreaterThan(2 * SECOND)
  },
  echo({ all }) {
    const t = only(all)
    orderly(t, 'client')
    expect(said(t)).toEqual(['first line⏎', 'first line⏎', 'and a second one⏎', 'and a second one⏎'])
  },
  'three-clients'({ all, kept }) {
    expect(all).toHaveLength(3)
    for (const t of all) orderly(t, 'client')
    const spans = all.map(({ summary }) => [Number(summary.start), Number(summary.start) + summary.duration / SECOND])
    const opened = Math.max(...spans.map(([from = 0]) => from))
    expect(Math.min(...spans.map(([, until = 0]) => until)), 'all three are open at once').toBeGreaterThan(opened)
    expect(callsIn(kept.calls.server).filter(({ call }) => call === 'fork')).toHaveLength(3)
  },
  'iterative-waits'({ all }) {
    const [first, second] = all
    if (!first || !second) throw new Error('two sessions')
    const answered = packets(second).find(({ from, length }) => from === 'server' && length > 0)
    const established = packets(second)[2]
    const firstEnds = Number(first.summary.start) + first.summary.duration / SECOND
    const at = ({ time = 0 }: { time?: number } = {}) => Number(second.summary.start) + time / SECOND
    expect(at(established), 'its handshake is complete while the first is served').toBeLessThan(firstEnds - 0.5)
    expect(at(answered), 'its answer comes when the first is gone').toBeGreaterThan(firstEnds - 0.01)
  },
  http({ all }) {
    const t = only(all)
    orderly(t, 'server')
    expect(packets(t).find(({ from, length }) => from === 'client' && length > 0)?.text).toMatch(/^GET /)
  },
  daytime({ all }) {
    const t = only(all)
    orderly(t, 'server')
    expect(tcp(t).data.client.bytes).toBe(0)
    expect(tcp(t).data.server.bytes).toBeGreaterThan(20)
  },
  datagram({ all }) {
    expect(only(all).summary).toMatchObject({ protocol: 'udp', packets: 2, requests: { answered: 1 } })
  },
  fragments({ all }) {
    expect(only(all).summary).toMatchObject({ protocol: 'udp', packets: 1, data: { client: { largest: 4000 } } })
    expect(only(all).summary.firstFrame, 'the frame that completes it').toBe(3)
  },
  'datagram-cut'({ all, kept }) {
    expect(only(all).summary).toMatchObject({ protocol: 'udp', data: { client: { largest: 1400 } } })
    expect(callsIn(kept.calls.server).find(({ call }) => call === 'recvfrom')?.result).toBe(1024)
  },
  ipv6({ all }) {
    orderly(only(all), 'server')
    expect(only(all).summary.client.address).toBe('fd00:56::1')
    expect(packets(only(all))[0]?.tcp?.mss).toBe(1440)
  },
  'large-transfer'({ all }) {
    const t = only(all)
    orderly(t, 'client')
    expect(tcp(t).data.client, 'checksums are filled in').toMatchObject({ uniqueBytes: 60_000, partialChecksums: 0 })
    expect(Math.max(...packets(t).map(({ length }) => length)), 'no frame above the MTU').toBe(1448)
    const sent = packets(t).filter(({ length }) => length > 0)
    expect(sent[9]?.gap, 'ten segments at once').toBeLessThan(5e6)
    expect(sent[10]?.time, 'then a wait of a round trip').toBeGreaterThan((sent[0]?.time ?? 0) + 30e6)
  },
  urgent({ all }) {
    orderly(only(all), 'client')
    expect(packets(only(all)).filter(({ tcp }) => tcp?.flags.includes('URG'))).toMatchObject([{ length: 1, text: '!' }])
  },
  'client-closes-first'({ all }) {
    orderly(only(all), 'client')
    expect(states(only(all), 'client')).toEqual(['SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT'])
  },
  'server-closes-first'({ all }) {
    orderly(only(all), 'server')
    expect(states(only(all), 'server').slice(-3)).toEqual(['FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT'])
  },
  'half-close'({ all }) {
    const t = only(all)
    orderly(t, 'client')
    const fin = packets(t).findIndex(({ tcp }) => tcp?.flags.includes('FIN'))
    const after = packets(t).slice(fin + 1)
    expect(after.filter(({ from, length }) => from === 'server' && length > 0)).toHaveLength(2)
    expect(tcp(t).teardown.halfClosedFor).toBeGreaterThan(0.4 * SECOND)
  },
  'simultaneous-close'({ all }) {
    const t = only(all)
    expect(tcp(t).teardown.ending).toBe('simultaneous')
    expect(states(t, 'client').slice(-3)).toEqual(['FIN_WAIT_1', 'CLOSING', 'TIME_WAIT'])
  },
  'reset-on-close'({ all }) {
    expect(tcp(only(all)).teardown).toMatchObject({ ending: 'reset', reset: { by: 'client' } })
    expect(packets(only(all)).some(({ tcp }) => tcp?.flags.includes('FIN'))).toBe(false)
  },
  'close-unread'({ all }) {
    expect(tcp(only(all)).teardown).toMatchObject({ ending: 'reset', reset: { by: 'server' } })
  },
  'restart-without-reuseaddr'({ all, kept }) {
    const [first, second] = all
    if (!first || !second) throw new Error('two sessions')
    orderly(first, 'server')
    expect(tcp(second).teardown.ending).toBe('refused')
    expect(callsIn(kept.calls.server).filter(({ call }) => call === 'bind')).toMatchObject([
      { result: 0 },
      { errno: 'EADDRINUSE' },
    ])
  },
  'restart-with-reuseaddr'({ all, kept }) {
    expect(all).toHaveLength(2)
    const [first, second] = all
    if (!first || !second) throw new Error('two sessions')
    orderly(first, 'server')
    orderly(second, 'client')
    expect(callsIn(kept.calls.server).filter(({ call, errno }) => call === 'bind' && errno === undefined)).toHaveLength(
      2,
    )
  },
  refused({ all }) {
    expect(tcp(only(all)).teardown.ending).toBe('refused')
  },
  'udp-refused'({ all, kept }) {
    expect(only(all).events).toContainEqual(expect.objectContaining({ kind: 'icmp', type: 3, code: 3 }))
    expect(callsIn(kept.calls.client).find(({ call }) => call === 'recvfrom')?.errno).toBe('ECONNREFUSED')
  },
  'no-such-host'({ all, kept }) {
    expect(all, 'no SYN ever left').toEqual([])
    expect(kindsOnWire(kept).filter((kind) => kind === 'arp').length).toBeGreaterThanOrEqual(3)
    expect(callsIn(kept.calls.client).find(({ call }) => call === 'connect')?.errno).toBe('EHOSTUNREACH')
  },
  'host-silent'({ all, kept }) {
    expect(packets(only(all)).map(({ tcp }) => tcp?.flags)).toEqual([['SYN'], ['SYN'], ['SYN']])
    expect(gapBefore(only(all), 3)).toBeGreaterThan(1.5 * gapBefore(only(all), 2))
    expect(callsIn(kept.calls.client).find(({ call }) => call === 'connect')?.errno).toBe('ETIMEDOUT')
  },
  alarm({ all }) {
    expect(packets(only(all)).map(({ tcp }) => tcp?.flags)).toEqual([['SYN'], ['SYN']])
  },
  'server-killed'({ all, kept }) {
    const t = only(all)
    expect(tcp(t).teardown).toMatchObject({ first: 'server', reset: { by: 'server' } })
    expect(tcp(t).teardown.clientFin).toBeUndefined()
    const writes = callsIn(kept.calls.client).filter(({ call }) => call === 'write')
    expect(writes.map(({ errno }) => errno)).toEqual([undefined, undefined, 'EPIPE'])
    expect(said(t)).toEqual(['first line⏎', 'draws the reset⏎'])
  },
  'server-crashes'({ all, kept }) {
    const again = causes(only(all))
    expect(again.length, 'sent again and again').toBeGreaterThanOrEqual(3)
    expect(tcp(only(all)).teardown.ending).toBe('none')
    expect(callsIn(kept.calls.client).find(({ errno }) => errno)).toMatchObject({ call: 'read', errno: 'ETIMEDOUT' })
  },
  'server-reboots'({ all }) {
    const t = only(all)
    expect(tcp(t).teardown).toMatchObject({ ending: 'reset', reset: { by: 'server' } })
    expect(said(t)).toEqual(['before the crash⏎', 'after the reboot⏎'])
  },
  'client-crashes'({ all, kept }) {
    expect(causes(only(all)).length).toBeGreaterThanOrEqual(3)
    expect(callsIn(kept.calls.server).find(({ errno }) => errno)).toMatchObject({ call: 'read', errno: 'ETIMEDOUT' })
  },
  'network-back'({ all }) {
    const t = only(all)
    orderly(t, 'client')
    expect(causes(t).length).toBeGreaterThanOrEqual(2)
    expect(said(t).at(-1)).toBe('yes, again⏎')
  },
  'backlog-full'({ all }) {
    const [first, second] = all
    if (!first || !second) throw new Error('two sessions')
    expect(tcp(first).handshake.syn?.transmissions).toBe(1)
    expect(tcp(second).handshake.syn?.transmissions).toBeGreaterThan(1)
    orderly(second, 'client')
  },
  'reset-before-accept'({ all, kept }) {
    expect(tcp(only(all)).teardown).toMatchObject({ ending: 'reset', reset: { by: 'client' } })
    const accepted = callsIn(kept.calls.server).find(({ call }) => call === 'accept')
    expect(Number(accepted?.result)).toBeGreaterThan(0)
  },
  'slow-reader'({ all }) {
    const t = only(all)
    orderly(t, 'client')
    expect(found(t, 'zero_window').length).toBeGreaterThan(0)
    expect(found(t, 'window_probe').length + found(t, 'zero_window_probe').length, 'probes').toBeGreaterThan(0)
    expect(found(t, 'window_update').length).toBeGreaterThan(0)
    expect(tcp(t).data.client.uniqueBytes).toBe(30_000)
  },
  nagle({ all }) {
    const segments = packets(only(all)).filter(({ length }) => length > 0).length
    expect(segments).toBeGreaterThan(1)
    expect(segments, 'eight writes').toBeLessThan(8)
  },
  'no-nagle'({ all }) {
    const sent = packets(only(all)).filter(({ length }) => length > 0)
    expect(sent).toHaveLength(8)
  },
  'delayed-ack'({ all }) {
    const t = only(all)
    const lonely = packets(t).find(({ text }) => text?.startsWith('no answer'))
    const acknowledged = packets(t).find(({ frame }) => frame === lonely?.acknowledgedBy)
    expect(acknowledged?.acknowledgesAfter).toBeGreaterThan(30e6)
    expect(acknowledged?.length).toBe(0)
  },
  'keep-alive'({ all }) {
    expect(found(only(all), 'keep_alive').length).toBeGreaterThanOrEqual(2)
    expect(found(only(all), 'keep_alive_ack').length).toBeGreaterThanOrEqual(1)
  },
  'lost-segment'({ all }) {
    const t = only(all)
    const lost = packets(t).find(({ received }) => !received)
    // of those that ask for it again Wireshark calls some window updates: the window opens while the others arrive
    const asking = packets(t).filter((packet) => {
      const { sack, acknowledgment } = packet.tcp ?? {}
      return packet.from === 'server' && sack !== undefined && acknowledgment === lost?.tcp?.sequence
    })
    expect(asking.length).toBeGreaterThanOrEqual(3)
    const again = segments(t).filter(({ needed }) => needed !== false)
    expect(again).toMatchObject([{ verdict: 'retransmission', cause: 'fast retransmit' }])
  },
  'lost-last-segment'({ all }) {
    expect(causes(only(all))).toEqual(['tail loss probe'])
  },
  'lost-ack'({ all }) {
    const [again] = segments(only(all))
    expect(again).toMatchObject({ verdict: 'retransmission', from: 'client', needed: false })
    const told = packets(only(all)).find(({ frame, from }) => frame > (again?.frame ?? 0) && from === 'server')
    expect(told?.tcp?.sack, 'D-SACK').toHaveLength(1)
  },
  'lost-syn'({ all }) {
    expect(tcp(only(all)).handshake.syn?.transmissions).toBe(2)
    expect(gapBefore(only(all), 2)).toBeGreaterThan(0.9 * SECOND)
    orderly(only(all), 'client')
  },
  'lost-syn-ack'({ all }) {
    expect(tcp(only(all)).handshake.synAck?.transmissions).toBeGreaterThan(1)
    orderly(only(all), 'client')
  },
  'lost-fin'({ all }) {
    expect(causes(only(all))).toEqual(['FIN again'])
    orderly(only(all), 'client')
  },
  reordering({ all }) {
    const late = segments(only(all)).filter(({ verdict }) => verdict === 'out-of-order')
    expect(late).toHaveLength(1)
    expect(causes(only(all)), 'nothing is sent again').toEqual([])
  },
  duplication({ all }) {
    expect(segments(only(all))).toMatchObject([{ verdict: 'duplicate', from: 'client' }])
  },
  corruption({ all }) {
    const t = only(all)
    expect(found(t, 'bad_checksum')).toHaveLength(1)
    expect(found(t, 'bad_checksum')[0]?.received).toBe(false)
    expect(causes(t).length).toBeGreaterThanOrEqual(1)
  },
  'lossy-wire'({ all, kept }) {
    const lost = onWire(kept).filter(({ did, kinds }) => did.includes('loss') && kinds.includes('data')).length
    // chance has it that none is lost, too: one seed of forty
    expect(causes(only(all)).length).toBeGreaterThanOrEqual(lost)
    expect(tcp(only(all)).data.client.uniqueBytes).toBe(60_000)
  },
}

function only(all: readonly Timeline[]): Timeline {
  expect(all).toHaveLength(1)
  const [timeline] = all
  if (!timeline) throw new Error('no session')
  return timeline
}

function tcp({ summary }: Timeline): TcpSummary {
  if (summary.protocol !== 'tcp') throw new Error('not TCP')
  return summary
}

function orderly(timeline: Timeline, first: Role): void {
  expect(tcp(timeline).teardown).toMatchObject({ ending: 'orderly', first })
}

function packets({ events }: Timeline): PacketEvent[] {
  return events.filter((event) => event.kind === 'packet')
}

function said(timeline: Timeline): (string | undefined)[] {
  return packets(timeline)
    .filter(({ length }) => length > 0)
    .map(({ text }) => text)
}

/** ns between the nth packet and the one before. */
function gapBefore(timeline: Timeline, n: number): number {
  const all = packets(timeline)
  return (all[n - 1]?.time ?? 0) - (all[n - 2]?.time ?? 0)
}

function found(timeline: Timeline, name: string): PacketEvent[] {
  return packets(timeline).filter(({ findings }) => findings.some((finding) => finding.name === name))
}

function segments(timeline: Timeline) {
  return tcp(timeline).truth?.segments ?? []
}

/** Of all retransmissions. */
function causes(timeline: Timeline) {
  return segments(timeline)
    .filter(({ verdict }) => verdict === 'retransmission')
    .map(({ cause }) => cause)
}

/** The states that an end was in, each once. */
function states(timeline: Timeline, role: Role): string[] {
  return packets(timeline)
    .map(({ states }) => states?.[role] ?? '')
    .filter((state, at, all) => state !== all[at - 1])
}

function callsIn(file: string): Call[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n').map(parseCall)
}

interface OnWire {
  readonly kinds: readonly string[]
  readonly did: readonly string[]
}

function onWire({ wire }: Kept): OnWire[] {
  return readFileSync(wire, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as OnWire)
}

function kindsOnWire(kept: Kept): string[] {
  return onWire(kept).flatMap(({ kinds }) => kinds)
}
