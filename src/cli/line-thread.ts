/** The thread that writes the lines of sessions, or their ends, puts them in order, and prints them; line-printer.ts sends what they are of. */
import { setFlagsFromString } from 'node:v8'
import { workerData } from 'node:worker_threads'
import type { Box } from '../bytes/box.js'
import { SynopsisError } from '../errors.js'
import { ByteBuffer, ByteWriter } from '../render/byte-writer.js'
import { endLine, SessionLines } from '../render/session-json.js'
import { AddressTable } from '../sessions/address-table.js'
import { Kind, kindOf, sideOf, slotOf, Unpacker } from '../sessions/parcel.js'
import { BoxReceiver } from './box-ring.js'
import type { Assignment, Failure } from './line-printer.js'
import { ReorderWindow } from './reorder-window.js'
import { ReaderGone, writeAll } from './standard-output.js'
import { STDOUT } from './terminal.js'

// V8 holds whatever was said of its room for new objects for a mistake when a thread begins, and forgets it
setFlagsFromString('--semi-space-growth-factor=1')

const { memory, failures, analyse } = workerData as Assignment
const boxes = new BoxReceiver(memory)
const writer = new ByteWriter((bytes) => writeAll(STDOUT, bytes))
const window = new ReorderWindow((line) => writer.bytes(line))
const addresses = new AddressTable(0)
const unpacker = new Unpacker(addresses)
const lines = new SessionLines(addresses)
const takenOver = analyse ? await loadTakenOver() : undefined
const out = new ByteBuffer()

try {
  boxes.forEach((box, end) => {
    while (box.at < end) open(box)
  })
  window.finish()
  writer.flush()
  boxes.done()
} catch (error) {
  failures.postMessage(failureOf(error))
  boxes.refuse()
}

/** Opens the next piece in the box. */
function open(box: Box): void {
  const header = box.readInt()
  const kind = kindOf(header)
  if (takenOver === undefined) {
    const session = unpacker.unpack(header, box)
    window.add(session.protocol, session.number, lines.line(session))
  } else if (kind === Kind.line) window.add('udp', box.readInt(), box.readBytes())
  else if (kind === Kind.lineToEnd) {
    const number = box.readInt()
    out.bytes(box.readBytes())
    endLine(out, takenOver.end(slotOf(header)), sideOf(header))
    window.add('tcp', number, out.take())
  } else takenOver.take(header, box)
  box.align()
}

/** The analysis takes longer to load than all the rest. */
async function loadTakenOver() {
  const { TakenOver } = await import('../sessions/tcp/taken-over.js')
  return new TakenOver()
}

function failureOf(error: unknown): Failure {
  if (error instanceof ReaderGone) return 'reader gone'
  if (error instanceof SynopsisError) return { message: error.message, code: error.code }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
