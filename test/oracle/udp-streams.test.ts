/** udp.stream over real captures, as tshark numbers it: its answers lie beside them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { FileError } from '../../src/errors.js'
import { openCapture } from '../../src/files/open.js'
import { Pipeline } from '../../src/pipeline.js'

const SHARED = join(import.meta.dirname, '../../../shared')
const isThere = existsSync(join(SHARED, 'corpus')) && existsSync(join(SHARED, 'oracle'))
const WHY = isThere ? '' : ' (skipped: there is no ../shared with captures and tshark’s answers)'

/** UDP in IP, in no tunnel and quoted by no ICMP error. */
const PLAIN =
  /^(?:(?:eth|sll|raw|null|llc|ethertype|vlan):)*(?:ip|ipv6(?::ipv6\.\w+)*):udp(?!.*:(?:ip|ipv6|eth|gre|gtp|geneve)\b)/
const PROTOCOLS = 4
const STREAM = 50

/**
 * What differs, and why. In all of them tshark's dissector of what is above UDP begins a conversation of its own, or joins
 * two: to number as it does, one would have to read those protocols.
 */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['default_pcap_FAX-Call-t38-CA-TDM-SIP-FB-1.pcap', 'SDP announces RTP: a conversation with any peer of that port'],
  ['default_pcap_fuzz-2006-06-26-2594.pcap', 'SDP announces RTP: a conversation with any peer of that port'],
  [
    'default_pcap_hart_ip.pcap',
    'HART-IP answers from another port, and the two directions are two conversations from then on',
  ],
  [
    'nfs_nfs_write_bad_stable_how.pcap',
    'the portmapper answers with a port: all who talk with that are one conversation',
  ],
])

test('docs/tshark.md tells of what differs', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/tshark.md'), 'utf8')
  for (const file of KNOWN.keys()) expect(page).toContain(file)
})

async function streamsOf(path: string): Promise<Map<number, string>> {
  const streams = new Map<number, string>()
  const pipeline = new Pipeline({
    visit: (packet, facts) => {
      if (packet.transportProtocol === 17) streams.set(packet.number, String(facts.stream))
    },
  })
  const source = await openCapture(path)
  for await (const batch of source) pipeline.feed(batch)
  await source.close()
  pipeline.finish()
  return streams
}

async function differs(folder: string, file: string): Promise<boolean> {
  const answer = join(SHARED, 'oracle', `${folder}+${file}.gz`)
  if (!existsSync(answer)) return false
  const { rows } = JSON.parse(gunzipSync(readFileSync(answer)).toString()) as { rows: string[][] }
  const plain = rows.filter((row) => PLAIN.test(row[PROTOCOLS] ?? '') && row[STREAM] !== '')
  if (plain.length === 0) return false
  const ours = await streamsOf(join(SHARED, 'corpus', folder, file)).catch((error: unknown) => {
    if (error instanceof FileError) return new Map<number, string>()
    throw error
  })
  return plain.some((row) => ours.get(Number(row[0])) !== row[STREAM])
}

test.skipIf(!isThere)(`udp.stream of every datagram, but for what is known${WHY}`, async () => {
  const found: string[] = []
  for (const folder of readdirSync(join(SHARED, 'corpus'))) {
    for (const file of readdirSync(join(SHARED, 'corpus', folder))) if (await differs(folder, file)) found.push(file)
  }
  // what no longer differs has no place in the list either
  expect(found.sort()).toEqual([...KNOWN.keys()].sort())
})
