/** Replaces a file in one step: whoever looks finds the old one whole or the new one whole, also after a crash. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { asFileError } from './failures.js'
import { FileSink } from './sink.js'

/**
 * Calls `write` with a sink to a new file beside `name`, and puts that in its place once all of it is on the disk. Mode and
 * owner stay (the owner as far as we may); a symbolic link stays one. Where there is no such file, there is one afterwards.
 * When `write` fails, nothing has changed.
 * @throws FileError
 */
export async function replaceFile(name: string, write: (sink: FileSink) => Promise<void> | void): Promise<void> {
  let temporary: string | undefined
  let descriptor: number | undefined
  try {
    const before = statSync(name, { throwIfNoEntry: false })
    const target = before === undefined ? name : realpathSync(name)
    const path = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
    descriptor = openSync(path, 'wx', 0o600)
    temporary = path
    const sink = new FileSink(name, descriptor)
    await write(sink)
    sink.drain()
    if (before !== undefined) keepOwner(descriptor, before.uid, before.gid)
    fchmodSync(descriptor, before === undefined ? 0o666 & ~process.umask() : before.mode & 0o7777)
    fsyncSync(descriptor)
    closeSync(descriptor)
    descriptor = undefined
    renameSync(path, target)
    temporary = undefined
    syncDirectory(dirname(target))
  } catch (error) {
    throw asFileError(name, error, 'write')
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
    if (temporary !== undefined) unlinkSync(temporary)
  }
}

/** Only root may give files away; for everyone else the file is theirs, as any program's that saves it. */
function keepOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid)
  } catch {}
}

/** The rename itself is on the disk only when the directory is. Not every system can open one. */
function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, 'r')
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
  } catch {}
}
