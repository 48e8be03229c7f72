/** Logs of calls and of sockets, line by line: what the lab's programs and its nodes logged is a record a line. */
import { closeSync, openSync, readSync } from 'node:fs'
import { formatCount } from '../bytes/units.js'
import { type Call, parseCall } from '../calls/call.js'
import { parseSocketTable, type SocketTable } from '../calls/socket-table.js'
import { MAX_LINE, TextLines } from '../calls/text-lines.js'
import { FileError } from '../errors.js'

/** Records that are kept of all files together. */
const MAX_RECORDS = 1_000_000
/** And the characters that they have: records of a program that sends much data at once may be long. */
const MAX_CHARACTERS = 256 << 20
const CHUNK = 64 << 10

/** How much of all the logs together is kept. */
export class Room {
  #records = 0
  #characters = 0

  /** Makes room for one more. @throws FileError where there is none */
  take(characters: number): void {
    this.#records++
    this.#characters += characters
    if (this.#records > MAX_RECORDS)
      throw new FileError(
        'TOO_MANY',
        `more than ${formatCount(MAX_RECORDS)} records cannot be shown: give a part of them`,
      )
    if (this.#characters > MAX_CHARACTERS)
      throw new FileError('TOO_MANY', 'more than 256 MB of arguments cannot be shown: give a part of them')
  }
}

/** Its lines; undefined for one that is longer than any log's. Throws what the file system does. */
export function* linesOf(path: string): Generator<string | undefined> {
  const lines = new TextLines()
  const descriptor = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK)
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk))
      yield* lines.take(chunk.subarray(0, read))
    yield* lines.end()
  } finally {
    closeSync(descriptor)
  }
}

/** The calls of a file, as they stand there. Throws FileError for a file or a line that cannot be read. */
export function readCallFile(path: string, room: Room): Call[] {
  return readRecords(path, parseCall, "give a log that the lab's --calls wrote", room)
}

/** The tables of sockets of all files. Throws FileError as well. */
export function readSocketTables(paths: readonly string[]): SocketTable[] {
  const room = new Room()
  const remedy = 'give the sockets.ndjson that lab run --keep left'
  return paths.flatMap((path) => readRecords(path, parseSocketTable, remedy, room))
}

function readRecords<T>(path: string, parse: (line: string) => T, remedy: string, room: Room): T[] {
  return withPath(path, remedy, () => {
    const records: T[] = []
    for (const line of linesOf(path)) {
      if (line === undefined)
        throw new FileError('BAD_CALL', `a line has more than ${formatCount(MAX_LINE)} bytes: no log of calls has`)
      if (line.trim() === '') continue
      records.push(parse(line))
      room.take(line.length)
    }
    return records
  })
}

/** What goes wrong is told with the file that it was. */
export function withPath<T>(path: string, remedy: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof FileError) throw new FileError(error.code, `${path}: ${error.message}`, { cause: error })
    throw new FileError('CANNOT_READ', `cannot read ${path}: ${remedy}`, { cause: error })
  }
}
