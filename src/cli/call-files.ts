/** `--calls-from FILE` and `--netstat-from FILE`: what the lab's programs and its nodes logged, a record a line. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Call, parseCall } from '../calls/call.js'
import { parseSocketTable, type SocketTable } from '../calls/socket-table.js'
import { FileError } from '../errors.js'

/** Records that are kept of all files together. */
const MAX_RECORDS = 1_000_000

/** The calls of all files, as they stand there. Throws FileError for a file or a line that cannot be read. */
export function readCallFiles(paths: readonly string[]): Promise<Call[]> {
  return readLines(paths, parseCall, "give a log that the lab's --calls wrote")
}

/** The tables of sockets of all files. Throws FileError as well. */
export function readSocketTables(paths: readonly string[]): Promise<SocketTable[]> {
  return readLines(paths, parseSocketTable, 'give the sockets.ndjson that lab run --keep left')
}

async function readLines<T>(paths: readonly string[], parse: (line: string) => T, remedy: string): Promise<T[]> {
  const records: T[] = []
  for (const path of paths) {
    try {
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        if (line.trim() === '') continue
        records.push(parse(line))
        if (records.length > MAX_RECORDS) throw new FileError('TOO_MANY', 'it has more records than can be shown')
      }
    } catch (error) {
      if (error instanceof FileError) throw new FileError(error.code, `${path}: ${error.message}`, { cause: error })
      throw new FileError('CANNOT_READ', `cannot read ${path}: ${remedy}`, { cause: error })
    }
  }
  return records
}
