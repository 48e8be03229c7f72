/** The thread that writes the lines of sessions, puts them in order, and prints them; line-printer.ts sends the sessions. */
import { setFlagsFromString } from 'node:v8'
import { workerData } from 'node:worker_threads'
import { SynopsisError } from '../errors.js'
import { ByteWriter } from '../render/byte-writer.js'
import { SessionLines } from '../render/session-json.js'
import { Unpacker } from '../sessions/parcel.js'
import { BoxReceiver } from './box-ring.js'
import type { Assignment, Failure } from './line-printer.js'
import { ReorderWindow } from './reorder-window.js'
import { ReaderGone, writeAll } from './standard-output.js'
import { STDOUT } from './terminal.js'

// V8 holds whatever was said of its room for new objects for a mistake when a thread begins, and forgets it
setFlagsFromString('--semi-space-growth-factor=1')

const { memory, failures } = workerData as Assignment
const boxes = new BoxReceiver(memory)
const writer = new ByteWriter((bytes) => writeAll(STDOUT, bytes))
const window = new ReorderWindow((line) => writer.bytes(line))
const unpacker = new Unpacker()
const lines = new SessionLines(unpacker.addresses)

try {
  boxes.forEach((box, end) => {
    while (box.at < end) {
      const session = unpacker.unpack(box)
      window.add(session.protocol, session.number, lines.line(session))
    }
  })
  window.finish()
  writer.flush()
  boxes.done()
} catch (error) {
  failures.postMessage(failureOf(error))
  boxes.refuse()
}

function failureOf(error: unknown): Failure {
  if (error instanceof ReaderGone) return 'reader gone'
  if (error instanceof SynopsisError) return { message: error.message, code: error.code }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
