/** Opens a file, a pipe or standard input, and decompresses it when it is a gzip. What is in it is for others to say. */
import { createReadStream, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { FileError, UsageError } from '../errors.js'
import { asFileError } from './failures.js'
import { FileInput, type Input, StreamInput } from './input.js'
import { isGzip } from './magic.js'
import { type Spool, SpooledInput } from './spool.js'
import { Window } from './window.js'

export interface OpenFile {
  readonly input: Input
  /** its first bytes are there: at least four, unless the file has fewer */
  readonly window: Window
  readonly compressed: boolean
  /** bytes on disk; undefined for a pipe */
  readonly size: number | undefined
}

const MAGIC_LENGTH = 4

/** How a pipe is read that is to be read twice: `keep` takes what it gives, `again` gives what was kept. */
export interface OpenOptions {
  readonly keep?: Spool
  readonly again?: Spool
}

/**
 * @param name a file, or `-` for standard input
 * @throws FileError MISSING, DIRECTORY, DENIED, EMPTY or UNREADABLE; UsageError when standard input is a terminal
 */
export async function openFile(name: string, { keep, again }: OpenOptions = {}): Promise<OpenFile> {
  const { input, size } = again === undefined ? openInput(name, keep) : { input: again.input(), size: again.size }
  try {
    const window = new Window(input, size)
    await window.fill(MAGIC_LENGTH)
    if (window.end === 0) {
      throw new FileError('EMPTY', `${nameOf(name)} is empty: nothing was captured into it, or nothing was written yet`)
    }
    if (!isGzip(window.head())) return { input, window, compressed: false, size }
    const { GzipInput } = await import('./gzip.js')
    const gzip = new GzipInput(input, window.head().slice())
    const decompressed = new Window(gzip)
    await decompressed.fill(MAGIC_LENGTH)
    if (decompressed.end === 0 && decompressed.damage === undefined) {
      throw new FileError('EMPTY', `${name} is empty: it is a gzip of nothing`)
    }
    return { input: gzip, window: decompressed, compressed: true, size }
  } catch (error) {
    input.close()
    throw asFileError(name, error, 'read')
  }
}

function nameOf(name: string): string {
  return name === '-' ? 'standard input' : name
}

/** Makes sure that the first `length` bytes are in the window. @throws FileError CUT_SHORT */
export async function requireHeader(window: Window, length: number, name: string): Promise<void> {
  if (window.end >= length || (await window.fill(length))) return
  throw new FileError(
    'CUT_SHORT',
    `${name} ends at byte ${window.end}, in the middle of its header: it holds no packet`,
  )
}

function openInput(name: string, keep: Spool | undefined): { input: Input; size: number | undefined } {
  const piped = (stream: Readable) => {
    const input = new StreamInput(stream)
    return { input: keep === undefined ? input : new SpooledInput(input, keep), size: undefined }
  }
  if (name === '-') {
    if (process.stdin.isTTY) {
      throw new UsageError(
        'standard input is a terminal: pipe a capture into it, as in: tcpdump -w - | synopsis replay -',
      )
    }
    return piped(process.stdin)
  }
  try {
    const kind = statSync(name)
    if (kind.isDirectory()) {
      throw new FileError(
        'DIRECTORY',
        `${name} is a directory: give the capture files in it, as in ${join(name, '*.pcapng')}`,
      )
    }
    if (!kind.isFile()) return piped(createReadStream(name))
    return { input: new FileInput(openSync(name, 'r')), size: kind.size }
  } catch (error) {
    throw asFileError(name, error)
  }
}
