/** The way of a packet, part by part; each line but the reader's does what the one before it does, and more. */
import { Decoder } from '../../src/decode/decoder.js'
import { openCapture } from '../../src/files/open.js'
import { Pipeline } from '../../src/pipeline.js'
import { SessionLines } from '../../src/render/session-json.js'
import type { Frames } from './frames.js'
import type { Measured } from './measured.js'

export function pipeline(name: string, path: string, frames: Frames): Measured[] {
  const decoder = new Decoder()
  const measured = { unit: 'packet', units: frames.count }
  return [
    { ...measured, name: `${name}: file reader`, run: () => read(path) },
    { ...measured, name: `${name}: decode`, run: () => decode(frames, decoder) },
    { ...measured, name: `${name}: decode, follow sessions`, run: () => follow(frames, false) },
    { ...measured, name: `${name}: decode, follow sessions, write them as JSON`, run: () => write(frames) },
    { ...measured, name: `${name}: decode, follow sessions, analyse each segment`, run: () => follow(frames, true) },
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

function follow(frames: Frames, analyse: boolean): number {
  let ended = 0
  const pipeline = new Pipeline({ analyse, ended: () => ended++ })
  pipeline.feed(frames)
  pipeline.finish()
  return ended
}

function write(frames: Frames): number {
  let length = 0
  const pipeline: Pipeline = new Pipeline({
    analyse: false,
    ended: (session) => {
      length += lines.line(session).length
    },
  })
  const lines = new SessionLines(pipeline.tracker.addresses)
  pipeline.feed(frames)
  pipeline.finish()
  return length
}
