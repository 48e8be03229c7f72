/** Timelines written by hand: what the pictures are drawn from, without a capture. */
import type { SegmentSummary, TcpSummary, TruthSummary, UdpSummary } from '../../src/sessions/summary.js'
import type { StateName } from '../../src/sessions/tcp/states.js'
import type { DirectionTruth } from '../../src/sessions/tcp/truth/result.js'
import type { PacketEvent, TcpPart, Timeline, TimelineEvent } from '../../src/timeline/model.js'

const client = { address: '192.168.56.1', port: 43210 }
const server = { address: '192.168.56.10', port: 51717 }
const CLIENT_ISN = 2_873_459_107
const SERVER_ISN = 901_233_471

export const direction = {
  packets: 5,
  segments: 1,
  bytes: 22,
  uniqueBytes: 22,
  retransmittedBytes: 0,
  badChecksums: 0,
  partialChecksums: 0,
  remarks: { retransmissions: 0, outOfOrder: 0, duplicateAcks: 0, zeroWindows: 0, keepAlives: 0 },
}

/** Of one direction on which nothing happened. */
export const uneventful: DirectionTruth = {
  retransmissions: 0,
  needless: 0,
  outOfOrder: 0,
  duplicates: 0,
  missedBytes: 0,
  unlisted: 0,
}

const resent: SegmentSummary = {
  frame: 74,
  from: 'client',
  verdict: 'retransmission',
  cause: 'timeout',
  needed: true,
  restsOnTiming: false,
  evidence: [{ text: 'its bytes had been sent before', frames: [68] }],
}

export const lossyTruth: TruthSummary = {
  vantage: { place: 'client', evidence: [{ text: 'the round trip lies between SYN and SYN/ACK', frames: [1, 2] }] },
  client: { ...uneventful, retransmissions: 1 },
  server: uneventful,
  segments: [resent],
  capturedTwice: [],
  lost: [68],
}

/** A message server's session: 22 bytes there, 18 back, the server closes first. */
export const messageSummary: TcpSummary = {
  protocol: 'tcp',
  session: 0,
  client,
  server,
  assumed: false,
  start: '1763636581.214523000',
  duration: 2_311_730_000,
  firstFrame: 1,
  lastFrame: 10,
  packets: 10,
  bytes: 760,
  connState: 'SF',
  history: 'ShADadFf',
  clientState: 'CLOSED',
  serverState: 'TIME_WAIT',
  handshake: {
    syn: { frame: 1, time: 0, transmissions: 1 },
    synAck: { frame: 2, time: 152_000, transmissions: 1 },
    ack: { frame: 3, time: 214_000 },
    serverHalf: 152_000,
    clientHalf: 62_000,
    client: { isn: CLIENT_ISN, window: 64_240, mss: 1460, windowScale: 7, sackPermitted: true, timestamps: true },
    server: { isn: SERVER_ISN, window: 65_160, mss: 1460, windowScale: 7, sackPermitted: true, timestamps: true },
    negotiated: { windowScale: true, sack: true, timestamps: true },
  },
  data: { client: direction, server: { ...direction, bytes: 18, uniqueBytes: 18 } },
  teardown: {
    ending: 'orderly',
    first: 'server',
    serverFin: { frame: 8, time: 2_311_611_000, acknowledged: { frame: 9, time: 2_311_702_000 } },
    clientFin: { frame: 9, time: 2_311_702_000, acknowledged: { frame: 10, time: 2_311_730_000 } },
    halfClosedFor: 91_000,
    timeWait: { role: 'server', until: 62_311_702_000 },
  },
  completeness: 31,
}

/** `from` is the sender; numbers are relative. */
export function segment(
  frame: number,
  time: number,
  from: 'client' | 'server',
  flags: readonly string[],
  numbers: { seq: number; ack: number; win: number; length?: number },
  more: Omit<Partial<PacketEvent>, 'tcp'> & { tcp?: Partial<TcpPart> } = {},
): PacketEvent {
  const { tcp, ...rest } = more
  const [isn, otherIsn] = from === 'client' ? [CLIENT_ISN, SERVER_ISN] : [SERVER_ISN, CLIENT_ISN]
  return {
    kind: 'packet',
    frame,
    time,
    gap: 0,
    from,
    phase: 'data',
    length: numbers.length ?? 0,
    findings: [],
    acknowledges: [],
    received: true,
    ...rest,
    tcp: {
      flags,
      sequence: numbers.seq,
      rawSequence: (isn + numbers.seq) >>> 0,
      acknowledgment: numbers.ack,
      rawAcknowledgment: flags.includes('ACK') ? (otherIsn + numbers.ack) >>> 0 : 0,
      window: numbers.win,
      rawWindow: flags.includes('SYN') ? numbers.win : numbers.win >> 7,
      ...tcp,
    },
  }
}

/** Fills in the gaps from the times. */
export function timelineOf(summary: Timeline['summary'], events: readonly TimelineEvent[]): Timeline {
  let last = 0
  const spaced = events.map((event) => {
    const gap = event.time - last
    last = event.time
    return event.kind === 'silence' ? event : { ...event, gap }
  })
  return { summary, events: spaced, leftOut: 0, timeDigits: 6 }
}

const opened: { client: StateName; server: StateName } = { client: 'ESTABLISHED', server: 'ESTABLISHED' }
const SYN_OPTIONS = { mss: 1460, windowScale: 7, sackPermitted: true, timestamps: { value: 1, echo: 0 } }

export const message: Timeline = timelineOf(messageSummary, [
  segment(
    1,
    0,
    'client',
    ['SYN'],
    { seq: 0, ack: 0, win: 64_240 },
    { phase: 'handshake', states: { client: 'SYN_SENT', server: 'LISTEN' }, tcp: SYN_OPTIONS, acknowledgedBy: 2 },
  ),
  segment(
    2,
    152_000,
    'server',
    ['SYN', 'ACK'],
    { seq: 0, ack: 1, win: 65_160 },
    {
      phase: 'handshake',
      states: { client: 'ESTABLISHED', server: 'SYN_RCVD' },
      tcp: SYN_OPTIONS,
      acknowledges: [1],
      acknowledgesAfter: 152_000,
    },
  ),
  segment(
    3,
    214_000,
    'client',
    ['ACK'],
    { seq: 1, ack: 1, win: 64_256 },
    { phase: 'handshake', states: opened, acknowledges: [2], acknowledgesAfter: 62_000 },
  ),
  { kind: 'silence', time: 214_000, gap: 2_311_177_000, brokenBy: 'client' },
  segment(
    4,
    2_311_391_000,
    'client',
    ['PSH', 'ACK'],
    { seq: 1, ack: 1, win: 64_256, length: 22 },
    { states: opened, text: 'hello from the client⏎', acknowledgedBy: 5 },
  ),
  segment(
    5,
    2_311_402_000,
    'server',
    ['ACK'],
    { seq: 1, ack: 23, win: 65_280 },
    { states: opened, acknowledges: [4], acknowledgesAfter: 11_000 },
  ),
  segment(
    6,
    2_311_530_000,
    'server',
    ['PSH', 'ACK'],
    { seq: 1, ack: 23, win: 65_280, length: 18 },
    { states: opened, text: 'I got your message' },
  ),
  segment(
    7,
    2_311_549_000,
    'client',
    ['ACK'],
    { seq: 23, ack: 19, win: 64_256 },
    { states: opened, acknowledges: [6], acknowledgesAfter: 19_000 },
  ),
  segment(
    8,
    2_311_611_000,
    'server',
    ['FIN', 'ACK'],
    { seq: 19, ack: 23, win: 65_280 },
    { phase: 'teardown', states: { client: 'CLOSE_WAIT', server: 'FIN_WAIT_1' } },
  ),
  segment(
    9,
    2_311_702_000,
    'client',
    ['FIN', 'ACK'],
    { seq: 23, ack: 20, win: 64_256 },
    {
      phase: 'teardown',
      states: { client: 'LAST_ACK', server: 'TIME_WAIT' },
      acknowledges: [8],
      acknowledgesAfter: 91_000,
    },
  ),
  segment(
    10,
    2_311_730_000,
    'server',
    ['ACK'],
    { seq: 20, ack: 24, win: 65_280 },
    {
      phase: 'teardown',
      states: { client: 'CLOSED', server: 'TIME_WAIT' },
      acknowledges: [9],
      acknowledgesAfter: 28_000,
    },
  ),
])

/** A transfer with a segment lost on its way, folded runs around it, a half-close and a comment. */
export const lossy: Timeline = timelineOf(
  {
    ...messageSummary,
    session: 7,
    packets: 96,
    truth: lossyTruth,
    data: {
      client: {
        ...direction,
        segments: 40,
        bytes: 57_920,
        uniqueBytes: 56_472,
        retransmittedBytes: 1448,
        remarks: { ...direction.remarks, retransmissions: 1 },
      },
      server: {
        ...direction,
        bytes: 0,
        uniqueBytes: 0,
        segments: 0,
        remarks: { ...direction.remarks, duplicateAcks: 3 },
      },
    },
  },
  [
    {
      kind: 'resolution',
      time: -8_120_000,
      gap: 0,
      requests: 1,
      requestFrame: 1,
      replyFrame: 2,
      address: '192.168.56.10',
      hardware: '00:0c:29:3e:5a:01',
    },
    { kind: 'lookup', time: -4_120_000, gap: 0, queryFrame: 3, answerFrame: 4, name: 'server.lab.example' },
    ...message.events.slice(0, 3),
    {
      kind: 'run',
      phase: 'data',
      states: opened,
      time: 1_214_000,
      gap: 0,
      firstFrame: 8,
      lastFrame: 67,
      until: 43_870_000,
      client: { segments: 30, bytes: 43_440, acks: 0, from: 1, to: 43_441 },
      server: { segments: 0, bytes: 0, acks: 15, from: 1, to: 1 },
    },
    segment(
      68,
      43_970_000,
      'client',
      ['ACK'],
      { seq: 43_441, ack: 1, win: 64_256, length: 1448 },
      { states: opened, received: false, text: 'zxcvbnmasdfghjklqwertyuiop1234567890-=[];,./ZXCVBNMASDFGHJKLQWE' },
    ),
    segment(
      70,
      44_320_000,
      'server',
      ['ACK'],
      { seq: 1, ack: 43_441, win: 65_280 },
      {
        states: opened,
        findings: [{ name: 'duplicate_ack', evidence: 'the 1st of #67' }],
        tcp: { sack: [[44_889, 46_337]] },
      },
    ),
    segment(
      74,
      250_210_000,
      'client',
      ['ACK'],
      { seq: 43_441, ack: 1, win: 64_256, length: 1448 },
      {
        states: opened,
        findings: [{ name: 'retransmission', evidence: 'sent again 206 ms after #68' }],
        truth: resent,
        comments: ['here the cable was pulled'],
        text: '日本語のテキスト',
      },
    ),
    {
      kind: 'icmp',
      time: 250_310_000,
      gap: 0,
      frame: 75,
      about: 'client',
      by: '192.168.56.254',
      onTheWay: true,
      version: 4,
      type: 3,
      code: 4,
    },
    ...message.events.slice(-3),
  ],
)

export const dnsSummary: UdpSummary = {
  protocol: 'udp',
  session: 3,
  client: { address: '2001:db8:85a3:1319:8a2e:370:7344:17', port: 53_911 },
  server: { address: '2001:db8:85a3:1319:ffff:ffff:fffe:53', port: 53 },
  assumed: false,
  start: '1763636580.000000000',
  duration: 12_400_000,
  firstFrame: 3,
  lastFrame: 4,
  packets: 2,
  bytes: 220,
  connState: 'SF',
  history: 'Dd',
  data: {
    client: { packets: 1, bytes: 29, largest: 29, badChecksums: 0, partialChecksums: 0 },
    server: { packets: 1, bytes: 45, largest: 45, badChecksums: 0, partialChecksums: 0 },
  },
  shape: 'requests',
  requests: {
    answered: 1,
    unanswered: 0,
    repeated: 0,
    unasked: 0,
    undecided: 0,
    replyTime: { minimum: 12_400_000, mean: 12_400_000, maximum: 12_400_000 },
  },
}

const datagram = { kind: 'packet', gap: 0, phase: 'data', findings: [], acknowledges: [], received: true } as const

export const dns: Timeline = timelineOf(dnsSummary, [
  { ...datagram, frame: 3, time: 0, from: 'client', length: 29, label: 'DNS query A example.org' },
  {
    ...datagram,
    frame: 4,
    time: 12_400_000,
    from: 'server',
    length: 45,
    label: 'DNS answer A example.org 192.0.2.1',
    answers: { frame: 3, after: 12_400_000 },
  },
])
