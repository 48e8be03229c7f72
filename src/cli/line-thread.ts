/** The thread that writes the lines of sessions, puts them in order, and prints them; line-printer.ts sends the sessions. */
import { setFlagsFromString } from 'node:v8'
import { workerData } from 'node:worker_threads'
import type { Box } from '../bytes/box.js'
import { SynopsisError } from '../errors.js'
import { ByteBuffer, ByteWriter } from '../render/byte-writer.js'
import { SessionLines } from '../render/session-json.js'
import { AddressTable } from '../sessions/address-table.js'
import { KIND, Parcel, Unpacker } from '../sessions/parcel.js'
import type { Session } from '../sessions/session.js'
import { ArrivalOrder } from './arrival-order.js'
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
const order = new ArrivalOrder(window)
const addresses = new AddressTable(0)
const unpacker = new Unpacker(addresses)
const lines = new SessionLines(addresses)
const takenOver = analyse ? await loadTakenOver() : undefined
const parts = new ByteBuffer()

try {
  boxes.forEach((box, end) => {
    while (box.at < end) open(box)
    takenOver?.open(box)
  })
  window.finish()
  writer.flush()
  boxes.done()
} catch (error) {
  failures.postMessage(failureOf(error))
  boxes.refuse()
}

/** Opens what comes next in the box. */
function open(box: Box): void {
  box.align()
  const kind = (box.ints[box.at] ?? 0) & KIND
  if (kind >= Parcel.begun && kind <= Parcel.ended) {
    takenOver?.add(box)
    return
  }
  box.at++
  if (kind === Parcel.tcp || kind === Parcel.udp) print(unpacker.unpack(kind, box), unpacker.turn)
  else if (kind === Parcel.part) parts.bytes(box.readBytes())
  else {
    const turn = box.readInt()
    const number = box.readInt()
    parts.bytes(box.readBytes())
    order.add(turn, 'tcp', number, parts.take())
  }
}

/** The analysis takes longer to load than all the rest. */
async function loadTakenOver() {
  const { TakenOver } = await import('../sessions/tcp/taken-over.js')
  return new TakenOver(addresses, print)
}

function print(session: Session, turn: number): void {
  order.add(turn, session.protocol, session.number, lines.line(session))
}

function failureOf(error: unknown): Failure {
  if (error instanceof ReaderGone) return 'reader gone'
  if (error instanceof SynopsisError) return { message: error.message, code: error.code }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
