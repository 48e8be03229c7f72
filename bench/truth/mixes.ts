/** What the wire does during a transfer, and what transfers there are: every mix in both directions, over IPv4 and IPv6. */
import type { Node } from '../../src/labs/virtual/names.js'
import type { KernelSettings } from '../../src/labs/virtual/nodes.js'

export interface Mix {
  readonly name: string
  /** of `synopsis lab wire`, for the frames that carry data, and for those that carry their acknowledgments */
  readonly data: readonly string[]
  readonly acknowledgments: readonly string[]
  /** of both nodes' kernels */
  readonly kernel: KernelSettings
  /** of both adapters, bytes; 0: as it is */
  readonly mtu: number
  /** the application speaks in bursts of so many bytes, so many milliseconds apart: each has a tail that may be lost; absent: all at once */
  readonly bursts?: Bursts
  /** the nodes' network cards cut segments up, and put them together */
  readonly offload?: boolean
  /** so many at once, which share the bytes and the wire; absent: one */
  readonly sessions?: number
  /** the receiver reads nothing for so many milliseconds, again and again: its window shuts */
  readonly naps?: number
}

export interface Bursts {
  readonly bytes: number
  readonly apart: number
}

export interface Transfer {
  readonly name: string
  readonly mix: Mix
  readonly seed: number
  readonly bytes: number
  /** the node that the data comes from */
  readonly sender: Node
  readonly version: 4 | 6
  /** net.ipv4.tcp_timestamps, at both nodes (it is IPv6's too) */
  readonly timestamps: boolean
}

const mix = (name: string, data: string, acknowledgments: string, kernel: KernelSettings = {}, mtu = 0): Mix => ({
  name,
  data: data.split(' '),
  acknowledgments: acknowledgments.split(' '),
  kernel,
  mtu,
})

/** The wire does the same to the acknowledgments. */
const both = (name: string, wire: string): Mix => mix(name, wire, wire)

/** the congestion control that Linux leaves to namespaces beside reno */
const bbr = { 'ipv4.tcp_congestion_control': 'bbr' }
/** no selective acknowledgments (RFC 2018) */
const plain = { 'ipv4.tcp_sack': 0 }

export const MIXES: readonly Mix[] = [
  mix('loss-3', '--loss 3% --delay 10ms', '--delay 10ms'),
  mix('loss-10', '--loss 10% --delay 8ms', '--delay 8ms'),
  mix('short-way', '--loss 3%', '--delay 0ms'),
  mix('long-way', '--loss 2% --delay 60ms --jitter 20ms', '--delay 60ms --jitter 20ms'),
  mix('reordering', '--reorder 8% --delay 12ms', '--delay 12ms'),
  mix('copies', '--duplicate 6% --delay 10ms --jitter 4ms', '--duplicate 6% --delay 10ms'),
  mix('damage', '--corrupt 4% --delay 10ms', '--delay 10ms'),
  mix('lost-acks', '--delay 15ms', '--loss 30% --delay 15ms'),
  mix('narrow', '--rate 4mbit --queue 25 --delay 10ms', '--delay 10ms'),
  mix(
    'mixed',
    '--loss 3% --reorder 4% --duplicate 2% --corrupt 1% --delay 15ms --jitter 3ms',
    '--loss 3% --delay 15ms',
  ),
  mix('loss-half', '--loss 0.5% --delay 20ms', '--delay 20ms'),
  mix('loss-15', '--loss 15% --delay 5ms', '--loss 5% --delay 5ms'),
  mix('lan', '--loss 4% --delay 0.4ms --jitter 0.3ms --overtaking', '--delay 0.4ms'),
  mix('burst', '--loss 4% --burst 5 --delay 10ms', '--delay 10ms'),
  mix('jitter', '--delay 8ms --jitter 5ms --overtaking', '--delay 3ms'),
  mix('wild', '--loss 3% --delay 20ms --jitter 18ms --overtaking --duplicate 3%', '--delay 10ms --jitter 9ms'),
  mix('ahead', '--ahead 15% --delay 10ms', '--delay 1ms'),
  mix(
    'ahead-mixed',
    '--ahead 10% --loss 5% --duplicate 3% --delay 18ms --jitter 2ms --overtaking',
    '--delay 6ms --loss 2%',
  ),
  mix('far', '--loss 1.5% --delay 100ms', '--delay 100ms'),
  mix('bbr', '--loss 5% --delay 12ms', '--delay 12ms', bbr),
  mix('bbr-mixed', '--loss 2% --ahead 5% --delay 25ms --jitter 5ms --overtaking', '--delay 5ms', bbr),
  mix('no-sack', '--loss 4% --delay 8ms', '--delay 8ms', plain),
  mix('no-sack-ahead', '--loss 2% --ahead 5% --duplicate 2% --delay 8ms', '--delay 8ms', plain),
  mix('small-window', '--loss 3% --delay 10ms', '--delay 10ms', { 'ipv4.tcp_window_scaling': 0 }),
  mix('small-segments', '--loss 3% --ahead 3% --delay 6ms', '--delay 6ms', {}, 1280),
  mix('slow', '--rate 1mbit --queue 12 --loss 1% --delay 20ms --jitter 3ms', '--delay 20ms'),
  both('both-loss-3', '--loss 3% --delay 15ms'),
  both('both-loss-10', '--loss 10% --delay 4ms'),
  both('both-ahead', '--ahead 15% --delay 12ms --jitter 1.3ms --overtaking'),
  both('both-jitter', '--delay 6ms --jitter 3ms --overtaking'),
  both('both-copies', '--duplicate 5% --delay 5ms --jitter 0.9ms'),
  both('both-lan', '--loss 2% --duplicate 2% --delay 1.7ms --jitter 1.5ms --overtaking'),
  both('both-mixed', '--loss 2.5% --duplicate 3% --ahead 3% --delay 10ms --jitter 2ms --overtaking'),
  { ...both('many', '--loss 3% --ahead 3% --duplicate 2% --delay 10ms --jitter 2ms --overtaking'), sessions: 8 },
  { ...mix('many-narrow', '--rate 8mbit --queue 30 --delay 6ms', '--delay 6ms'), sessions: 5 },
  { ...mix('many-tails', '--loss 8% --delay 5ms', '--loss 2% --delay 5ms'), sessions: 12 },
  { ...mix('tails', '--loss 15% --delay 8ms', '--delay 8ms'), bursts: { bytes: 5000, apart: 500 } },
  {
    ...mix('tails-burst', '--loss 18% --burst 3 --delay 15ms', '--loss 4% --delay 15ms'),
    bursts: { bytes: 3500, apart: 700 },
  },
  { ...mix('offload', '--loss 3% --ahead 3% --duplicate 2% --delay 10ms', '--loss 3% --delay 10ms'), offload: true },
  { ...mix('offload-lan', '--loss 1% --delay 0.3ms', '--delay 0.3ms'), offload: true },
  mix('farther', '--loss 1% --reorder 2% --delay 170ms --jitter 8ms', '--loss 5% --delay 170ms'),
  {
    ...mix('requests', '--loss 4% --reorder 3% --duplicate 2% --delay 4ms', '--loss 4% --delay 4ms'),
    bursts: { bytes: 700, apart: 60 },
  },
  {
    ...mix('naps', '--loss 2% --ahead 2% --delay 10ms', '--loss 10% --delay 10ms', {
      'ipv4.tcp_rmem': '4096 20000 40000',
    }),
    naps: 700,
  },
]

/** All of them: each mix in both directions, over IPv4 and IPv6, with timestamps and without; `variants`: so many of these eight. */
export function transfers(mixes: readonly Mix[], bytes: number, seed: number, variants = 8): Transfer[] {
  const all: Transfer[] = []
  for (const [order, one] of mixes.entries()) {
    for (let n = 0; n < variants; n++) {
      // five and eight have no common divisor: a few of them are as different as may be
      const variant = variants === 8 ? n : (3 * order + 5 * n) % 8
      const sender = (variant & 4) === 0 ? 'client' : 'server'
      const version = (variant & 2) === 0 ? 4 : 6
      const timestamps = (variant & 1) === 0
      const name = [one.name, sender === 'client' ? 'up' : 'down', `v${version}`, timestamps ? 'ts' : 'nots'].join('-')
      all.push({ name, mix: one, seed: seed + all.length, bytes, sender, version, timestamps })
    }
  }
  return all
}
