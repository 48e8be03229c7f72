/** Writes a file that was asked for, or says in one line why not. */
import { writeFileSync } from 'node:fs'
import { FileError } from '../errors.js'

export function save(name: string, content: string | Uint8Array): void {
  try {
    writeFileSync(name, content)
  } catch (error) {
    throw new FileError('UNWRITABLE', `cannot write ${name}: ${(error as NodeJS.ErrnoException).code ?? error}`)
  }
}
