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
import { decoded, fromHex } from '../decode/support.js'
import { tables } from '../decode/tables/all.js'

const captures = readdirSync(`${root}captures`)
  .filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file))
  .map((file) => `captures/${file}`)

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
/** tshark names what it finds above TCP and UDP; the rest is not in tshark. */
const OTHER = /^synopsis\.|^frame\.protocols$|\.opt\.data$|^ieee8021ad\.etype$/

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
