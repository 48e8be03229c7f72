/**
 * The decoded fields of random frames of every link that is read, from a seed, against tshark's: options and extension headers of
 * every kind, fragments, quotes, cuts, and lengths that lie. SEEDS=100 looks at that many seeds more than CI does.
 */
import { describe, expect, test } from 'vitest'
import { isClaimed } from '../support/claimed.js'
import { hasTshark, tsharkFields } from '../support/tshark.js'
import { withFile } from '../support/with-file.js'
import { decodedRows } from './decoded-rows.js'
import { randomCapture } from './random/capture.js'
import { links } from './random/links.js'

const WHY = hasTshark ? '' : ' (skipped: tshark 4.0 is not installed)'
const FRAMES = 250
const { SEEDS = '0' } = process.env
const MORE_SEEDS = Number(SEEDS)

const fields = `frame.protocols frame.number frame.len frame.cap_len eth.src eth.dst eth.type vlan.id arp.opcode
  arp.src.proto_ipv4 arp.dst.proto_ipv4 ip.version ip.hdr_len ip.len ip.id ip.flags.df ip.flags.mf ip.frag_offset ip.ttl
  ip.proto ip.src ip.dst ipv6.plen ipv6.nxt ipv6.hlim ipv6.src ipv6.dst icmp.type icmp.code icmpv6.type icmpv6.code
  tcp.srcport tcp.dstport tcp.seq_raw tcp.ack_raw tcp.len tcp.hdr_len tcp.flags tcp.window_size_value tcp.options.mss_val
  tcp.options.wscale.shift tcp.options.timestamp.tsval tcp.options.timestamp.tsecr udp.srcport udp.dstport udp.length`.split(
  /\s+/,
)

const yesAndNo = (value: string) => value.replace(/^True$/, '1').replace(/^False$/, '0')

async function differences(seed: number, linkType: number): Promise<string[]> {
  return withFile(randomCapture(seed, linkType, FRAMES), async (file) => {
    const [rows, theirs] = await Promise.all([decodedRows(file, fields), tsharkFields(file, fields)])
    expect(rows).toHaveLength(theirs.length)
    return theirs.flatMap((row, index) => {
      const [stack = ''] = row
      if (!isClaimed(stack)) return []
      return fields.slice(1).flatMap((field, column) => {
        const [here, there] = [rows[index]?.[column + 1] ?? '', yesAndNo(row[column + 1] ?? '')]
        return here === there ? [] : [`#${index + 1} ${stack}: ${field} is '${here}', and '${there}' in tshark`]
      })
    })
  })
}

const seeds = Array.from({ length: 1 + MORE_SEEDS }, (_, index) => index + 1)

describe.skipIf(!hasTshark)(`random frames, as tshark reads them${WHY}`, () => {
  test.each(seeds.flatMap((seed) => [...links.keys()].map((link) => ({ seed, link }))))(
    'seed $seed, link type $link',
    async ({ seed, link }) => {
      expect(await differences(seed, link)).toEqual([])
    },
    120_000,
  )
})
