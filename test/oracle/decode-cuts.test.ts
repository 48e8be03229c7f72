/** Every packet of the tables, cut at every length by the capture and by the sender, has the fields that tshark gives it. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { Decoder } from '../../src/decode/decoder.js'
import { fieldKeys, values } from '../../src/decode/field-values.js'
import type { Packet } from '../../src/packet.js'
import { type Case, ETHERNET, fromHex, packetOf } from '../decode/support.js'
import { tables } from '../decode/tables/all.js'
import { hasTshark, tsharkFields } from '../support/tshark.js'

const WHY = hasTshark ? '' : ' (skipped: tshark 4.0 is not installed)'

/** Fields that say something else here than there, and why. */
const elsewhere = new Map<string, string>([
  ['frame.number', 'counts the frames of the file that the test makes'],
  ['frame.protocols', 'goes on into the application protocols, which the decoders leave to tshark'],
  ['tcp.options.sack_le', 'is relative to the session’s first sequence number there'],
  ['tcp.options.sack_re', 'is relative to the session’s first sequence number there'],
  ['llc.pid', 'waits there for what the organization’s own protocol reads'],
  ['null.family', 'is the family itself there, whichever of the 32 bits it stands in'],
  ['udp.payload', 'goes on past the length that UDP gives, to the end of IP’s'],
])

/** Of a tunnel's header that is cut tshark prints less here and more there; what the tunnel carries is compared. */
const ofTunnels = /^(etherip|geneve|gtp|mpls|pppoe)\./

/** Cases that tshark takes apart by luck, and why. */
const casesElsewhere = new Map<string, string>([
  ['an option whose length lies takes the rest', 'it shows such an option only when bytes follow the header'],
  [
    'between the largest length and the first EtherType there is nothing',
    'it has another name for a length that is none',
  ],
  ['IPv6 where IPv4 was announced', 'it says the version once as IPv4 and once as IPv6'],
  ['more tags than the record has layers', 'it stops after 20 tags, and we after 31'],
  ['a jumbo option that is none', 'cut before the option, it knows already that there is none'],
  ['SACK that ends within a block', 'whether it goes on after one depends on the rest of the session'],
])

/** The link types of the tables that are more than bytes to tshark and to us. */
const readByTshark = new Set([0, ETHERNET, 101, 108, 113, 228, 276])

/** tshark's names among ours. */
function sharedKeys(): string[] {
  const { stdout } = spawnSync('tshark', ['-G', 'fields'], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const known = new Set(stdout.split('\n').map((line) => line.split('\t')[2]))
  return fieldKeys.filter((key) => known.has(key) && !elsewhere.has(key) && !ofTunnels.test(key))
}

/** The case whole and cut at every length: kept short by the snap length, and sent short. */
function cuts({ name, bytes, linkType }: Case): { name: string; packet: Packet }[] {
  const whole = fromHex(bytes)
  const lengths = Array.from({ length: whole.length + 1 }, (_, length) => length)
  return lengths.flatMap((length) => {
    const part = whole.subarray(0, length)
    return [whole.length, length].map((sent) => ({ name, packet: packetOf(part, linkType, sent) }))
  })
}

/** A classic pcap file of packets of one link type, all at time 0. */
function pcapOf(packets: readonly Packet[]): Uint8Array {
  const size = packets.reduce((sum, { start, end }) => sum + 16 + end - start, 24)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0xa1b2c3d4)
  view.setUint16(4, 2)
  view.setUint16(6, 4)
  view.setUint32(16, 262_144)
  view.setUint32(20, packets[0]?.linkType ?? 1)
  let at = 24
  for (const { frame, start, end, originalLength } of packets) {
    view.setUint32(at + 8, end - start)
    view.setUint32(at + 12, originalLength)
    bytes.set(new Uint8Array(frame.buffer, start, end - start), at + 16)
    at += 16 + end - start
  }
  return bytes
}

describe.skipIf(!hasTshark)(`tshark prints the same of packets that are cut${WHY}`, () => {
  const keys = hasTshark ? sharedKeys() : []

  test.each(Object.entries(tables))('%s', async (_name, table) => {
    const differences: string[] = []
    for (const linkType of new Set(table.map((row) => row.linkType ?? ETHERNET))) {
      if (!readByTshark.has(linkType)) continue
      const packets = table
        .filter((row) => (row.linkType ?? ETHERNET) === linkType && !casesElsewhere.has(row.name))
        .flatMap(cuts)
      const theirs = await tsharkFields(pcapOf(packets.map(({ packet }) => packet)), keys)
      expect(theirs.length).toBe(packets.length)
      for (const [index, { name, packet }] of packets.entries()) {
        const cut = `${name}, ${packet.end - packet.start} of ${packet.originalLength} bytes`
        for (const [column, ours] of fieldsOf(packet, keys).entries()) {
          const tshark = theirs[index]?.[column] ?? ''
          if (ours !== tshark) differences.push(`${cut}: ${keys[column]} is '${ours}', and '${tshark}' in tshark`)
        }
      }
    }
    expect(differences).toEqual([])
  })
})

/** Each packet of a file of its own, so that no two are fragments of one datagram: the decoder forgets, as tshark cannot. */
function fieldsOf(packet: Packet, keys: readonly string[]): string[] {
  new Decoder().decode(packet)
  return keys.map((key) => values(packet, key).join(','))
}
