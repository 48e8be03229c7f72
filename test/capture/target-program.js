// Captures the same frames in both of the ways that records are fetched, and says what each gave.
import { setTimeout as pause } from 'node:timers/promises'
import { Handle } from '../../dist/capture/handle.js'
import { loadLibpcap } from '../../dist/capture/libpcap.js'
import { targetFactory } from '../../dist/capture/target.js'

const pcap = await loadLibpcap()
const ways = [true, false].map((useStdio) => {
  const memory = new SharedArrayBuffer(4 << 20)
  const options = { interface: 'vmnet1', snapLength: 80, promiscuous: true, bufferSize: 4 << 20, filter: process.argv[2] }
  return { memory, handle: new Handle(pcap, options), target: targetFactory(pcap, useStdio)(memory) }
})
process.stderr.write('capturing on\n')
const alive = setInterval(() => {}, 1000)
await new Promise((resolve) => process.once('SIGINT', resolve))
clearInterval(alive)
await pause(100)
const found = ways.map(({ memory, handle, target }) => {
  const first = target.read(handle.pointer, 7)
  let count = first
  for (let read = first; read > 0; count += read) read = target.read(handle.pointer, 1000)
  const name = target.constructor.name
  return { name, first, count, records: Buffer.from(memory, 0, target.position).toString('base64') }
})
process.stdout.write(`${JSON.stringify(found)}\n`)
