/** Notes in a YAML file beside the capture, for when the capture must not change. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { parseDocument, stringify } from 'yaml'
import { FileError } from '../errors.js'
import type { FrameSource } from '../source.js'
import { type Note, parsePackets, parseSession, parseTime, type Target } from './note.js'

export interface NoteFile {
  /** SHA-256 over the packets' bytes: what is not a note */
  readonly packets?: string
  readonly notes: readonly Note[]
}

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
    text = await readFile(name, 'utf8')
  } catch (error) {
    throw new FileError('UNREADABLE', `cannot read ${name}: ${(error as NodeJS.ErrnoException).code ?? error}`)
  }
  const document = parseDocument(text)
  const [problem] = document.errors
  if (problem !== undefined) throw new FileError('NOT_YAML', `${name}: ${problem.message.split('\n')[0] ?? ''}`)
  const content: unknown = document.toJS({ maxAliasCount: 0 })
  if (!isObject(content) || !Array.isArray(content['notes'])) {
    throw new FileError(
      'NOT_NOTES',
      `${name} holds no notes: it needs a list named notes (synopsis annotate --help shows one)`,
    )
  }
  const notes = content['notes'].map((entry: unknown, i) => noteOf(entry, `${name}, note ${i + 1}`))
  const packets = content['packets']
  return typeof packets === 'string' ? { packets, notes } : { notes }
}

function noteOf(entry: unknown, where: string): Note {
  if (!isObject(entry) || typeof entry['text'] !== 'string') {
    throw new FileError('NOT_NOTES', `${where}: a note needs a text, and one of packet, packets, session, at, capture`)
  }
  try {
    return { target: targetOf(entry, where), text: entry['text'], ours: true }
  } catch (error) {
    if (error instanceof FileError) throw error
    throw new FileError('NOT_NOTES', `${where}: ${error instanceof Error ? error.message : error}`)
  }
}

function targetOf(entry: Record<string, unknown>, where: string): Target {
  const { packet, packets, session, phase, at, capture } = entry
  if (packet !== undefined) return parsePackets(String(packet))
  if (packets !== undefined) return parsePackets(String(packets))
  if (session !== undefined) return parseSession(String(session), phase === undefined ? undefined : String(phase))
  if (at !== undefined) return parseTime(String(at))
  if (capture === true) return { kind: 'capture' }
  throw new FileError(
    'NOT_NOTES',
    `${where}: it does not say what it is about: packet, packets, session, at or capture`,
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Writes it whole or not at all. */
export async function writeNoteFile(name: string, file: NoteFile): Promise<void> {
  const entries = file.notes.map(({ target, text }) => ({ ...entryOf(target), text }))
  const temporary = `${name}.${process.pid}.tmp`
  await writeFile(
    temporary,
    stringify({ ...(file.packets && { packets: file.packets }), notes: entries }, { lineWidth: 0 }),
  )
  await rename(temporary, name)
}

function entryOf(target: Target): Record<string, unknown> {
  switch (target.kind) {
    case 'packet':
      return { packet: target.frame }
    case 'range':
      return { packets: `${target.from}-${target.to}` }
    case 'session':
      return { session: target.session, ...(target.phase && { phase: target.phase }) }
    case 'time':
      return { at: target.at }
    default:
      return { capture: true }
  }
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
