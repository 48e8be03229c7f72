/** Notes in a YAML file beside the capture, for when the capture must not change. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { asFileError } from '../files/failures.js'
import { replaceFile } from '../files/replace.js'
import type { FrameSource } from '../source.js'
import type { Note } from './note.js'
import { expectSize, formatNotes, type NoteFile, parseNotes } from './note-yaml.js'

/** `lab.pcapng` → `lab.pcapng.notes.yaml` */
export function noteFileOf(capture: string): string {
  return `${capture}.notes.yaml`
}

/** The notes beside a capture; none when there is no such file. */
export async function readNotesBeside(capture: string): Promise<readonly Note[]> {
  const name = noteFileOf(capture)
  return existsSync(name) ? (await readNoteFile(name)).notes : []
}

/** @throws FileError with the line and what is wrong there */
export async function readNoteFile(name: string): Promise<NoteFile> {
  let text: string
  try {
    expectSize((await stat(name)).size, name)
    text = await readFile(name, 'utf8')
  } catch (error) {
    throw asFileError(name, error, 'read')
  }
  return parseNotes(text, name)
}

/** Writes it whole or not at all. @throws FileError */
export async function writeNoteFile(name: string, file: NoteFile): Promise<void> {
  const text = formatNotes(file)
  expectSize(text.length, name)
  await replaceFile(name, (sink) => sink.write(new TextEncoder().encode(text)))
}

/** What tells whether a capture is still the one that notes were written for: SHA-256 over its packets and their times. */
export async function fingerprint(source: FrameSource): Promise<string> {
  const hash = createHash('sha256')
  const header = new DataView(new ArrayBuffer(16))
  for await (const batch of source) {
    batch.forEach((packet) => {
      header.setFloat64(0, packet.seconds)
      header.setInt32(8, packet.nanoseconds)
      header.setUint32(12, packet.end - packet.start)
      hash.update(new Uint8Array(header.buffer))
      const { buffer, byteOffset } = packet.frame
      hash.update(new Uint8Array(buffer, byteOffset + packet.start, packet.end - packet.start))
    })
  }
  return hash.digest('hex')
}
