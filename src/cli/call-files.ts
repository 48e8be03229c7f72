/** `--calls-from FILE`: the calls that the lab's programs logged. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Call, parseCall } from '../calls/call.js'
import { FileError } from '../errors.js'

/** Records that are kept of all files together. */
const MAX_CALLS = 1_000_000

/** The records of all files, as they stand there. Throws FileError for a file or a line that cannot be read. */
export async function readCallFiles(paths: readonly string[]): Promise<Call[]> {
  const calls: Call[] = []
  for (const path of paths) {
    try {
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
        if (line.trim() === '') continue
        calls.push(parseCall(line))
        if (calls.length > MAX_CALLS) throw new FileError('BAD_CALL', `${path} has more calls than can be shown`)
      }
    } catch (error) {
      if (error instanceof FileError) throw new FileError(error.code, `${path}: ${error.message}`, { cause: error })
      throw new FileError('CANNOT_READ', `cannot read ${path}: give a log that the lab's --calls wrote`, {
        cause: error,
      })
    }
  }
  return calls
}
