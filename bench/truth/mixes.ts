/** What the wire does during a transfer, and what transfers there are: every mix in both directions, over IPv4 and IPv6. */
import type { Node } from '../../src/labs/virtual/names.js'

export interface Mix {
  readonly name: string
  /** of `synopsis lab wire`, for the frames that carry data, and for those that carry their acknowledgments */
  readonly data: readonly string[]
  readonly acknowledgments: readonly string[]
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

const mix = (name: string, data: string, acknowledgments: string): Mix => ({
  name,
  data: data.split(' '),
  acknowledgments: acknowledgments.split(' '),
})

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
]

/** All of them: each mix in both directions, over IPv4 and IPv6, with timestamps and without. */
export function transfers(mixes: readonly Mix[], bytes: number, seed: number): Transfer[] {
  const all: Transfer[] = []
  for (const one of mixes) {
    for (const sender of ['client', 'server'] as const) {
      for (const version of [4, 6] as const) {
        for (const timestamps of [true, false]) {
          const name = [one.name, sender === 'client' ? 'up' : 'down', `v${version}`, timestamps ? 'ts' : 'nots'].join(
            '-',
          )
          all.push({ name, mix: one, seed: seed + all.length, bytes, sender, version, timestamps })
        }
      }
    }
  }
  return all
}
