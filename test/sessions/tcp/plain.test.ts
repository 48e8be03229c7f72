/** The short ways of plain segments say, and remember, what the long ones do. */
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { ACK, FIN, Packet, PSH, RST, SYN } from '../../../src/packet.js'
import { summarizeTruth } from '../../../src/sessions/summarize-truth.js'
import { TcpTruth, TruthMemory } from '../../../src/sessions/tcp/truth/truth.js'
import { WiresharkAnalysis } from '../../../src/sessions/tcp/wireshark/analysis.js'
import { WiresharkResult } from '../../../src/sessions/tcp/wireshark/result.js'
import { SegmentPool } from '../../../src/sessions/tcp/wireshark/segment-pool.js'

/** One step of a conversation that mostly goes well. */
const step = fc.record({
  from: fc.constantFrom<0 | 1>(0, 1),
  what: fc.oneof(
    { weight: 12, arbitrary: fc.constant('data' as const) },
    { weight: 12, arbitrary: fc.constant('acknowledge' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('again', 'old', 'lose', 'same', 'shut', 'window', 'byte', 'unseen', 'select'),
    },
    { weight: 1, arbitrary: fc.constantFrom('fin', 'syn', 'reset', 'urgent', 'bad', 'scale', 'quote', 'hop') },
  ),
  length: fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 3000 })),
  wait: fc.constantFrom(1e3, 50e3, 300e3, 5e6, 30e6, 300e6),
  skip: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: -3, max: 400 }) }),
  tick: fc.constantFrom(0, 0, 1, 4),
})
type Step = ReturnType<typeof step.generate>['value']

const session = fc.record({
  steps: fc.array(step, { minLength: 20, maxLength: 200 }),
  base: fc.constantFrom(1000, -5, 2 ** 31 - 500),
  opens: fc.boolean(),
  isStamped: fc.boolean(),
  version: fc.constantFrom<4 | 6>(4, 4, 6),
  scale: fc.constantFrom(-1, 0, 7),
  direction: fc.constantFrom(0, 0, 1, 2),
})

type Session = ReturnType<typeof session.generate>['value']

/** Writes the packets of a session into one record, and calls `visit` with each. */
function play(
  { steps, base, opens, isStamped, version, scale, direction }: Session,
  visit: (packet: Packet, side: 0 | 1, time: number, isQuote: boolean) => void,
): void {
  const packet = new Packet()
  const { tcp } = packet
  packet.networkVersion = version
  packet.frame = new DataView(new ArrayBuffer(64))
  packet.frame.setUint32(0, 1)
  packet.linkType = 1
  packet.end = 64
  const next = [base, base + 7]
  const acknowledged = [base, base + 7]
  const number = [100, 0xfff0]
  const clock = [5, 2 ** 31 - 3]
  let time = 0
  const send = (
    side: 0 | 1,
    flags: number,
    sequence: number,
    length: number,
    { wait, skip, tick }: Partial<Step> = {},
  ) => {
    const other = side === 0 ? 1 : 0
    time += wait ?? 1e6
    packet.number++
    number[side] = ((number[side] ?? 0) + (skip ?? 1)) & 0xffff
    packet.identification = version === 4 ? (number[side] ?? 0) : 0
    clock[side] = (clock[side] ?? 0) + (tick ?? 1)
    packet.timeToLive = 64 - side
    packet.transportChecksum = 0
    packet.direction = direction === 0 ? 0 : side === direction - 1 ? 2 : 1
    tcp.flags = flags
    tcp.sequence = sequence | 0
    tcp.acknowledgment = (acknowledged[other] ?? 0) | 0
    tcp.length = length
    tcp.headerLength = 20
    tcp.window = 4000
    tcp.sackBlocks = 0
    tcp.windowScale = (flags & SYN) !== 0 ? scale : -1
    tcp.mss = (flags & SYN) !== 0 ? 1460 : -1
    tcp.hasTimestamps = isStamped
    tcp.timestampValue = (clock[side] ?? 0) >>> 0
    tcp.timestampEcho = (clock[other] ?? 0) >>> 0
  }
  const show = (side: 0 | 1, isQuote = false) => visit(packet, side, time, isQuote)
  if (opens) {
    send(0, SYN, base - 1, 0)
    show(0)
    send(1, SYN | ACK, base + 6, 0)
    show(1)
    send(0, ACK, base, 0)
    show(0)
  }
  for (const one of steps) {
    const { from, what, length } = one
    const other = from === 0 ? 1 : 0
    const at = next[from] ?? 0
    const flags = what === 'data' && length % 3 === 0 ? ACK | PSH : ACK
    if (what === 'acknowledge' || what === 'window') acknowledged[other] = next[other] ?? 0
    const carries = what === 'data' || what === 'lose' || what === 'bad' || what === 'urgent' || what === 'fin'
    send(from, flags, at, carries ? length : 0, one)
    if (carries) next[from] = at + length
    if (what === 'lose') continue
    if (what === 'again') Object.assign(tcp, { sequence: (at - length) | 0, length })
    if (what === 'old') Object.assign(tcp, { acknowledgment: (tcp.acknowledgment - length) | 0 })
    if (what === 'shut') tcp.window = 0
    if (what === 'window') tcp.window = length
    if (what === 'byte') Object.assign(tcp, { sequence: (at - (length & 1)) | 0, length: 1 })
    if (what === 'unseen') tcp.acknowledgment = ((next[other] ?? 0) + length) | 0
    if (what === 'select') {
      tcp.sackBlocks = 1
      tcp.sack.set([(next[other] ?? 0) - length, next[other] ?? 0])
    }
    if (what === 'fin') tcp.flags |= FIN
    if (what === 'syn') tcp.flags = length % 2 === 0 ? SYN : SYN | ACK
    if (what === 'reset') tcp.flags |= RST
    if (what === 'urgent') tcp.flags |= 0x20
    if (what === 'bad') packet.transportChecksum = 1 + (length % 4)
    if (what === 'scale') tcp.windowScale = 3
    if (what === 'hop') packet.timeToLive -= 1
    show(from, what === 'quote')
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('what Wireshark says by its flags, and what it has learned of the stream', () => {
  let plain = 0
  let all = 0
  fc.assert(
    fc.property(session, (given) => {
      const [long, short] = [new WiresharkAnalysis(new SegmentPool(2)), new WiresharkAnalysis(new SegmentPool(2))]
      const [full, result] = [new WiresharkResult(), new WiresharkResult()]
      play(given, (packet, side, time, isQuote) => {
        long.analyse(packet, side, time, full, isQuote)
        if (isQuote) {
          short.analyse(packet, side, time, result, true)
          return
        }
        all++
        expect(short.flagsOf(0, packet, side, time, result), `frame ${packet.number}`).toBe(full.flags)
        if (result.frame !== packet.number) plain++
      })
      short.select(0)
      const learned = ({ completeness, initialRtt, synTime, numbering }: WiresharkAnalysis['conversation']) => [
        completeness,
        initialRtt,
        synTime,
        ...numbering.map(({ base, windowScale }) => [base, windowScale]),
      ]
      expect(learned(short.conversation)).toEqual(learned(long.conversation))
    }),
    { numRuns: 200 },
  )
  expect(plain).toBeGreaterThan(all / 6)
})

/** A segment without data shows a gap, and the data that follows where it ends. */
const gapShownTwice: Session = {
  steps: (
    [
      [0, 'data'],
      [1, 'data'],
      [0, 'acknowledge'],
      [0, 'lose'],
      [0, 'acknowledge'],
      [0, 'data'],
      [0, 'again'],
    ] as const
  ).map(([from, what]) => ({
    from,
    what,
    length: what === 'again' ? 101 : 100,
    wait: 1e3,
    skip: what === 'lose' ? 0 : 1,
    tick: 0,
  })),
  base: 1000,
  opens: false,
  isStamped: false,
  version: 4,
  scale: -1,
  direction: 0,
}

test('what really happened', () => {
  const observe = vi.spyOn(TcpTruth.prototype, 'observe')
  let all = 0
  fc.assert(
    fc.property(session, (given) => {
      const memory = new TruthMemory(64)
      const [long, short] = [new TcpTruth(new TruthMemory(64)), new TcpTruth(memory)]
      play(given, (packet, side, time) => {
        all++
        long.observe(packet, side, time)
        short.take(0, packet, side, time)
      })
      const [expected, told] = [long.finish(), short.select(0).finish()]
      expect(summarizeTruth(told, 0)).toEqual(summarizeTruth(expected, 0))
      expect(told.missed).toEqual(expected.missed)
    }),
    { numRuns: 200, examples: [[gapShownTwice]] },
  )
  // each packet is observed the long way once, and the plain ones not a second time
  expect(2 * all - observe.mock.calls.length).toBeGreaterThan(all / 6)
})
