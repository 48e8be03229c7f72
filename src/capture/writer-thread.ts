/** The thread that writes what was captured. It may block, on a slow disk or a full pipe: the capture goes on meanwhile. */
import { parentPort, workerData } from 'node:worker_threads'
import { Counters } from './counters.js'
import type { CaptureMemory } from './memory.js'
import { Output, type OutputOptions } from './output.js'
import type { OutputEnd } from './output-sink.js'
import { WriterSide } from './writer-side.js'

export interface WriterThreadData {
  readonly memory: CaptureMemory
  readonly output: OutputOptions
}

export type WriterMessage =
  /** the output takes no more, and the capture was asked to stop for that reason */
  | { readonly type: 'output-end'; readonly end: OutputEnd }
  /** everything is written, and the files are closed */
  | { readonly type: 'closed'; readonly files: readonly string[] }

/** Milliseconds that it waits for something to write before it looks whether there will be more at all. */
const PATIENCE = 500

function main(tell: (message: WriterMessage) => void, { memory, output: options }: WriterThreadData): void {
  const side = new WriterSide(memory)
  const slots = memory.slots.map((slot) => ({ view: new DataView(slot), bytes: new Uint8Array(slot) }))
  const output = new Output(options, new Counters(memory.counters))
  let told = false
  const tellEnd = () => {
    if (told || output.ended === undefined) return
    told = true
    side.requestStop(output.ended.reason)
    tell({ type: 'output-end', end: output.ended })
  }
  while (!side.finished) {
    const region = side.next(PATIENCE)
    if (region === undefined) continue
    const slot = slots[region.slot]
    if (slot === undefined) throw new RangeError(`there is no slot ${region.slot}`)
    output.write(slot.view, slot.bytes, region.start, region.end)
    side.done(region)
    tellEnd()
  }
  output.close()
  tellEnd()
  tell({ type: 'closed', files: output.files })
}

const port = parentPort
if (port !== null) main((message) => port.postMessage(message), workerData as WriterThreadData)
