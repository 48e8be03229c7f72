/** Header diagrams: every bit of every header stands in one cell, with the value that the packet has there. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { packetTree } from '../../src/decode/tree.js'
import { headerSvg, headerTikz } from '../../src/render/header/figure.js'
import { type HeaderDiagram, headerDiagrams } from '../../src/render/header/layout.js'
import { headerText } from '../../src/render/header/text.js'
import { synopsis } from '../cli/synopsis.js'
import { decoded, fromHex } from '../decode/support.js'
import { tables } from '../decode/tables/all.js'
import { Conversation } from '../support/conversation.js'

const MSS_1460 = [2, 4, 5, 180]

function diagramsOf(bytes: Uint8Array, ...names: string[]): HeaderDiagram[] {
  return headerDiagrams(packetTree(decoded(bytes)), names.length > 0 ? names : undefined)
}

function syn(): Uint8Array {
  const [frame] = new Conversation().client('S', { options: MSS_1460, seq: 2_678_267_573 }).frames
  return frame?.bytes ?? new Uint8Array()
}

test("a SYN's header is RFC 9293's diagram, with its values", () => {
  expect([...headerText(diagramsOf(syn(), 'tcp'))].join('\n')).toBe(
    `Transmission Control Protocol, 24 bytes

 0                   1                   2                   3
 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|          Source Port          |       Destination Port        |
|             40000             |             51717             |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                        Sequence Number                        |
|                          2678267573                           |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                     Acknowledgment Number                     |
|                               0                               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|Header |Rsvd | |C|E|U|A|P|R|S|F|            Window             |
|Length |  0  |A|W|C|R|C|S|S|Y|I|             64240             |
|   6   |     |E|R|E|G|K|H|T|N|N|                               |
|       |     |0|0|0|0|0|0|0|1|0|                               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|           Checksum            |        Urgent Pointer         |
|         0x873a (good)         |               0               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|Maximum segment|    Length     |           MSS Value           |
|     size      |       4       |             1460              |
|       2       |               |                               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+`,
  )
})

describe('every packet of the decoders’ tables', () => {
  const cases = Object.values(tables).flatMap((table) => table.map((one) => [one.name, one] as const))
  test.each(cases)('%s', (_, { bytes, linkType }) => {
    const layers = packetTree(decoded(fromHex(bytes), linkType))
    for (const diagram of headerDiagrams(layers)) {
      for (const { cells } of diagram.rows) {
        let next = 0
        for (const { from, bits } of cells) {
          expect(from).toBe(next)
          next = from + bits
        }
        expect(next).toBeLessThanOrEqual(32)
      }
      expect(
        diagram.rows.slice(0, -1).every(({ cells }) => cells.reduce((sum, { bits }) => sum + bits, 0) === 32),
      ).toBe(true)
    }
    const lines = [...headerText(headerDiagrams(layers))]
    for (const line of lines) if (/^[+|/]/.test(line)) expect([65, 49, 33, 17]).toContain(line.length)
    expect(headerTikz(headerDiagrams(layers))).not.toContain('undefined')
  })
})

test('what is carried is shown, and stays text', () => {
  const [frame] = new Conversation().client('PA', { text: '<script>\\input{x}\u001b[31m' }).frames
  const diagrams = diagramsOf(frame?.bytes ?? new Uint8Array(), 'data')
  expect(headerSvg(diagrams)).toContain('&lt;script&gt;')
  expect(headerSvg(diagrams)).not.toMatch(/<script|\u001b/)
  expect(headerTikz(diagrams)).toContain('\\textbackslash{}input\\{x\\}')
  expect([...headerText(diagrams)].join('\n')).not.toContain('\u001b')
})

test('a long payload is cut in its middle, and says how long it is', () => {
  const [frame] = new Conversation().client('PA', { text: 'x'.repeat(1000) }).frames
  const [diagram] = diagramsOf(frame?.bytes ?? new Uint8Array(), 'data')
  expect(diagram?.rows.map(({ byte }) => byte)).toEqual([0, 4, 996])
  expect([...headerText(diagram ? [diagram] : [])].join('\n')).toContain('1000 bytes')
})

describe('synopsis packet --diagram', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synopsis-diagram-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const diagram = (...args: string[]) => synopsis(['packet', 'captures/message.pcapng', '1', ...args])

  test('text on standard output, figures into files, by their names', () => {
    expect(diagram('--diagram').stdout).toContain('|        Identification         |R|D|M|Fragment Offset')
    for (const name of ['syn.svg', 'syn.tex', 'syn.txt']) {
      const path = join(folder, name)
      expect(diagram('--diagram', '--layer', 'tcp', '-o', path)).toMatchObject({ status: 0, stdout: '' })
      expect(readFileSync(path, 'utf8')).toContain('Sequence Number')
    }
  })

  test('a header that the packet does not have, a format that is none, -o alone: one line each', () => {
    for (const args of [
      ['--diagram', '--layer', 'udp'],
      ['--diagram', '-o', 'x.gif'],
      ['-o', 'x.svg'],
    ]) {
      const { status, stderr } = diagram(...args)
      expect(status).toBe(1)
      expect(stderr).toMatch(/^synopsis: [^\n]+\n$/)
    }
  })

  const rsvg = spawnSync('rsvg-convert', ['--version']).status === 0
  test.skipIf(!rsvg)(`PNG${rsvg ? '' : ' (skipped: rsvg-convert is not installed)'}`, () => {
    const path = join(folder, 'syn.png')
    expect(diagram('--diagram', '-o', path).status).toBe(0)
    expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG')
  })
})
