/** Writes kept transfers as classic captures of the first bytes of each frame, two a transfer, for other programs to judge. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openCapture } from '../../src/files/open.js'
import { PcapWriter } from '../../src/files/pcap-writer.js'
import { openSink } from '../../src/files/sink.js'
import { otherNode } from '../../src/labs/virtual/names.js'
import { filesOf, readTransfer } from './play.js'

const SNAP_LENGTH = 128

export async function writePairs(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from).sort()) {
    const files = filesOf(join(from, name))
    if (!existsSync(files.transfer)) continue
    const { sender } = readTransfer(files)
    await snap(files.captures[sender], join(to, `${name}.sender.pcap`))
    await snap(files.captures[otherNode(sender)], join(to, `${name}.receiver.pcap`))
  }
}

async function snap(from: string, to: string): Promise<void> {
  const source = await openCapture(from)
  const sink = openSink(to)
  let writer: PcapWriter | undefined
  for await (const batch of source) {
    batch.forEach((packet) => {
      writer ??= new PcapWriter(sink, { linkType: packet.linkType, snapLength: SNAP_LENGTH })
      packet.end = Math.min(packet.end, packet.start + SNAP_LENGTH)
      writer.write(packet)
    })
  }
  await source.close()
  await sink.close()
}
