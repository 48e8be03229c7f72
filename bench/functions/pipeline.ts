/** The way of a packet, part by part: reading it from the file, taking it apart, following its session. */
import { Decoder } from '../../src/decode/decoder.js'
import { openCapture } from '../../src/files/open.js'
import { Pipeline } from '../../src/pipeline.js'
import type { Frames } from './frames.js'
import type { Measured } from './measured.js'

export function pipeline(name: string, path: string, frames: Frames): Measured[] {
  const decoder = new Decoder()
  const measured = { unit: 'packet', units: frames.count }
  return [
    { ...measured, name: `${name}: file reader`, run: () => read(path) },
    { ...measured, name: `${name}: decode`, run: () => decode(frames, decoder) },
    { ...measured, name: `${name}: decode and follow sessions`, run: () => follow(frames) },
  ]
}

async function read(path: string): Promise<number> {
  const source = await openCapture(path)
  let bytes = 0
  for await (const batch of source) {
    batch.forEach((packet) => {
      bytes += packet.end - packet.start
    })
  }
  await source.close()
  return bytes
}

function decode(frames: Frames, decoder: Decoder): number {
  let payload = 0
  frames.forEach((packet) => {
    decoder.decode(packet)
    payload += packet.payloadLength
  })
  return payload
}

function follow(frames: Frames): number {
  let ended = 0
  const pipeline = new Pipeline({ ended: () => ended++ })
  pipeline.feed(frames)
  pipeline.finish()
  return ended
}
