// A program that uses the library, as its users would; says what it saw as one line of JSON. Its argument names the case.
import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { CaptureError, capture, listInterfaces } from '../../dist/index.js'

const [, , name, file, filter] = process.argv
const base = { interfaces: ['vmnet1'], filter }
let frames = 0
const numbers = []
const count = (packet) => {
  frames++
  numbers.push(packet.number)
}
const isCounted = () => numbers.every((number, index) => number === index + 1)

const cases = {
  async packets() {
    const source = capture({ ...base, file, packets: 500 })
    await ready(source)
    for await (const batch of source) batch.forEach(count)
    const { reason, captured, shown, written, files } = await source.done
    return { reason, captured, shown, written, files, frames, counted: isCounted(), info: source.info.interfaces[0] }
  },
  async abort() {
    const controller = new AbortController()
    const source = capture({ ...base, signal: controller.signal })
    await ready(source)
    for await (const batch of source) {
      batch.forEach(count)
      // what the kernel still has comes all the same
      if (frames > 0) controller.abort()
    }
    return { reason: (await source.done).reason, frames, counted: isCounted() }
  },
  async aborted() {
    const source = capture({ ...base, signal: AbortSignal.abort() })
    try {
      for await (const batch of source) batch.forEach(count)
    } catch (error) {
      return { name: error.name }
    }
  },
  async leave() {
    const source = capture({ ...base, file })
    await ready(source)
    for await (const batch of source) {
      batch.forEach(count)
      break
    }
    return { reason: (await source.done).reason, frames }
  },
  async slow() {
    // nothing is written, and whoever looks is slow: the capture waits, the kernel drops and counts
    const source = capture({ ...base, bufferSize: 1 << 20 })
    process.once('SIGINT', () => source.stop())
    await ready(source)
    for await (const batch of source) {
      if (frames === 0) await pause(4000)
      batch.forEach(count)
    }
    const { captured, shown, skipped, droppedByKernel } = await source.done
    return { captured, shown, skipped, droppedByKernel, frames, counted: isCounted() }
  },
  async unseen() {
    // nobody looks at all: the file gets everything
    const source = capture({ ...base, file, packets: 200_000 })
    await ready(source)
    const { reason, captured, written, shown } = await source.done
    return { reason, captured, written, shown }
  },
  async refused() {
    const source = capture({ ...base, filter: 'tcp prt 80' })
    const errors = await Promise.allSettled([source.ready, source.done, source[Symbol.asyncIterator]().next()])
    return errors.map(({ reason }) => [reason instanceof CaptureError, reason.code])
  },
  async interfaces() {
    return (await listInterfaces()).find((one) => one.name === 'vmnet1')
  },
}

async function ready(source) {
  await source.ready
  process.stderr.write('capturing on\n')
}

const seen = await cases[name]()
writeFileSync(1, `${JSON.stringify(seen)}\n`)
