/**
 * Notes as comments in the blocks of a pcapng. Beside each comment that synopsis writes stands a custom option that Wireshark
 * and others pass over, so that what was added can be told from what others wrote, and taken away again.
 */
import { push } from '../bytes/lists.js'
import { encodeOption } from '../files/pcapng-encode.js'
import { BlockType, Option } from '../files/pcapng-layout.js'
import { commentOption, type RawOption, readOptions, replaceOptions } from '../files/pcapng-options.js'
import type { RawBlock } from '../files/raw-block.js'
import { commentOf, type Note, noteOfComment } from './note.js'

/** opt_custom, text that may be copied: a private enterprise number, then what its owner likes. */
const CUSTOM = 2988
/** Reserved by IANA (RFC 9371 §4), so nobody's. */
const NOBODY = 0xffffffff
const MARK = 'synopsis note'

/** The notes that a block carries. */
export function notesOf(block: RawBlock): Note[] {
  const notes: Note[] = []
  const options = readOptions(block) ?? []
  options.forEach((option, i) => {
    if (option.code !== Option.comment) return
    const text = new TextDecoder().decode(option.value)
    const ours = isMark(options[i + 1], block.little)
    if (block.type === BlockType.section) notes.push({ target: { kind: 'capture' }, text, ours })
    else if (block.frame > 0) notes.push(noteOfComment(block.frame, text, ours))
    else if (block.type === BlockType.interface) {
      notes.push({ target: { kind: 'interface', id: block.interfaceId }, text, ours })
    }
  })
  return notes
}

/** What is to become of the notes of a file, which are numbered from 1 in the order of their blocks. */
export interface Changes {
  readonly add: readonly { readonly note: Note; readonly frame: number }[]
  /** new texts, by number */
  readonly change: ReadonlyMap<number, string>
  readonly remove: ReadonlySet<number>
}

/** What to write in the place of each block, in turn; undefined where it stays as it is. */
export function noteEditor({ add, change, remove }: Changes): (block: RawBlock) => Uint8Array | undefined {
  const ofFrame = new Map<number, Note[]>()
  for (const { note, frame } of add) push(ofFrame, frame, note)
  let count = 0
  let section = 0
  const isTouched = ({ number }: { readonly number: number }) => change.has(number) || remove.has(number)
  return (block) => {
    const isFirstSection = block.type === BlockType.section && section++ === 0
    const added = (isFirstSection || block.frame > 0 ? ofFrame.get(block.frame) : undefined) ?? []
    const numbered = notesOf(block).map((note) => ({ note, number: ++count }))
    if (added.length === 0 && !numbered.some(isTouched)) return undefined
    let next = 0
    return replaceOptions(block, (options) => {
      const kept: RawOption[] = []
      for (let i = 0; i < options.length; i++) {
        const option = options[i]
        if (option === undefined) continue
        const entry = option.code === Option.comment ? numbered[next++] : undefined
        if (entry === undefined || !isTouched(entry)) kept.push(option)
        else {
          i++ // its mark
          const text = change.get(entry.number)
          if (text !== undefined) kept.push(...markedComment(commentOf({ ...entry.note, text }), block.little))
        }
      }
      for (const note of added) kept.push(...markedComment(commentOf(note), block.little))
      return kept
    })
  }
}

/** A comment and its mark. */
function markedComment(text: string, little: boolean): RawOption[] {
  const value = new Uint8Array(4 + MARK.length)
  new DataView(value.buffer).setUint32(0, NOBODY, little)
  value.set(new TextEncoder().encode(MARK), 4)
  return [commentOption(text, little), { code: CUSTOM, bytes: encodeOption(CUSTOM, value, little), value }]
}

function isMark(option: RawOption | undefined, little: boolean): boolean {
  if (option?.code !== CUSTOM || option.value.length !== 4 + MARK.length) return false
  const { buffer, byteOffset } = option.value
  const owner = new DataView(buffer, byteOffset).getUint32(0, little)
  return owner === NOBODY && new TextDecoder().decode(option.value.subarray(4)) === MARK
}
