/** Fields are written as tshark writes them, on the short way as on the ordinary one. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openCapture } from '../../src/files/open.js'
import { Pipeline } from '../../src/pipeline.js'
import { ByteWriter } from '../../src/render/byte-writer.js'
import { headerWriter, packetField, packetFieldNames } from '../../src/render/packet-fields.js'
import { QUICK_FIELDS } from '../../src/render/quick-fields.js'
import { root, synopsis } from '../cli/synopsis.js'

const captures = readdirSync(`${root}captures`)
  .filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file))
  .map((file) => `captures/${file}`)

const quick = [...QUICK_FIELDS, 'frame.number', 'frame.len', 'frame.cap_len', 'frame.time_epoch', 'tcp.len']

test.each(captures)('%s: the short way writes what the ordinary one writes', async (capture) => {
  let text = ''
  const out = new ByteWriter((bytes) => {
    text += Buffer.from(bytes).toString()
  })
  let packets = 0
  const pipeline = new Pipeline({
    visit: (packet, facts) => {
      packets++
      for (const name of quick) {
        packetField(name)?.write(packet, facts, out)
        out.flush()
        const short = text
        text = ''
        headerWriter(name)?.(packet, facts, out)
        out.flush()
        expect(short, `${name} of #${packet.number}`).toBe(text)
        text = ''
      }
    },
  })
  await pipeline.run(await openCapture(root + capture))
  expect(packets).toBeGreaterThan(0)
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
