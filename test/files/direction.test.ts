/** A cooked frame says of itself whether it came in or went out (tcpdump -i any). */
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Decoder } from '../../src/decode/decoder.js'
import { openCapture } from '../../src/files/open.js'
import { Direction } from '../../src/packet.js'
import { concat, hex, integer, temporaryDirectory } from './support.js'

const file = temporaryDirectory()
const u16 = (value: number): Uint8Array => integer(value, 2, true)
const u32 = (value: number): Uint8Array => integer(value, 4, true)

const HEADER = concat(u32(0xa1b2c3d4), u16(2), u16(4), u32(0), u32(0), u32(262_144), u32(113))

/** A record whose frame begins with version 1's header: its packet type, then an Ethernet address, then an ARP that is cut. */
function record(packetType: string): Uint8Array {
  const frame = hex(`${packetType} 0001 0006 000c29112233 0000 0806 0001`)
  return concat(u32(1_700_000_000), u32(0), u32(frame.length), u32(60), frame)
}

test('in classic pcap each anew, whatever the one before it said', async () => {
  const path = file('any.pcap')
  writeFileSync(path, concat(HEADER, record('0000'), record('0004'), record('0003'), record('0004')))
  const decoder = new Decoder()
  const directions: number[] = []
  for await (const batch of await openCapture(path)) {
    batch.forEach((packet) => {
      decoder.decode(packet)
      directions.push(packet.direction)
    })
  }
  const { inbound, outbound } = Direction
  expect(directions).toEqual([inbound, outbound, inbound, outbound])
})
