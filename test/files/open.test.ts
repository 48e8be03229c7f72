import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { StreamInput } from '../../src/files/input.js'
import { openCapture } from '../../src/files/open.js'
import { blocks, concat, hex, readFile, temporaryDirectory } from './support.js'

const path = temporaryDirectory()
const b = blocks(true)
const capture = concat(b.section(), b.interface(1, 0), b.packet(1n, hex('00')), b.packet(2n, hex('00')))

function file(name: string, content: Uint8Array | string): string {
  writeFileSync(path(name), content)
  return path(name)
}

describe('what is no capture is said in one line that tells what to do', () => {
  mkdirSync(path('captures'))
  symlinkSync(path('nowhere'), path('dangling'))
  test.each([
    ['a missing file', path('nowhere'), 'MISSING', 'there is no such file'],
    ['a dangling link', path('dangling'), 'MISSING', 'there is no such file'],
    ['a path through a file', `${file('plain', 'x')}/a`, 'MISSING', 'not a directory'],
    ['a directory', path('captures'), 'DIRECTORY', 'give the capture files in it'],
    ['an empty file', file('empty', ''), 'EMPTY', 'is empty'],
    ['an empty gzip', file('empty.gz', hex('1f8b080000000000000003000000000000000000')), 'EMPTY', 'is empty'],
    ['a text', file('notes.pcap', 'No. Time Source\n1 0.0 10.0.0.1\n'), 'NOT_A_CAPTURE', 'looks like text'],
    ['a short text', file('short', 'ab'), 'NOT_A_CAPTURE', 'looks like text'],
    ['a text that is not English', file('ü', 'Prüfung für Ödön ✓ '.repeat(400)), 'NOT_A_CAPTURE', 'looks like text'],
    [
      'a text cut inside a letter',
      file('cut', Buffer.from('Prüfungü').subarray(0, -1)),
      'NOT_A_CAPTURE',
      'looks like text',
    ],
    ['a program', file('prog', hex('7f454c46 02010100 00000000 00000000 0300')), 'NOT_A_CAPTURE', 'an ELF program'],
    [
      'a snoop capture',
      file('snoop', hex('736e6f6f70000000 00000002 00000004')),
      'NOT_A_CAPTURE',
      'a snoop capture; convert it',
    ],
    ['a ZIP archive', file('zip', hex('504b0304 14000000')), 'NOT_A_CAPTURE', 'a ZIP archive; unpack it'],
    [
      'bytes of no kind',
      file('noise', hex('0001020304050607')),
      'NOT_A_CAPTURE',
      'unknown that begins with 00 01 02 03',
    ],
    ['a broken gzip', file('broken.gz', hex('1f8b08000000000000ff')), 'NOT_A_CAPTURE', 'gzip data stop at byte 10'],
  ])('%s', async (_name, name, code, message) => {
    const error = await openCapture(name).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ name: 'FileError', code, exitStatus: 2, message: expect.stringContaining(message) })
    expect(error).toMatchObject({ message: expect.stringMatching(/^[^\n]+$/) })
    expect(error).toMatchObject({ message: expect.stringContaining(name) })
  })

  const root = process.getuid?.() === 0
  test.skipIf(root)(`a file without permission${root ? ' (skipped: root may read every file)' : ''}`, async () => {
    chmodSync(file('secret', capture), 0o000)
    await expect(openCapture(path('secret'))).rejects.toMatchObject({ code: 'DENIED', exitStatus: 2 })
  })
})

test('a file is told by its magic, not by its name', async () => {
  const { frames, info } = await readFile(file('capture.txt', capture))
  expect(info.format).toBe('pcapng')
  expect(info.size).toBe(capture.length)
  expect(frames.length).toBe(2)
})

test('a pipe tells how far it has been read', async () => {
  const input = new StreamInput(Readable.from([capture.slice(0, 50), capture.slice(50)]))
  const target = new Uint8Array(1000)
  expect(await input.read(target, 990)).toBe(10)
  expect(input.position).toBe(10)
  let offset = 10
  for (let length = 1; length > 0; offset += length) length = await input.read(target, offset)
  expect(offset).toBe(capture.length)
  expect(target.slice(10, offset)).toEqual(capture.slice(10))
  expect(input.position).toBe(capture.length)
  input.close()
})

describe('a source', () => {
  test('passes over a batch that nobody looked at', async () => {
    const source = await openCapture(file('c', capture))
    for await (const _batch of source);
    expect(source.info.damage).toBeUndefined()
    expect(source.position).toBe(capture.length)
  })

  test('gives each frame once, even when a batch is asked twice', async () => {
    const source = await openCapture(file('c', capture))
    let count = 0
    const visit = (): void => {
      count++
    }
    for await (const batch of source) {
      batch.forEach(visit)
      batch.forEach(visit)
    }
    expect(count).toBe(2)
  })

  test('may be left in the middle, and closed twice', async () => {
    const source = await openCapture(file('c', capture))
    for await (const _batch of source) break
    await source.close()
    await source.close()
    let batches = 0
    for await (const _batch of source) batches++
    expect(batches).toBe(0)
  })

  test('lets an exception of the visitor through, and closes', async () => {
    const source = await openCapture(file('c', capture))
    const all = async (): Promise<void> => {
      for await (const batch of source) {
        batch.forEach(() => {
          throw new RangeError('mine')
        })
      }
    }
    await expect(all()).rejects.toThrow(new RangeError('mine'))
  })
})
