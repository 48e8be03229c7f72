/**
 * The thread that captures with the cap package: keeps the process that does (cap-child.ts), and puts what comes from it
 * into the shared memory. It speaks to the others as capture-thread.ts does.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { CapChildData, CapChildMessage } from './cap-child.js'
import type { CaptureMessage, CaptureThreadData, StopMessage } from './capture-thread.js'
import { Counters } from './counters.js'
import { type CaptureErrorCode, type PlainError, toPlain } from './errors.js'
import { Producer } from './producer.js'
import { nextRecord, RecordHeader } from './records.js'
import type { StopReason } from './stop-reason.js'

/** What is not as it is with libpcap; to be said to the user, and in the file. */
const CAP_LIMITS =
  'captured with cap: times are taken on arrival, not by the kernel; nobody knows what was dropped, or cut at 65535 bytes'

/** Milliseconds until a free slot is looked for again, and until a request to stop is. */
const RETRY = 2
const TICK = 100

class CapThread {
  readonly #port: MessagePort
  readonly #data: CaptureThreadData
  readonly #counters: Counters
  readonly #producer: Producer
  readonly #bytes: readonly Uint8Array[]
  readonly #child: ChildProcess
  readonly #records: Readable
  readonly #ticker: NodeJS.Timeout
  #position = 0
  #left: number
  /** the beginning of a record whose end has not come yet */
  #rest: Buffer = Buffer.alloc(0)
  #isOpen = false
  #stopping: StopReason | undefined
  #isEnded = false

  constructor(port: MessagePort, data: CaptureThreadData) {
    this.#port = port
    this.#data = data
    this.#left = data.packets
    this.#counters = new Counters(data.memory.counters)
    this.#producer = new Producer(data.memory, () => this.#tell({ type: 'bell' }))
    this.#bytes = data.memory.slots.map((slot) => new Uint8Array(slot))
    this.#child = this.#spawn()
    this.#child.on('message', (message: CapChildMessage) => this.#hear(message))
    this.#records = this.#child.stdio[3] as Readable
    this.#records.on('data', (chunk: Buffer) => this.#take(chunk))
    // after all of its records, however it ended
    this.#child.once('close', (status, signal) => this.#childEnded(signal ?? status))
    this.#ticker = setInterval(() => {
      const requested = this.#producer.stopRequested
      if (requested !== undefined) this.stop(requested)
    }, TICK)
    port.on('message', ({ reason }: StopMessage) => this.stop(reason))
  }

  stop(reason: StopReason): void {
    this.#stopping ??= reason
    if (reason === 'closed' || reason === 'packets') {
      this.#child.kill('SIGKILL')
      this.#end()
    } else if (this.#child.connected) {
      this.#child.send('end')
    }
  }

  #tell(message: CaptureMessage): void {
    this.#port.postMessage(message)
  }

  #spawn(): ChildProcess {
    const [options] = this.#data.interfaces
    const data: CapChildData = {
      interface: options?.interface ?? '',
      filter: options?.filter ?? '',
      snapLength: options?.snapLength ?? 0,
      bufferSize: options?.bufferSize ?? 0,
      account: this.#data.account,
    }
    const program = fileURLToPath(new URL('./cap-child.js', import.meta.url))
    // what its native code says on its standard error when it aborts is of no use to anybody
    return spawn(process.execPath, [program, JSON.stringify(data)], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'ipc'],
    })
  }

  #hear(message: CapChildMessage): void {
    if (message.type === 'opened') {
      this.#isOpen = true
      this.#tell({ type: 'opened', interfaces: [{ linkType: message.linkType, timeDigits: 6, warning: CAP_LIMITS }] })
      const { duration } = this.#data
      if (Number.isFinite(duration)) setTimeout(() => this.stop('duration'), duration * 1000).unref()
    } else {
      this.#fail(failure(message))
    }
  }

  #fail(error: PlainError): void {
    if (this.#isEnded) return
    this.#isEnded = true
    clearInterval(this.#ticker)
    this.#tell({ type: 'failed', error })
    this.#port.close()
  }

  /** Puts whole records into the slots, and keeps the beginning of the next. */
  #take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    let count = 0
    while (this.#left > 0 && at + RecordHeader.data <= bytes.length) {
      const end = nextRecord(view, at)
      if (end > bytes.length) break
      if (this.#producer.slot < 0 || this.#producer.isFull(this.#position)) {
        if (count > 0) this.#producer.publish(this.#position, count)
        count = 0
        if (!this.#producer.turn()) {
          this.#wait(bytes.subarray(at))
          return
        }
        this.#position = 0
      }
      this.#bytes[this.#producer.slot]?.set(bytes.subarray(at, end), this.#position)
      this.#position += end - at
      this.#left--
      count++
      at = end
    }
    if (count > 0) this.#producer.publish(this.#position, count)
    this.#counters.captured = this.#producer.count
    this.#rest = Buffer.from(bytes.subarray(at))
    if (this.#left === 0) this.stop('packets')
  }

  /** No slot is free: the child has to wait, and then libpcap drops frames, which nobody counts. */
  #wait(rest: Buffer): void {
    this.#rest = Buffer.from(rest)
    this.#records.pause()
    setTimeout(() => {
      this.#records.resume()
      this.#take(Buffer.alloc(0))
    }, RETRY)
  }

  #childEnded(how: NodeJS.Signals | number | null): void {
    const message = `the cap engine has ended (${how}), as it does when the interface goes down or away`
    if (!this.#isOpen) this.#fail({ code: 'CAP_ENGINE', message: `the cap engine has ended (${how})`, remedy: [] })
    if (this.#stopping === undefined) {
      this.#stopping = 'interface-gone'
      this.#tell({ type: 'state', id: 0, state: 'gone', message })
    }
    this.#end()
  }

  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    clearInterval(this.#ticker)
    this.#records.destroy()
    const captured = this.#producer.count
    this.#counters.captured = captured
    this.#counters.setStatistics(0, { received: captured, droppedByKernel: 0, droppedByInterface: 0 })
    this.#producer.end()
    this.#tell({ type: 'ended', reason: this.#stopping ?? 'stopped' })
    this.#port.close()
  }
}

const CODES: Readonly<Record<'missing' | 'permission' | 'other', CaptureErrorCode>> = {
  missing: 'CAP_ENGINE',
  permission: 'PERMISSION',
  other: 'INTERFACE',
}

function failure({ reason, message }: CapChildMessage & { type: 'failed' }): PlainError {
  if (reason === 'missing') {
    return {
      code: CODES.missing,
      message: 'the cap engine is not installed, or could not be built',
      remedy: ["with a compiler, Python and libpcap's headers: npm install cap", 'or without it: --engine libpcap'],
    }
  }
  return { code: CODES[reason], message, remedy: [] }
}

if (parentPort !== null) {
  try {
    new CapThread(parentPort, workerData as CaptureThreadData)
  } catch (error) {
    parentPort.postMessage({ type: 'failed', error: toPlain(error) } satisfies CaptureMessage)
  }
}
