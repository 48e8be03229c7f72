/**
 * A process of its own for the cap package, which ends its whole process when the interface goes down or away. It writes
 * what it captures to descriptor 3, as records.ts has them, with the time at which each arrived here: cap tells none.
 */
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Account, become } from './privileges.js'
import { LITTLE, RecordHeader } from './records.js'

export interface CapChildData {
  readonly interface: string
  readonly filter: string
  /** bytes kept of each frame */
  readonly snapLength: number
  /** bytes of libpcap's buffer */
  readonly bufferSize: number
  /** who to go on as */
  readonly account: Account | undefined
}

/** To whoever started the process; from there, any message asks it to end. */
export type CapChildMessage =
  | { readonly type: 'opened'; readonly linkType: number }
  | { readonly type: 'failed'; readonly reason: 'missing' | 'permission' | 'other'; readonly message: string }

interface Cap {
  open(device: string, filter: string, bufferSize: number, buffer: Buffer): string
  close(): void
  on(event: 'packet', listener: (length: number, truncated: boolean) => void): void
}

const RECORDS = 3
/** the longest frame that cap keeps */
const LONGEST = 65_535
/** bytes gathered before they are written, within one turn of the event loop */
const GATHERED = 256 << 10
/** milliseconds that libpcap may hold frames back */
const DRAIN = 50

/** cap's names of link types, as LINKTYPE_ numbers. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
  IEEE802_11_RADIO: 127,
}

function tell(message: CapChildMessage): void {
  process.send?.(message)
}

function main(data: CapChildData): void {
  const cap = load()
  if (cap === undefined) return
  const frame = Buffer.alloc(LONGEST)
  const gathered = Buffer.alloc(GATHERED + RecordHeader.data + LONGEST)
  const view = new DataView(gathered.buffer, gathered.byteOffset, gathered.length)
  let length = 0
  const flush = () => {
    for (let written = 0; written < length; ) written += writeSync(RECORDS, gathered, written, length - written)
    length = 0
  }
  cap.on('packet', (original) => {
    const captured = Math.min(original, data.snapLength)
    const microseconds = Math.round((performance.timeOrigin + performance.now()) * 1000)
    if (length === 0) setImmediate(flush)
    view.setUint32(length + RecordHeader.seconds, Math.floor(microseconds / 1e6), LITTLE)
    view.setUint32(length + RecordHeader.fraction, microseconds % 1e6, LITTLE)
    view.setUint32(length + RecordHeader.capturedLength, captured, LITTLE)
    view.setUint32(length + RecordHeader.originalLength, original, LITTLE)
    frame.copy(gathered, length + RecordHeader.data, 0, captured)
    length += RecordHeader.data + captured
    if (length >= GATHERED) flush()
  })
  try {
    const linkType = LINK_TYPES[cap.open(data.interface, data.filter, data.bufferSize, frame)]
    if (linkType === undefined) throw new Error('cap does not know its link type')
    if (data.account !== undefined) become(data.account)
    tell({ type: 'opened', linkType })
  } catch (error) {
    const { message } = error as Error
    tell({ type: 'failed', reason: /permi/i.test(message) ? 'permission' : 'other', message })
    process.disconnect()
    return
  }
  const end = () => {
    cap.close()
    flush()
    process.exit(0)
  }
  process.once('message', () => setTimeout(end, DRAIN))
  process.once('disconnect', end)
  // a terminal sends its signals to this process as well, which ends when it is told to
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
}

function load(): Cap | undefined {
  try {
    const { Cap } = createRequire(import.meta.url)('cap') as { Cap: new () => Cap }
    return new Cap()
  } catch (error) {
    tell({ type: 'failed', reason: 'missing', message: (error as Error).message })
    process.disconnect()
    return undefined
  }
}

main(JSON.parse(process.argv[2] ?? '{}') as CapChildData)
