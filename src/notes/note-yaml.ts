/** Notes as YAML text. */
import { isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml'
import { formatSize } from '../bytes/units.js'
import { FileError } from '../errors.js'
import { type Note, parsePackets, parseSession, parseTime, type Target } from './note.js'

export interface NoteFile {
  /** SHA-256 over the packets' bytes: what is not a note */
  readonly packets?: string
  readonly notes: readonly Note[]
}

/**
 * @param name of the file, for what is wrong with it
 * @throws FileError with the line and what is wrong there
 */
export function parseNotes(text: string, name: string): NoteFile {
  const content = contentOf(text, name)
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

/** The yaml package compares each key of a map with all others, so that one of many takes minutes: here a set tells. */
function contentOf(text: string, name: string): unknown {
  expectSize(text.length, name)
  const lines = new LineCounter()
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines })
  const [problem] = document.errors
  if (problem !== undefined) throw new FileError('NOT_YAML', `${name}: ${problem.message.split('\n')[0] ?? ''}`)
  const lineOf = (range: readonly number[] | null | undefined) => `line ${lines.linePos(range?.[0] ?? 0).line}`
  visit(document, {
    Alias: (_, { range }) => {
      throw new FileError('NOT_NOTES', `${name}: notes have no aliases, as there is one at ${lineOf(range)}`)
    },
    Map: (_, { items }) => {
      const keys = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (keys.has(key.value)) {
          throw new FileError('NOT_YAML', `${name}: the same key a second time, at ${lineOf(key.range)}`)
        }
        keys.add(key.value)
      }
    },
  })
  return document.toJS()
}

/** @throws FileError where more is to be read, or would be written and could not be read again, than memory is there for */
export function expectSize(length: number, name: string): void {
  if (length <= LARGEST) return
  const size = formatSize(length)
  throw new FileError('TOO_LARGE', `${name} is too large for notes: ${size}, and ${formatSize(LARGEST)} are the most`)
}

/** Some 100,000 notes. As YAML is parsed, each byte takes some 200 of memory. */
const LARGEST = 4_000_000

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

export function formatNotes({ packets, notes }: NoteFile): string {
  const entries = notes.map(({ target, text }) => ({ ...entryOf(target), text }))
  return stringify({ ...(packets && { packets }), notes: entries }, { lineWidth: 0 })
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
