import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBlocks } from '../../src/files/pcapng-blocks.js'
import { readNotes, writeNotes } from '../../src/notes/capture-notes.js'
import { notesOf } from '../../src/notes/comments.js'
import { noteOfComment } from '../../src/notes/note.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const MESSAGE = join(root, 'captures/message.pcapng')
const corpus = join(root, '../shared/corpus')
const hasTshark = spawnSync('tshark', ['--version']).status === 0
const hasEditcap = spawnSync('editcap', ['--version']).status === 0

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notes-'))
  file = join(folder, 'lab.pcapng')
  copyFileSync(MESSAGE, file)
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function annotate(...args: string[]) {
  const { stdout, stderr, status } = spawnSync('node', [join(root, 'bin/synopsis.js'), 'annotate', ...args], {
    encoding: 'utf8',
    input: '',
  })
  return { stdout, stderr, status }
}

function comments(name: string): string[] {
  const out = execFileSync('tshark', ['-n', '-r', name, '-T', 'fields', '-e', 'frame.comment'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return out.trimEnd().split('\n')
}

describe('notes in the pcapng', () => {
  it.skipIf(!hasTshark)(`Wireshark shows them${hasTshark ? '' : ' (skipped: no tshark here)'}`, () => {
    annotate(file, '-p', '8', "server's FIN: it closed first")
    annotate(file, '-p', '4-7', 'one question, one answer')
    annotate(file, '-s', '0', '--phase', 'teardown', 'an orderly release')
    annotate(file, '--at', '2.0', 'Enter')
    const shown = comments(file)
    expect(shown[3]).toBe('[#4–#7] one question, one answer,[at 2.0] Enter')
    expect(shown[7]).toBe("server's FIN: it closed first,[session 0, teardown] an orderly release")
  })

  it('as JSON lose nothing in any locale, and tell the terminal nothing', () => {
    const text = 'naïve \u009b2J\u202e 日本語'
    annotate(file, '-p', '2', text)
    const { stdout } = spawnSync('node', [join(root, 'bin/synopsis.js'), 'annotate', file, '--json'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    expect(stdout).not.toMatch(/[\x7f-\x9f\u202e]/)
    const notes = stdout.split('\n').filter((line) => line !== '')
    expect(notes.map((line) => JSON.parse(line).text)).toContain(text)
  })

  it('come back as what they were about', async () => {
    annotate(file, '-s', '0', 'the whole of it')
    annotate(file, '--capture', 'exercise 3')
    annotate(file, '-p', '2', 'the SYN/ACK')
    const ours = (await readNotes(file)).filter((note) => note.ours)
    expect(ours).toEqual([
      { target: { kind: 'capture' }, text: 'exercise 3', ours: true },
      { target: { kind: 'session', session: '0' }, text: 'the whole of it', ours: true },
      { target: { kind: 'packet', frame: 2 }, text: 'the SYN/ACK', ours: true },
    ])
  })

  it('all taken away again, the file is byte for byte what it was', () => {
    const before = readFileSync(file)
    annotate(file, '-p', '1', 'one')
    annotate(file, '-p', '1', 'two')
    annotate(file, '-s', '0', '--phase', 'data', 'three')
    annotate(file, '--capture', 'four')
    expect(readFileSync(file).equals(before)).toBe(false)
    const { status } = annotate(file, '--remove', '2', '--remove', '3', '--remove', '4', '--remove', '5')
    expect(status).toBe(0)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it.skipIf(!hasEditcap)(`what others wrote stays${hasEditcap ? '' : ' (skipped: no editcap here)'}`, async () => {
    const theirs = join(folder, 'theirs.pcapng')
    execFileSync('editcap', ['-a', '3:by a colleague', file, theirs])
    annotate(theirs, '-p', '3', 'by us')
    expect((await readNotes(theirs)).filter((note) => note.target.kind === 'packet')).toEqual([
      { target: { kind: 'packet', frame: 3 }, text: 'by a colleague', ours: false },
      { target: { kind: 'packet', frame: 3 }, text: 'by us', ours: true },
    ])
    const refused = annotate(theirs, '--remove', '2')
    expect(refused.stderr).toBe('synopsis: note 2 was not written by synopsis: it stays as it is\n')
    expect(refused.status).toBe(1)
    expect(annotate(theirs, '--remove', '3').status).toBe(0)
    expect((await readNotes(theirs)).map((note) => note.text)).toContain('by a colleague')
  })

  it('a packet may have more comments than a call can take arguments', async () => {
    const bytes = readFileSync(file)
    const comments = Buffer.alloc(4 * 200_000)
    for (let at = 0; at < comments.length; at += 4) comments.writeUInt16LE(1, at) // opt_comment, without text
    const length = 32 + comments.length + 4
    const block = Buffer.concat([Buffer.alloc(28), comments, Buffer.alloc(8)])
    block.writeUInt32LE(6, 0)
    block.writeUInt32LE(length, 4)
    block.writeUInt32LE(length, length - 4)
    writeFileSync(file, Buffer.concat([bytes, block]))
    expect((await readNotes(file)).filter(({ target }) => target.kind === 'packet')).toHaveLength(200_000)
  })

  it('a note on what is not there changes nothing', () => {
    const before = readFileSync(file)
    expect(annotate(file, '-p', '99', 'x').stderr).toBe('synopsis: there is no packet #99: the capture has 10\n')
    expect(annotate(file, '-s', '7', 'x')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('of session 7:'),
    })
    expect(annotate(file, '--at', '99', 'x').stderr).toContain(
      'there is no packet at 99 or after: the capture has 10 packets',
    )
    expect(annotate(file, '--change', '9', 'x').status).toBe(1)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('a .pcap gets a pcapng beside it, and stays', async () => {
    const pcap = join(folder, 'old.pcap')
    execFileSync('tcpdump', ['-r', file, '-w', pcap], { stdio: 'ignore' })
    const before = readFileSync(pcap)
    expect(annotate(pcap, '-s', '0', 'from a .pcap').stderr).toContain('old.pcapng: 1 note added')
    expect((await readNotes(join(folder, 'old.pcapng'))).map((note) => note.text)).toEqual(['from a .pcap'])
    expect(readFileSync(pcap).equals(before)).toBe(true)
  })

  const captures = existing(corpus)
  it.skipIf(captures.length === 0)(
    `added to every packet and taken away, over ${captures.length} captures of a corpus${captures.length > 0 ? '' : ' (skipped: ../shared is not here)'}`,
    async () => {
      for (const capture of captures) {
        const copy = join(folder, 'copy.pcapng')
        copyFileSync(capture, copy)
        const before = readFileSync(copy)
        const frames = Array.from({ length: 20 }, (_, i) => i)
        const add = frames.map((frame) => ({ note: noteOfComment(frame, `note ${frame}`, true), frame }))
        await writeNotes(copy, { add, change: new Map(), remove: new Set() })
        const notes = await readNotes(copy)
        const ours = notes.flatMap((note, i) => (note.ours ? [i + 1] : []))
        await writeNotes(copy, { add: [], change: new Map(), remove: new Set(ours) })
        expect(readFileSync(copy).equals(before), capture).toBe(true)
      }
    },
  )
})

function existing(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const files = names.filter((name) => name.endsWith('.pcapng')).map((name) => join(folder, name))
    // some are called so and are none
    return files.filter((name) =>
      readFileSync(name)
        .subarray(0, 4)
        .equals(Buffer.from([0x0a, 0x0d, 0x0d, 0x0a])),
    )
  } catch {
    return []
  }
}

describe('notes in a YAML file', () => {
  it('leave the capture as it is, and can be applied to it later', async () => {
    const before = readFileSync(file)
    annotate(file, '--yaml', '-p', '3', 'the handshake is done')
    annotate(file, '--yaml', '-s', '0', '--phase', 'teardown', 'orderly')
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(annotate(file, '--from', `${file}.notes.yaml`).status).toBe(0)
    expect((await readNotes(file)).filter((note) => note.ours).map((note) => note.text)).toEqual([
      'the handshake is done',
      'orderly',
    ])
  })

  it('written for other packets are refused', () => {
    annotate(file, '--yaml', '-p', '3', 'x')
    const other = join(root, 'captures/echo.pcapng')
    const copy = join(folder, 'other.pcapng')
    copyFileSync(other, copy)
    const { stderr, status } = annotate(copy, '--from', `${file}.notes.yaml`)
    expect(stderr).toContain('the capture has changed since')
    expect(status).toBe(1)
  })

  it('that are none, or no YAML, are refused with the place', () => {
    const yaml = join(folder, 'bad.yaml')
    writeFileSync(yaml, 'notes:\n  - packet: 1\n    text: [unclosed\n')
    expect(annotate(file, '--from', yaml).stderr).toMatch(/bad\.yaml: .*line 4/)
    writeFileSync(yaml, 'notes:\n  - packet: 1\n    text: fine\n  - text: about nothing\n')
    expect(annotate(file, '--from', yaml).stderr).toContain('note 2: it does not say what it is about')
    writeFileSync(yaml, 'notes:\n  - packet: 1\n    text: one\n    text: another\n')
    expect(annotate(file, '--from', yaml).stderr).toMatch(/bad\.yaml: the same key a second time, at line 4\n$/)
    writeFileSync(yaml, 'notes:\n  - &a {packet: 1, text: x}\n  - *a\n')
    expect(annotate(file, '--from', yaml)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/alias.*line 3\n$/),
    })
    writeFileSync(yaml, `notes: []\n${'#'.repeat(4_000_000)}`)
    expect(annotate(file, '--from', yaml).stderr).toMatch(/^synopsis: .*bad\.yaml is too large for notes: .*\n$/)
  })

  it('of many moments, sessions and phases: each at its first packet, in the order of the file', async () => {
    const yaml = join(folder, 'many.yaml')
    writeFileSync(
      yaml,
      `notes:
  - {at: 2.2299, text: the answer}
  - {session: 0, phase: teardown, text: teardown}
  - {at: 0, text: the beginning}
  - {session: 0, text: the session}
  - {at: 2.2299, text: the same moment}
  - {session: 0, phase: data, text: data}
  - {capture: true, text: all of it}
  - {at: 0.001, text: soon}
`,
    )
    expect(annotate(file, '--from', yaml).status).toBe(0)
    const comments = new Map<number, string[]>()
    await (await openBlocks(file)).forEach((block) => {
      const ours = notesOf(block).filter((note) => note.ours)
      if (ours.length > 0)
        comments.set(
          block.frame,
          ours.map(({ text }) => text),
        ) // 0: the section
    })
    expect([...comments]).toEqual([
      [0, ['all of it']],
      [1, ['the beginning', 'the session']],
      [2, ['soon']],
      [4, ['data']],
      [6, ['the answer', 'the same moment']],
      [8, ['teardown']],
    ])
  })

  it('keep the mode of their file, and the link that it may be', () => {
    const [link, notes] = [`${file}.notes.yaml`, join(folder, 'elsewhere.yaml')]
    annotate(file, '--yaml', '-p', '3', 'first')
    renameSync(link, notes)
    chmodSync(notes, 0o640)
    symlinkSync(notes, link)
    expect(annotate(file, '--yaml', '-p', '4', 'second').status).toBe(0)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(statSync(notes).mode & 0o777).toBe(0o640)
    expect(readFileSync(notes, 'utf8')).toContain('second')
    expect(readdirSync(folder).sort()).toEqual(['elsewhere.yaml', 'lab.pcapng', 'lab.pcapng.notes.yaml'])
  })
})
