/** Fields are written as tshark writes them, on the short way as on the ordinary one. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openCapture } from '../../src/files/open.js'
import type { Packet } from '../../src/packet.js'
import { Pipeline } from '../../src/pipeline.js'
import { ByteWriter } from '../../src/render/byte-writer.js'
import { headerWriter, packetField, packetFieldNames, type WriteField } from '../../src/render/packet-fields.js'
import { QUICK_FIELDS } from '../../src/render/quick-fields.js'
import { PacketFacts } from '../../src/sessions/facts.js'
import { root, synopsis } from '../cli/synopsis.js'
import { decoded, ETHERNET, fromHex } from '../decode/support.js'
import { tables } from '../decode/tables/all.js'
import { segment } from '../decode/tables/tcp.js'

const captures = readdirSync(`${root}captures`)
  .filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file))
  .map((file) => `captures/${file}`)

/** the byte of an Ethernet frame that has IPv4's flags */
const MORE_FRAGMENTS_AT = 20

const quick = [...QUICK_FIELDS, 'frame.number', 'frame.len', 'frame.cap_len', 'frame.time_epoch', 'tcp.len']

let text = ''
const out = new ByteWriter((bytes) => {
  text += Buffer.from(bytes).toString()
})

function written(write: WriteField | undefined, packet: Packet, facts: PacketFacts): string {
  text = ''
  write?.(packet, facts, out)
  out.flush()
  return text
}

const ways = quick.map((name) => ({ name, short: packetField(name)?.write, ordinary: headerWriter(name) }))

function expectSame(packet: Packet, facts: PacketFacts, what: string): void {
  for (const { name, short, ordinary } of ways) {
    expect(written(short, packet, facts), `${name} of ${what}`).toBe(written(ordinary, packet, facts))
  }
}

describe('the short way writes what the ordinary one writes', () => {
  test.each(captures)('%s', async (capture) => {
    let packets = 0
    const visit = (packet: Packet, facts: PacketFacts) => expectSame(packet, facts, `#${++packets}`)
    await new Pipeline({ visit }).run(await openCapture(root + capture))
    expect(packets).toBeGreaterThan(0)
  })

  test.each(Object.entries(tables))('%s, cut at every length', (_, table) => {
    const facts = new PacketFacts()
    for (const { name, bytes, linkType } of table) {
      const whole = fromHex(bytes)
      for (let length = 0; length <= whole.length; length++) {
        for (const originalLength of [whole.length, length]) {
          const packet = decoded(whole.subarray(0, length), linkType, originalLength)
          expectSame(packet, facts, `${name}, ${length} bytes`)
        }
      }
    }
  })

  test.each(Object.entries(tables))('%s, with any byte changed', (_, table) => {
    const facts = new PacketFacts()
    for (const { name, bytes, linkType } of table) {
      const changed = fromHex(bytes)
      for (const [at, byte] of fromHex(bytes).entries()) {
        for (const other of [0x00, 0x1f, 0xf0, 0xff]) {
          changed[at] = other
          expectSame(decoded(changed, linkType), facts, `${name}, byte ${at} ${other}`)
        }
        changed[at] = byte
      }
    }
  })
})

test('of a first fragment that is cut, and so never whole again, the length is not known', () => {
  const bytes = fromHex(segment('', '61 62 63 64'))
  bytes[MORE_FRAGMENTS_AT] = 0x20
  const packet = decoded(bytes.subarray(0, -2), ETHERNET, bytes.length)
  expect(packet.transportProtocol).toBe(6)
  expect(packet.fragment).toBe(true)
  expect(written(packetField('tcp.len')?.write, packet, new PacketFacts())).toBe('')
  expectSame(packet, new PacketFacts(), 'the fragment')
})

test.each([
  [-5, 250_000_000, '-5.250000000'],
  [-1_098_455_128_330, 0, '-1098455128330.000000000'],
  [2 ** 33, 1, '8589934592.000000001'],
])('a time before 1970 or far from it, %i s and %i ns', (seconds, nanoseconds, expected) => {
  const packet = decoded(fromHex(segment('', '61')))
  packet.seconds = seconds
  packet.nanoseconds = nanoseconds
  expect(written(packetField('frame.time_epoch')?.write, packet, new PacketFacts())).toBe(expected)
  expectSame(packet, new PacketFacts(), 'the segment')
})

test('an unknown name is no field', () => {
  expect(packetField('tcp.nonsense')).toBeUndefined()
  expect(packetField('synopsis')).toBeUndefined()
})

test('what a field needs is no more than it uses', () => {
  expect(packetField('ip.src')?.need).toBe('packet')
  expect(packetField('tcp.stream')?.need).toBe('stream')
  expect(packetField('tcp.completeness')?.need).toBe('session')
})

const hasTshark = spawnSync('tshark', ['--version']).status === 0
/** tshark names what it finds above TCP and UDP, and takes apart more kinds of ICMPv6; the rest is not in tshark. */
const OTHER = /^synopsis\.|^frame\.protocols$|^icmpv6\.reserved$|\.opt\.data$|^ieee8021ad\.etype$/

describe.skipIf(!hasTshark)(`against tshark${hasTshark ? '' : ': needs tshark'}`, () => {
  const names = packetFieldNames.filter((name) => !OTHER.test(name))
  const fields = names.flatMap((name) => ['-e', name])

  test.each(captures)('%s: every field of every packet, to the letter', (capture) => {
    const { stdout } = spawnSync('tshark', ['-n', '-2', '-r', capture, '-T', 'fields', ...fields], { cwd: root })
    const theirs = stdout.toString().split('\n')
    const ours = synopsis(['packets', capture, '-T', 'fields', ...fields]).stdout.split('\n')
    expect(ours).toHaveLength(theirs.length)
    for (const [index, line] of theirs.entries()) {
      const values = ours[index]?.split('\t') ?? []
      for (const [column, value] of line.split('\t').entries()) {
        expect(values[column], `${names[column]} of #${index + 1}`).toBe(value)
      }
    }
  })
})
