/**
 * Where frames come from: a file, a pipe, an interface. `files/` and `capture/` implement this, and know nothing of what
 * is in the bytes; everything after them sees only this.
 */
import type { Packet } from './packet.js'

/** One interface of a capture (pcapng IDB and ISB; a classic pcap has just one). */
export interface InterfaceInfo {
  /** index in the whole file, sections counted on: `packet.interfaceId` */
  readonly id: number
  readonly section: number
  readonly linkType: number
  /** bytes kept of each packet; 0: no limit */
  readonly snapLength: number
  /** digits after the second that its clock resolves */
  readonly timeDigits: number
  name?: string
  description?: string
  filter?: string
  hardware?: string
  os?: string
  comments: string[]
  /** ISB, the last one seen */
  statistics?: {
    received?: bigint
    droppedByInterface?: bigint
    droppedByOs?: bigint
    accepted?: bigint
    delivered?: bigint
  }
}

/** One section of a pcapng file; a classic pcap counts as one. */
export interface SectionInfo {
  readonly byteOrder: 'little' | 'big'
  hardware?: string
  os?: string
  application?: string
  comments: string[]
}

/** What a source says about itself. It grows while the source is read: interfaces and statistics may come last. */
export interface SourceInfo {
  /** the file's name, `-` for standard input, or the interfaces' names */
  readonly name: string
  readonly format: 'pcap' | 'pcapng' | 'live'
  readonly compressed: boolean
  /** bytes of the file as it lies on disk; undefined for a pipe or an interface */
  readonly size?: number
  readonly sections: SectionInfo[]
  readonly interfaces: InterfaceInfo[]
  /** names of the capture's own name resolution blocks, by address */
  readonly names: Map<string, string[]>
  /** set when the source ended in the middle of a record, or at one that cannot be read: everything before it was given */
  damage?: { readonly message: string; readonly offset: number }
}

/** Frames that lie in memory together. */
export interface Batch {
  /** Calls `visit` with each frame in turn, in one reused record that is valid only until `visit` returns. */
  forEach(visit: (packet: Packet) => void): void
}

export interface FrameSource extends AsyncIterable<Batch> {
  readonly info: SourceInfo
  /** bytes of the file consumed so far, for progress; as they lie on disk, also when compressed */
  readonly position: number
  close(): Promise<void>
}
