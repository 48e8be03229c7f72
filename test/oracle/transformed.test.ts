/**
 * Everything that `packets` prints against tshark, on captures that nobody has seen: the bundled ones, lossy, cut, reordered,
 * tagged, fragmented or damaged at random. SEEDS=20 looks at that many more of each than CI does.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { root, synopsis } from '../cli/synopsis.js'
import { isClaimed } from '../support/claimed.js'
import { Random } from '../support/random.js'
import { hasTshark, tsharkFields } from '../support/tshark.js'
import { withFile } from '../support/with-file.js'
import { type Frame, pcapngOf, readFrames } from './transformed/frames.js'
import { transformations } from './transformed/transformations.js'

const WHY = hasTshark ? '' : ' (skipped: tshark 4.0 is not installed)'
const { SEEDS = '0' } = process.env
const seeds = Array.from({ length: 1 + Number(SEEDS) }, (_, index) => index + 1)
/** frames of each capture that are looked at, and captures in one file */
const FRAMES = 150
const CAPTURES = 12

const fields = `frame.protocols frame.number frame.time_epoch frame.len frame.cap_len eth.src eth.dst eth.type vlan.id
  arp.opcode ip.version ip.hdr_len ip.len ip.id ip.frag_offset ip.ttl ip.proto ip.src ip.dst ipv6.plen ipv6.nxt ipv6.src ipv6.dst
  icmp.type icmp.code icmpv6.type tcp.stream tcp.srcport tcp.dstport tcp.seq tcp.seq_raw tcp.ack tcp.ack_raw tcp.len tcp.hdr_len
  tcp.flags tcp.window_size_value tcp.window_size tcp.options.mss_val tcp.options.wscale.shift tcp.options.timestamp.tsval
  tcp.options.timestamp.tsecr tcp.options.sack_le tcp.options.sack_re udp.stream udp.srcport udp.dstport udp.length
  tcp.completeness tcp.analysis.initial_rtt tcp.analysis.acks_frame tcp.analysis.ack_rtt tcp.analysis.bytes_in_flight
  tcp.analysis.push_bytes_sent tcp.analysis.retransmission tcp.analysis.fast_retransmission
  tcp.analysis.spurious_retransmission tcp.analysis.out_of_order tcp.analysis.lost_segment tcp.analysis.ack_lost_segment
  tcp.analysis.duplicate_ack tcp.analysis.duplicate_ack_num tcp.analysis.duplicate_ack_frame tcp.analysis.keep_alive
  tcp.analysis.keep_alive_ack tcp.analysis.zero_window tcp.analysis.zero_window_probe tcp.analysis.zero_window_probe_ack
  tcp.analysis.window_update tcp.analysis.window_full tcp.analysis.reused_ports tcp.analysis.rto tcp.analysis.rto_frame`.split(
  /\s+/,
)

async function ours(file: string): Promise<string[][]> {
  const { stdout } = synopsis(['packets', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}

async function differences(capture: Uint8Array): Promise<string[]> {
  return withFile(capture, async (file) => {
    const [rows, theirs] = await Promise.all([ours(file), tsharkFields(file, fields)])
    expect(rows).toHaveLength(theirs.length)
    return theirs.flatMap((row, index) => {
      const [stack = ''] = row
      if (!isClaimed(stack)) return []
      return fields.slice(1).flatMap((field, column) => {
        const [here, there] = [rows[index]?.[column + 1] ?? '', row[column + 1] ?? '']
        return here === there ? [] : [`#${index + 1} ${stack}: ${field} is '${here}', and '${there}' in tshark`]
      })
    })
  })
}

describe.skipIf(!hasTshark)(`captures made out of the bundled ones, as tshark reads them${WHY}`, () => {
  const captures: Frame[][] = []

  beforeAll(async () => {
    const folder = join(root, 'captures')
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.pcapng'))) {
      captures.push((await readFrames(join(folder, file))).slice(0, FRAMES))
    }
  })

  test.each(seeds.flatMap((seed) => Object.entries(transformations).map(([name, change]) => ({ seed, name, change }))))(
    '$name, seed $seed',
    async ({ seed, name, change }) => {
      const random = new Random(seed * 1000 + Object.keys(transformations).indexOf(name))
      const some = Array.from({ length: CAPTURES }, () => random.pick(captures))
      expect(await differences(pcapngOf(some.flatMap((frames) => change(frames, random))))).toEqual([])
    },
    120_000,
  )
})
