/** What kinds of captures there are, and how much of what is in them. */
import type { Choice } from './random.js'
import type { TcpPlan } from './tcp-session.js'
import type { TcpEnding } from './truth.js'
import type { Network } from './world.js'

type Bounds = TcpPlan['request']

export interface Profile {
  readonly name: 'small' | 'bulk' | 'synflood'
  readonly about: string
  /** TCP sessions at scale 1, and how many of them are open at once */
  readonly sessions: number
  readonly open: number
  readonly network: Network
  /** of one session */
  readonly exchanges: Bounds
  /** in bytes */
  readonly request: Bounds
  readonly response: Bounds
  /** application bytes in one segment; the maximum segment size where that is less */
  readonly segment: Bounds
  /** segments sent before the first ACK is waited for */
  readonly flight: Bounds
}

const LOSSY: Network = { loss: 0.01, reordering: 0.005, duplication: 0.001 }

export const profiles: Readonly<Record<Profile['name'], Profile>> = {
  small: {
    name: 'small',
    about: '5.7 M packets of 60 to 128 bytes in 100,000 sessions, 4,000 of them open at once',
    sessions: 100_000,
    open: 4_000,
    network: LOSSY,
    exchanges: [2, 10],
    request: [1, 80],
    response: [1, 120],
    segment: [1, 42],
    flight: [1, 6],
  },
  bulk: {
    name: 'bulk',
    about: '1.0 M mostly full-size packets in 200 sessions',
    sessions: 200,
    open: 50,
    network: LOSSY,
    exchanges: [16, 50],
    request: [100, 2_000],
    response: [50_000, 250_000],
    segment: [65_535, 65_535],
    flight: [8, 44],
  },
  synflood: {
    name: 'synflood',
    about: '2 M connections that never get beyond their SYN',
    sessions: 2_000_000,
    open: 0,
    network: LOSSY,
    exchanges: [0, 0],
    request: [0, 0],
    response: [0, 0],
    segment: [0, 0],
    flight: [0, 0],
  },
}

export const endings: readonly [Choice<TcpEnding>, ...Choice<TcpEnding>[]] = [
  ['client-first', 42],
  ['server-first', 26],
  ['half-closed', 10],
  ['reset-by-client', 6],
  ['reset-by-server', 6],
  ['refused', 5],
  ['unanswered', 2],
  ['silent', 2],
  ['simultaneous', 1],
]
