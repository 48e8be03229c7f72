import { describe, expect, test } from 'vitest'
import { packetTree, type TreeField } from '../../src/decode/tree.js'
import { ProblemKind } from '../../src/packet.js'
import { decoded, ethernet, fromHex, ipv4 } from './support.js'
import { QUOTED_UDP } from './tables/icmp.js'
import { segment } from './tables/tcp.js'

function treeOf(bytes: string, originalLength?: number) {
  const frame = fromHex(bytes)
  return packetTree(decoded(frame, 1, originalLength ?? frame.length))
}

function field(layers: ReturnType<typeof packetTree>, key: string): TreeField | undefined {
  return layers.flatMap((layer) => layer.fields).find((entry) => entry.key === key)
}

describe('a segment', () => {
  const tree = treeOf(segment('020405b4 01 030307', '68656c6c6f0a', '018'))

  test('has its layers, and what it carries', () => {
    expect(tree.map(({ name, title, start, end }) => [name, title, start - 64, end - 64])).toEqual([
      ['eth', 'Ethernet II', 0, 14],
      ['ip', 'Internet Protocol Version 4', 14, 34],
      ['tcp', 'Transmission Control Protocol', 34, 62],
      ['data', 'Data', 62, 68],
    ])
  })

  test('each field stands in its bytes', () => {
    for (const { view, start, end, fields } of tree) {
      expect(fields.length).toBeGreaterThan(0)
      for (const { offset, width } of fields) {
        expect(offset).toBeGreaterThanOrEqual(start)
        expect(offset + width).toBeLessThanOrEqual(end)
        expect(view.byteLength).toBeGreaterThanOrEqual(end)
      }
    }
  })

  test.each([
    ['eth.dst', { offset: 64, width: 6, value: '00:50:56:c0:00:01', meaning: 'VMware' }],
    ['eth.type', { value: '0x0800', meaning: 'Internet Protocol Version 4' }],
    ['ip.version', { offset: 78, width: 1, value: '4', bits: { first: 0, count: 4 } }],
    ['ip.flags.df', { offset: 84, width: 1, value: '1', text: 'set', bits: { first: 1, count: 1 } }],
    ['ip.frag_offset', { offset: 84, width: 2, value: '0', meaning: '0 bytes', bits: { first: 3, count: 13 } }],
    ['ip.proto', { value: '6', meaning: 'Transmission Control Protocol' }],
    ['ip.checksum', { value: '0x0000', meaning: expect.stringContaining('not yet filled in') }],
    ['tcp.dstport', { offset: 100, width: 2, value: '80', text: '80', meaning: 'http' }],
    ['tcp.flags', { value: '0x0018', meaning: 'PSH, ACK' }],
    ['tcp.flags.syn', { text: 'not set' }],
    ['tcp.checksum', { value: '0x1234', meaning: expect.stringMatching(/^bad: should be 0x[0-9a-f]{4}$/) }],
    ['tcp.options.mss_val', { group: 'Maximum segment size', offset: 120, width: 2, value: '1460' }],
    ['tcp.options.wscale.shift', { group: 'Window scale', value: '7', meaning: 'windows are to be multiplied by 128' }],
    ['synopsis.payload.text', { text: 'hello⏎' }],
    ['data.data', { offset: 126, width: 6, value: '68656c6c6f0a', text: '6 bytes' }],
  ])('%s', (key, expected) => {
    expect(field(tree, key)).toMatchObject(expected)
  })
})

test('what is wrong is said at the layer where it is', () => {
  const tree = treeOf(`${ethernet('0800')} ${ipv4(17, 12)} c351 0007 0007 0000 6563686f`)
  expect(tree.map(({ name, problem }) => [name, problem?.field])).toEqual([
    ['eth', undefined],
    ['ip', undefined],
    ['udp', 'udp.length'],
  ])
})

test('of a header that was cut there are the fields before the cut', () => {
  const tree = treeOf(`${ethernet('0800')} ${ipv4(17, 12)} c351 00`, 200)
  const udp = tree.at(-1)
  expect(udp?.fields.map(({ key }) => key)).toEqual(['udp.srcport'])
  expect(udp?.problem?.kind).toBe(ProblemKind.cut)
})

test('the packet that an ICMP error quotes comes after the error', () => {
  const tree = treeOf(`${ethernet('0800')} ${ipv4(1, 36)} 03 03 0000 00000000 ${QUOTED_UDP}`)
  expect(tree.map(({ name, quoted }) => [name, quoted])).toEqual([
    ['eth', false],
    ['ip', false],
    ['icmp', false],
    ['ip', true],
    ['udp', true],
  ])
  expect(field(tree, 'icmp.type')?.meaning).toBe('destination unreachable')
  // the quoted checksum was verified when the quoted packet was sent, if ever
  expect(tree.at(-1)?.fields.find(({ key }) => key === 'udp.checksum')?.meaning).toBeUndefined()
})

test('a protocol that is only named is its bytes', () => {
  const [, lldp] = treeOf(`${ethernet('88cc')} 0207`)
  expect(lldp).toMatchObject({ title: 'Link Layer Discovery Protocol', fields: [{ value: '0207', text: '2 bytes' }] })
})

test('text that a packet carries comes out harmless', () => {
  const tree = treeOf(segment('', `1b5b324a${Buffer.from(' a long enough line').toString('hex')}`))
  expect(field(tree, 'synopsis.payload.text')?.text).toBe('·[2J a long enough line')
})
