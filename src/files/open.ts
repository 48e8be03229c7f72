/**
 * Opens a capture: told by its magic, not by its name; plain or gzip-compressed; a file, a pipe or standard input. What
 * comes back gives the frames batch by batch, in constant memory, and ends quietly with `info.damage` where a file is
 * broken in the middle.
 */
import { FileError } from '../errors.js'
import type { FrameSource, SourceInfo } from '../source.js'
import { FileSource } from './file-source.js'
import type { Framing } from './framing.js'
import { describe } from './magic.js'
import { type OpenFile, type OpenOptions, openFile, requireHeader } from './open-file.js'
import { isPcap, PcapFraming, readPcapHeader } from './pcap.js'
import { FileHeader } from './pcap-layout.js'
import { PcapngFraming } from './pcapng.js'
import { Block, isPcapng } from './pcapng-layout.js'

/**
 * @param name a file, or `-` for standard input
 * @param options for a pipe that is to be read twice
 * @throws FileError when it cannot be opened or holds no capture; its `code` is MISSING, DIRECTORY, DENIED, EMPTY,
 *   NOT_A_CAPTURE, CUT_SHORT, UNSUPPORTED_VERSION, CORRUPT or UNREADABLE
 * @throws UsageError when standard input is a terminal
 */
export async function openCapture(name: string, options: OpenOptions = {}): Promise<FrameSource> {
  const file = await openFile(name, options)
  try {
    return await recognize(name, file)
  } catch (error) {
    file.input.close()
    throw error
  }
}

async function recognize(name: string, file: OpenFile): Promise<FrameSource> {
  const { window, input, compressed, size } = file
  const info: SourceInfo = {
    name,
    format: isPcapng(window.head()) ? 'pcapng' : 'pcap',
    compressed,
    ...(size === undefined ? {} : { size }),
    sections: [],
    interfaces: [],
    names: new Map(),
  }
  const open = info.format === 'pcapng' ? openPcapng : openPcap
  return new FileSource(info, input, window, await open(file, info))
}

async function openPcap({ window }: OpenFile, info: SourceInfo): Promise<Framing> {
  if (!isPcap(window.head())) {
    const found = window.damage === undefined ? `it looks like ${describe(window.head())}` : window.damage.message
    throw new FileError('NOT_A_CAPTURE', `${info.name} is not a capture file: ${found}`)
  }
  await requireHeader(window, FileHeader.length, info.name)
  const framing = new PcapFraming(readPcapHeader(window.view, 0, info.name), info)
  window.start = FileHeader.length
  return framing
}

/** Reads the first section header, so that what is wrong with the file as a whole is known at once. */
async function openPcapng({ window }: OpenFile, info: SourceInfo): Promise<Framing> {
  const framing = new PcapngFraming(info)
  const visit = (): void => {}
  await requireHeader(window, Block.minimum, info.name)
  framing.scan(window.view, 0, Block.minimum, visit)
  if (framing.broken === undefined) {
    await requireHeader(window, framing.wanted, info.name)
    window.start = framing.scan(window.view, 0, framing.wanted, visit)
  }
  if (framing.broken !== undefined) {
    throw new FileError(
      'CORRUPT',
      `${info.name} cannot be read: its first block has ${framing.broken}; try another tool, or capture again`,
    )
  }
  return framing
}
