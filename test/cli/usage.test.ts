/** What a user meets who does something else than everything right. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { synopsis } from './synopsis.js'

const MESSAGE = 'captures/message.pcapng'
const folder = mkdtempSync(join(tmpdir(), 'synopsis-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function folderNamed(name: string): string {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  return path
}

describe('one clear line on standard error, and an exit status', () => {
  const commands = ['replay', 'sessions', 'packets']
  test.each(commands)('%s of a missing, an empty, a foreign file, and of a directory', (command) => {
    for (const [path, words] of [
      [join(folder, 'missing.pcap'), 'no such file'],
      [file('empty.pcap', ''), 'is empty'],
      [file('text.pcap', 'no capture, only text\n'), 'not a capture'],
      [`${folder}/`, `as in ${folder}/*.pcapng`],
    ] as const) {
      const { status, stdout, stderr } = synopsis([command, path])
      expect(stderr).toMatch(/^synopsis: [^\n]+\n$/)
      expect(stderr).toContain(words)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    }
  })

  test('a name that cannot be asked about, and a folder to be written into', () => {
    for (const [args, words] of [
      [['replay', `${'x'.repeat(300)}.pcap`], 'cannot open xxx'],
      [['packet', MESSAGE, '1', '--diagram', '-o', folderNamed('dir.svg')], 'dir.svg: it is a directory'],
    ] as const) {
      const { status, stdout, stderr } = synopsis(args)
      expect(stderr).toMatch(/^synopsis: [^\n]+\n$/)
      expect(stderr).toContain(words)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    }
  })

  test.each([
    ['no file', ['replay'], 'which file?'],
    ['an unknown command', ['reply'], "unknown command 'reply'"],
    ['an unknown option', ['replay', '--frob', MESSAGE], "unknown option '--frob'"],
    ['a file whose name begins with a dash', ['sessions', '-x.pcap'], 'a file of that name is written ./-x.pcap'],
    ['a session that is not there', ['replay', '-s', '7', MESSAGE], 'has no such session: it has 1 session'],
    ['a session that is none', ['replay', '-s', 'first', MESSAGE], 'first is no session'],
    ['a range of sessions', ['replay', '-s', '0-3', MESSAGE], 'a range is not taken; write -s 0,1,2,3'],
    ['a long range', ['replay', '-s', '0-99999999', MESSAGE], 'write each number, as in -s 0,1,2'],
    ["a session as the page's address has it", ['replay', '-s', 'tcp0', MESSAGE], 'did you mean tcp:0?'],
    ["tshark's display filter", ['packets', '-Y', 'tcp.port == 80', MESSAGE], 'there are no display filters: -s N'],
    ['a mistyped service', ['lab', 'serve', 'mesage', '0'], 'did you mean message?'],
    ['a mistyped scenario', ['lab', 'run', 'lost-segmnet'], 'did you mean lost-segment?'],
    [
      'a page as the name of a capture',
      ['capture', '-i', 'lo', '-w', `${folder}/w.html`],
      `-w ${folder}/w.pcapng, then synopsis report ${folder}/w.pcapng -o ${folder}/w.html`,
    ],
    [
      'a figure as the name of a traced capture',
      ['trace', '-w', `${folder}/w.svg`, '--', 'true'],
      `then synopsis report ${folder}/w.pcapng -s 0 -o ${folder}/w.svg`,
    ],
    [
      'a template for the page',
      ['report', MESSAGE, '--template', 'x', '-o', `${folder}/f.html`],
      '--template is for .md and .tex',
    ],
    [
      'questions in a figure',
      ['report', MESSAGE, '--questions', '-o', `${folder}/f.svg`],
      '--questions is for .html, .md and .tex',
    ],
    ['a count that is none', ['packets', '-c', '0', MESSAGE], 'at least 1'],
    ['a format that is none', ['packets', '-T', 'xml', MESSAGE], 'Allowed choices are table, fields, ndjson'],
    ['no field', ['packets', '-T', 'fields', MESSAGE], 'needs at least one -e FIELD'],
    [
      'an unknown field',
      ['packets', '-T', 'fields', '-e', 'tcp.analysis.retransmision', MESSAGE],
      'did you mean tcp.analysis.retransmission',
    ],
  ])('%s', (_, args, words) => {
    const { status, stdout, stderr } = synopsis(args)
    expect(stderr).toContain(words)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  })
})

test('a file that ends in the middle: everything before is shown, then a warning says where, status 2', () => {
  const cut = join(folder, 'cut.pcapng')
  copyFileSync(MESSAGE, cut)
  truncateSync(cut, 1000)
  for (const command of ['replay', 'sessions', 'packets']) {
    const { status, stdout, stderr } = synopsis([command, cut])
    expect(stdout).toContain('192.168.56.10')
    expect(stderr).toMatch(
      /^synopsis: .*cut\.pcapng: the file ends at byte 1000, in the middle of the .* at byte \d+\n$/,
    )
    expect(status).toBe(2)
  }
})

test('a capture that stayed empty: what may have kept the packets away', () => {
  const empty = join(folder, 'nothing.pcap')
  // a pcap file's header alone: magic, version 2.4, zone, accuracy, snap length, Ethernet
  writeFileSync(empty, Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'))
  const { status, stdout } = synopsis(['replay', empty])
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'it holds no packet: nothing was sent while it was made, or not past that',
  )
  expect(status).toBe(0)
})

test('of many files, one that cannot be read does not keep the others from being shown', () => {
  const { status, stdout, stderr } = synopsis([
    'sessions',
    MESSAGE,
    join(folder, 'missing.pcap'),
    'captures/refused.pcapng',
  ])
  expect(stdout).toMatch(
    /^captures\/message\.pcapng: complete; .*\ncaptures\/refused\.pcapng: refused: the SYN was answered with a reset\n$/,
  )
  expect(stderr).toContain('no such file')
  expect(status).toBe(2)
})

test('a file name cannot play with the terminal', () => {
  const { stderr } = synopsis(['replay', 'evil\x1b[2J.pcap'])
  expect(stderr).not.toContain('\x1b')
})

test.each([['--help'], ['replay', '--help'], ['help', 'packets'], ['sessions', '-h'], ['packet', '--help']])(
  'help: %s %s',
  (...args) => {
    const { status, stdout, stderr } = synopsis(args)
    expect(stdout).toMatch(/^Usage: synopsis/)
    expect(stdout).toContain('Examples:')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  },
)

test("the version is the package's", () => {
  expect(synopsis(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})
