/** Logs that were made to hurt: one clear error, and nothing of the log is held. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { formatCall } from '../../src/calls/call.js'
import { linesOf, Room, readCallFile } from '../../src/cli/call-files.js'
import { followLogs } from '../../src/cli/call-logs.js'

const folder = mkdtempSync(join(tmpdir(), 'synopsis-call-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, ...parts: string[]): string {
  const path = join(folder, name)
  writeFileSync(path, parts.join(''))
  return path
}

const CALL = formatCall({
  pid: 7,
  thread: 7,
  call: 'close',
  arguments: ['3'],
  entered: { seconds: 1_800_000_000, nanoseconds: 5 },
})

describe('a log of records', () => {
  test('with a line that never ends is refused in one line that names it', () => {
    const path = file('long.ndjson', CALL, '{"pid":"', 'x'.repeat(3 << 20))
    expect(() => readCallFile(path, new Room())).toThrow(
      `${path}: a line has more than 1,048,576 bytes: no log of calls has`,
    )
    expect(() => followLogs([path])).toThrow('a line has more than')
  })

  test('with a value that is none, however long, shows a little of it', () => {
    const path = file('value.ndjson', `{"pid":"${'x'.repeat(100_000)}"}`)
    expect(() => readCallFile(path, new Room())).toThrow(
      /has no valid "call": it is absent|has no valid "pid": "x{99}…$/,
    )
  })
})

test("strace's lines that are too long are left out, as others that are not its own", () => {
  const path = file(
    'long.strace',
    '7 1800000000.1 close(3) = 0\n7 ',
    'x'.repeat(3 << 20),
    '\n7 1800000000.2 close(4) = 0',
  )
  expect([...linesOf(path)].map((line) => line?.length)).toEqual([27, undefined, 27])
  const [followed] = followLogs([path])
  expect(followed?.calls.map(({ descriptor }) => descriptor)).toEqual([3, 4])
})

test('of all logs together a million records are kept, and so many characters', () => {
  const room = new Room()
  for (let i = 0; i < 1_000_000; i++) room.take(60)
  expect(() => room.take(60)).toThrow('more than 1,000,000 records cannot be shown')
  const another = new Room()
  another.take(256 << 20)
  expect(() => another.take(1)).toThrow('more than 256 MB of arguments')
})
