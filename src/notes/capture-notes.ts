/** Notes in a pcapng file, as comments. */
import { append } from '../bytes/lists.js'
import { openBlocks } from '../files/pcapng-blocks.js'
import { rewritePcapng } from '../files/rewrite.js'
import { type Changes, noteEditor, notesOf } from './comments.js'
import type { Note } from './note.js'

/** Every comment of the file, in the order of its blocks: the capture's, its interfaces', its packets'. */
export async function readNotes(name: string): Promise<Note[]> {
  const notes: Note[] = []
  const file = await openBlocks(name)
  await file.forEach((block) => {
    append(notes, notesOf(block))
  })
  return notes
}

/** Rewrites the file with its notes changed, and everything else byte for byte as it was; atomically. */
export async function writeNotes(name: string, changes: Changes): Promise<void> {
  await rewritePcapng(name, noteEditor(changes))
}
