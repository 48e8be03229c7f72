/**
 * Copies what the kernel has for a handle into a slot of shared memory, as records (records.ts).
 *
 * Where stdio can be reached, `pcap_dispatch` is given libpcap's own `pcap_dump` as its callback, and a FILE whose buffer is
 * the slot: C copies a whole batch in one call from JavaScript, which is as fast as tcpdump. The FILE itself goes to the null
 * device, and the slot is never let run over. On Windows a FILE does not cross from one C library to another, and musl does
 * not begin at a buffer's beginning: there each record is fetched and copied by a call of its own.
 */
import { devNull } from 'node:os'
import type { Koffi, Libpcap, Pointer } from './libpcap.js'
import { LITTLE, RecordHeader } from './records.js'

export interface Target {
  /** bytes filled */
  position: number
  /** Copies at most `count` records; they must fit. Returns how many came, or a negative pcap status. */
  read(handle: Pointer, count: number): number
  /** Starts again at the beginning. */
  rewind(): void
  close(): void
}

/** Makes targets of slots. They keep the memory alive: C code writes to it at addresses that the garbage collector cannot see. */
export type TargetFactory = (memory: SharedArrayBuffer) => Target

/** @param useStdio false: fetch each record by itself, wherever this is */
export function targetFactory(pcap: Libpcap, useStdio = process.platform !== 'win32'): TargetFactory {
  const stdio = useStdio ? bindStdio(pcap.koffi) : undefined
  if (stdio !== undefined && fillsFromTheBeginning(stdio)) return (memory) => new StdioTarget(pcap, stdio, memory)
  const copy = copyFunction(pcap.koffi)
  return (memory) => new CopyTarget(pcap, copy, memory)
}

interface Stdio {
  open(path: string, mode: string): Pointer | null
  setBuffer(file: Pointer, buffer: Uint8Array, mode: number, size: number): number
  put(character: number, file: Pointer): number
  tell(file: Pointer): number
  rewind(file: Pointer): void
  close(file: Pointer): number
}

function bindStdio(koffi: Koffi): Stdio {
  const library = koffi.load(null)
  return {
    open: library.func('void *fopen(const char *path, const char *mode)'),
    setBuffer: library.func('int setvbuf(void *file, void *buffer, int mode, size_t size)'),
    put: library.func('int fputc(int character, void *file)'),
    tell: library.func('long ftell(void *file)'),
    rewind: library.func('void rewind(void *file)'),
    close: library.func('int fclose(void *file)'),
  }
}

/** _IOFBF: fully buffered, in glibc, musl and Apple's libc alike */
const FULLY_BUFFERED = 0

/** True where what is written to a FILE lies at the beginning of the buffer that it was given. */
function fillsFromTheBeginning(stdio: Stdio): boolean {
  const buffer = new Uint8Array(new SharedArrayBuffer(4096))
  const file = openFile(stdio, buffer)
  stdio.put(MARK, file)
  const length = stdio.tell(file)
  stdio.close(file)
  // looked at last, since stdio uses it until then
  return buffer[0] === MARK && length === 1
}

const MARK = 0xa5

function openFile(stdio: Stdio, buffer: Uint8Array): Pointer {
  const file = stdio.open(devNull, 'w')
  if (file === null || stdio.setBuffer(file, buffer, FULLY_BUFFERED, buffer.length) !== 0) {
    throw new Error(`${devNull} cannot be opened`)
  }
  return file
}

class StdioTarget implements Target {
  position = 0
  readonly memory: Uint8Array
  readonly #pcap: Libpcap
  readonly #stdio: Stdio
  readonly #file: Pointer

  constructor(pcap: Libpcap, stdio: Stdio, memory: SharedArrayBuffer) {
    this.#pcap = pcap
    this.#stdio = stdio
    this.memory = new Uint8Array(memory)
    this.#file = openFile(stdio, this.memory)
  }

  read(handle: Pointer, count: number): number {
    const read = this.#pcap.dispatch(handle, count, this.#pcap.dump, this.#file)
    if (read !== 0) this.position = this.#stdio.tell(this.#file)
    return read
  }

  rewind(): void {
    this.#stdio.rewind(this.#file)
    this.position = 0
  }

  close(): void {
    this.#stdio.close(this.#file)
  }
}

type Copy = (to: Uint8Array, from: Pointer, length: number) => void

function copyFunction(koffi: Koffi): Copy {
  return process.platform === 'win32'
    ? koffi.load('kernel32.dll').func('void RtlMoveMemory(void *to, void *from, size_t length)')
    : koffi.load(null).func('void *memcpy(void *to, void *from, size_t length)')
}

/**
 * struct pcap_pkthdr begins with a timeval: two words of 32 bits on Windows, of 64 bits elsewhere (where macOS has 32 bits
 * and padding for the second). Then captured and original length.
 */
const HEADER_WORD = process.platform === 'win32' ? 4 : 8

export class CopyTarget implements Target {
  position = 0
  readonly #pcap: Libpcap
  readonly #copy: Copy
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #header = new Uint8Array(2 * HEADER_WORD + 8)
  readonly #headerView = new DataView(this.#header.buffer)

  constructor(pcap: Libpcap, copy: Copy, memory: SharedArrayBuffer) {
    this.#pcap = pcap
    this.#copy = copy
    this.#bytes = new Uint8Array(memory)
    this.#view = new DataView(memory)
  }

  read(handle: Pointer, count: number): number {
    const header: [Pointer | null] = [null]
    const data: [Pointer | null] = [null]
    for (let read = 0; read < count; read++) {
      const status = this.#pcap.next(handle, header, data)
      if (status !== 1) return read > 0 || status === 0 ? read : status
      if (header[0] !== null && data[0] !== null) this.#append(header[0], data[0])
    }
    return count
  }

  #append(header: Pointer, data: Pointer): void {
    this.#copy(this.#header, header, this.#header.length)
    const at = this.position
    const from = this.#headerView
    const length = from.getUint32(2 * HEADER_WORD, LITTLE)
    this.#view.setUint32(at + RecordHeader.seconds, from.getUint32(0, LITTLE), LITTLE)
    this.#view.setUint32(at + RecordHeader.fraction, from.getUint32(HEADER_WORD, LITTLE), LITTLE)
    this.#view.setUint32(at + RecordHeader.capturedLength, length, LITTLE)
    this.#view.setUint32(at + RecordHeader.originalLength, from.getUint32(2 * HEADER_WORD + 4, LITTLE), LITTLE)
    this.position = at + RecordHeader.data + length
    this.#copy(this.#bytes.subarray(at + RecordHeader.data), data, length)
  }

  rewind(): void {
    this.position = 0
  }

  close(): void {}
}
