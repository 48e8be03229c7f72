/** A capture as a pcapng, packet by packet: for formats that have no room for what is to be added. */
import { openCapture } from './open.js'
import { PcapngWriter } from './pcapng-writer.js'
import { openSink } from './sink.js'

export async function copyAsPcapng(from: string, to: string): Promise<void> {
  const source = await openCapture(from)
  const writer = new PcapngWriter(openSink(to), {})
  const ids = new Map<number, number>()
  for await (const batch of source) {
    batch.forEach((packet) => {
      let id = ids.get(packet.interfaceId)
      if (id === undefined) {
        const info = source.info.interfaces[packet.interfaceId]
        id = writer.addInterface(info ?? { linkType: packet.linkType })
        ids.set(packet.interfaceId, id)
      }
      writer.write(packet, id)
    })
    await writer.flush()
  }
  await writer.close()
}
