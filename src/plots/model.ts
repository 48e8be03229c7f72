/**
 * What a plot shows, without a pixel: series of points with their units, axes that hold them, and what to see in them.
 * Every drawing of a plot (SVG, terminal, CSV, the page) is one of this. Times are ns since the session's first packet;
 * sequence numbers are relative and go on past 2^32.
 */
import type { Role } from '../sessions/summary.js'

export type PlotName = 'time-sequence' | 'tcptrace' | 'rtt' | 'throughput' | 'window'

/** What one end sent, and what came back for it. */
export interface Plot {
  readonly name: PlotName
  /** `Time-sequence graph, client to server` */
  readonly title: string
  readonly protocol: 'tcp' | 'udp'
  readonly session: number
  /** whose data it is about */
  readonly sender: Role
  readonly time: Axis
  readonly value: Axis
  /** from the back to the front */
  readonly series: readonly Series[]
  /** stretches of time to be shaded, behind all series */
  readonly bands: readonly Band[]
  /** what to see in it, a sentence each, computed from the points: with the frames that show it */
  readonly caption: readonly string[]
}

/** `ns` is drawn in seconds and their parts, `B` in bytes, `bit/s` in bits per second, each with a prefix that suits. */
export type Unit = 'ns' | 'B' | 'bit/s'

export interface Axis {
  readonly label: string
  readonly unit: Unit
  readonly minimum: number
  readonly maximum: number
  /** logarithmic only where all values are above 0 */
  readonly scale: 'linear' | 'logarithmic'
}

/** What a series is: drawings give each its colour and mark, alike in every plot. */
export type SeriesKey =
  | 'segment'
  | 'lost'
  | 'retransmission'
  | 'out-of-order'
  | 'duplicate'
  | 'ack'
  | 'duplicate-ack'
  | 'window'
  | 'sack'
  | 'rtt'
  | 'estimate'
  | 'timeout'
  | 'throughput'
  | 'goodput'
  | 'in-flight'

export interface Series {
  readonly key: SeriesKey
  readonly label: string
  /**
   * `dots`: each point by itself; `line`: from point to point; `steps`: a value holds until the next one comes; `bars`: a
   * stroke from `value` up to `to`.
   */
  readonly shape: 'dots' | 'line' | 'steps' | 'bars'
  /** in order of time */
  readonly points: readonly Point[]
  /** points there were before it was thinned; absent when all are there */
  readonly thinnedFrom?: number
}

export interface Point {
  readonly time: number
  readonly value: number
  /** of bars */
  readonly to?: number
  /** the packet that it comes from */
  readonly frame?: number
  /** why it stands out: what its evidence is, in words */
  readonly note?: string
}

export interface Band {
  readonly key: 'zero-window' | 'application' | 'receiver' | 'network'
  readonly label: string
  readonly from: number
  readonly until: number
}
