/**
 * Opens a capture: told by its magic, not by its name; plain or gzip-compressed; a file, a pipe or standard input. What
 * comes back gives the frames batch by batch, in constant memory, and ends quietly with `info.damage` where a file is
 * broken in the middle.
 */
import { createReadStream, openSync, statSync } from 'node:fs'
import { FileError, UsageError } from '../errors.js'
import type { FrameSource, SourceInfo } from '../source.js'
import { asFileError } from './failures.js'
import { FileSource } from './file-source.js'
import type { Framing } from './framing.js'
import { GzipInput } from './gzip.js'
import { FileInput, type Input, StreamInput } from './input.js'
import { describe, isGzip } from './magic.js'
import { PcapFraming, pcapByteOrder, readPcapHeader } from './pcap.js'
import { FileHeader } from './pcap-layout.js'
import { PcapngFraming } from './pcapng.js'
import { Block, BlockType } from './pcapng-layout.js'
import { Window } from './window.js'

const MAGIC_LENGTH = 4

/**
 * @param name a file, or `-` for standard input
 * @throws FileError when it cannot be opened or holds no capture; its `code` is MISSING, DIRECTORY, DENIED, EMPTY,
 *   NOT_A_CAPTURE, CUT_SHORT, UNSUPPORTED_VERSION, CORRUPT or UNREADABLE
 * @throws UsageError when standard input is a terminal
 */
export async function openCapture(name: string): Promise<FrameSource> {
  const { input, size } = openInput(name)
  try {
    return await recognize(name, input, size)
  } catch (error) {
    input.close()
    throw error
  }
}

async function recognize(name: string, file: Input, size: number | undefined): Promise<FrameSource> {
  let input = file
  let window = new Window(input)
  await window.fill(MAGIC_LENGTH)
  const compressed = isGzip(head(window))
  if (compressed) {
    input = new GzipInput(file, head(window).slice())
    window = new Window(input)
    await window.fill(MAGIC_LENGTH)
  }
  if (window.end === 0 && window.damage === undefined) {
    throw new FileError('EMPTY', `${name} is empty: nothing was captured into it, or nothing was written yet`)
  }
  const info: SourceInfo = {
    name,
    format: isPcapng(window) ? 'pcapng' : 'pcap',
    compressed,
    ...(size === undefined ? {} : { size }),
    sections: [],
    interfaces: [],
    names: new Map(),
  }
  const framing = info.format === 'pcapng' ? await openPcapng(window, info) : await openPcap(window, info)
  return new FileSource(info, input, window, framing)
}

async function openPcap(window: Window, info: SourceInfo): Promise<Framing> {
  if (window.end < MAGIC_LENGTH || pcapByteOrder(window.view, 0) === undefined) {
    const found = window.damage === undefined ? `it looks like ${describe(head(window))}` : window.damage.message
    throw new FileError('NOT_A_CAPTURE', `${info.name} is not a capture file: ${found}`)
  }
  await fillHeader(window, FileHeader.length, info.name)
  const framing = new PcapFraming(readPcapHeader(window.view, 0, info.name), info)
  window.start = FileHeader.length
  return framing
}

/** Reads the first section header, so that what is wrong with the file as a whole is known at once. */
async function openPcapng(window: Window, info: SourceInfo): Promise<Framing> {
  const framing = new PcapngFraming(info)
  const visit = (): void => {}
  await fillHeader(window, Block.minimum, info.name)
  framing.scan(window.view, 0, Block.minimum, visit)
  if (framing.broken === undefined) {
    await fillHeader(window, framing.wanted, info.name)
    window.start = framing.scan(window.view, 0, framing.wanted, visit)
  }
  if (framing.broken !== undefined) {
    throw new FileError('CORRUPT', `${info.name}: the pcapng file begins with ${framing.broken}: it cannot be read`)
  }
  return framing
}

async function fillHeader(window: Window, length: number, name: string): Promise<void> {
  if (window.end >= length || (await window.fill(length))) return
  throw new FileError(
    'CUT_SHORT',
    `${name} ends at byte ${window.end}, in the middle of its header: it holds no packet`,
  )
}

/** The first bytes, enough to tell what they are. */
function head(window: Window): Uint8Array {
  return new Uint8Array(window.view.buffer, 0, window.end)
}

function isPcapng(window: Window): boolean {
  return window.end >= MAGIC_LENGTH && window.view.getUint32(0) === BlockType.section
}

function openInput(name: string): { input: Input; size?: number } {
  if (name === '-') {
    if (process.stdin.isTTY) {
      throw new UsageError(
        'standard input is a terminal: pipe a capture into it, as in: tcpdump -w - | synopsis replay -',
      )
    }
    return { input: new StreamInput(process.stdin) }
  }
  try {
    const kind = statSync(name)
    if (kind.isDirectory()) {
      throw new FileError('DIRECTORY', `${name} is a directory: give the capture files in it, as in ${name}/*.pcap`)
    }
    if (!kind.isFile()) return { input: new StreamInput(createReadStream(name)) }
    return { input: new FileInput(openSync(name, 'r')), size: kind.size }
  } catch (error) {
    throw asFileError(name, error)
  }
}
