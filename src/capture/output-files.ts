/** The two formats that captured records are written in. */
import { PcapWriter } from '../files/pcap-writer.js'
import { Block, BlockType, EnhancedPacket, padded } from '../files/pcapng-layout.js'
import { type NewSection, PcapngWriter } from '../files/pcapng-writer.js'
import { Packet } from '../packet.js'
import type { InterfaceInfo } from '../source.js'
import type { Counters } from './counters.js'
import { type NextRecord, OutputSink } from './output-sink.js'
import { countRecords, LITTLE, nextRecord, RecordBatch, RecordHeader } from './records.js'

export interface OutputFile {
  readonly sink: OutputSink
  /** true until there is a packet in it */
  readonly empty: boolean
  /** bytes that a frame takes */
  sizeOf(captured: number): number
  write(view: DataView, bytes: Uint8Array, start: number, end: number): void
  end(counters: Counters): void
}

export class PcapFile implements OutputFile {
  readonly sink: OutputSink
  empty = true
  readonly #writer: PcapWriter
  readonly #interfaces: readonly InterfaceInfo[]
  readonly #packet = new Packet()

  constructor(name: string, descriptor: number, _section: NewSection, interfaces: readonly InterfaceInfo[]) {
    this.sink = new OutputSink(name, descriptor, nextPcapRecord)
    this.#interfaces = interfaces
    const [only] = interfaces
    this.#writer = new PcapWriter(this.sink, {
      linkType: only?.linkType ?? 0,
      snapLength: only?.snapLength ?? 0,
      nanoseconds: only?.timeDigits === 9,
    })
    this.sink.drain()
  }

  sizeOf(captured: number): number {
    return RecordHeader.data + captured
  }

  /** The records are what a pcap file holds; only a machine of the other byte order must turn them around. */
  write(view: DataView, bytes: Uint8Array, start: number, end: number): void {
    this.empty = false
    if (LITTLE) {
      this.sink.pass(bytes.subarray(start, end), countRecords(view, start, end))
      return
    }
    new RecordBatch(this.#packet, this.#interfaces, view, start, end).forEach((packet) => {
      this.#writer.write(packet)
      this.sink.pending++
    })
  }

  end(): void {
    this.sink.end()
  }
}

export class PcapngFile implements OutputFile {
  readonly sink: OutputSink
  empty = true
  readonly #writer: PcapngWriter
  readonly #interfaces: readonly InterfaceInfo[]
  readonly #packet = new Packet()
  readonly #write: (packet: Packet) => void

  constructor(name: string, descriptor: number, section: NewSection, interfaces: readonly InterfaceInfo[]) {
    const sink = new OutputSink(name, descriptor, nextBlock)
    const writer = new PcapngWriter(sink, section)
    for (const info of interfaces) writer.addInterface(info)
    sink.drain()
    this.sink = sink
    this.#writer = writer
    this.#interfaces = interfaces
    this.#write = (one) => {
      writer.write(one)
      sink.pending++
    }
  }

  sizeOf(captured: number): number {
    return EnhancedPacket.data + padded(captured) + Block.trailer
  }

  write(view: DataView, _bytes: Uint8Array, start: number, end: number): void {
    this.empty = false
    new RecordBatch(this.#packet, this.#interfaces, view, start, end).forEach(this.#write)
  }

  /** Says how many frames there were and how many were lost: of the whole capture so far, in each of its files. */
  end(counters: Counters): void {
    const milliseconds = Date.now()
    const time = { seconds: Math.floor(milliseconds / 1000), nanoseconds: (milliseconds % 1000) * 1e6 }
    this.sink.writeLast(() => {
      for (const { id } of this.#interfaces) {
        const { received, droppedByKernel, droppedByInterface } = counters.statistics(id)
        const statistics = {
          received: BigInt(received),
          droppedByInterface: BigInt(droppedByInterface),
          droppedByOs: BigInt(droppedByKernel),
        }
        this.#writer.writeStatistics(id, statistics, time)
      }
    })
    this.sink.end()
  }
}

const nextPcapRecord: NextRecord = (view, at) => ({ end: nextRecord(view, at), packet: true })

const nextBlock: NextRecord = (view, at) => ({
  end: at + view.getUint32(at + Block.totalLength, true),
  packet: view.getUint32(at, true) === BlockType.enhancedPacket,
})
