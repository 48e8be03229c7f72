/** Writes a file that was asked for, or says in one line why not. */
import { existsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { FileError } from '../errors.js'
import { asFileError } from '../files/failures.js'

/** For what takes long to make: says before that it could not be written. */
export function expectFolderOf(name: string): void {
  const folder = dirname(name)
  if (!existsSync(folder)) {
    throw new FileError(
      'UNWRITABLE',
      `cannot write ${name}: there is no folder ${folder}; make it first: mkdir -p ${folder}`,
    )
  }
}

export function save(name: string, content: string | Uint8Array): void {
  try {
    writeFileSync(name, content)
  } catch (error) {
    throw asFileError(name, error, 'write')
  }
}
