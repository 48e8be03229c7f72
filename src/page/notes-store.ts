/** The notes of a capture as they are in the page: read, written, changed and taken away; saved elsewhere. */
import { useEffect, useReducer } from 'preact/hooks'
import type { Note, Target } from '../notes/note.js'
import type { PageCapture, PageModel, PageNote } from '../render/html/model.js'
import type { Homes, PageSession } from './model.js'
import { remember, remembered } from './remembered.js'

export interface NoteState {
  readonly notes: readonly PageNote[]
  /** numbers of the capture's own notes that were taken away */
  readonly removed: ReadonlySet<number>
  /** numbers of those that have another text */
  readonly changed: ReadonlySet<number>
  /** changes since the notes were last saved */
  readonly unsaved: number
}

export type NoteAction =
  | { readonly type: 'add'; readonly capture: number; readonly note: PageNote }
  | { readonly type: 'change'; readonly capture: number; readonly note: PageNote; readonly text: string }
  | { readonly type: 'remove'; readonly capture: number; readonly note: PageNote }
  | { readonly type: 'saved'; readonly capture: number }

export type Notes = readonly NoteState[]

export function useNotes(model: PageModel): readonly [Notes, (action: NoteAction) => void] {
  const [notes, act] = useReducer(reduce, model, (first) => first.captures.map(startOf))
  const unsaved = notes.some((state) => state.unsaved > 0)
  useEffect(() => {
    for (const [index, state] of notes.entries()) keepDraft(model.captures[index], state)
  }, [notes])
  useEffect(() => {
    if (!unsaved) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [unsaved])
  return [notes, act]
}

function startOf(capture: PageCapture): NoteState {
  const drafts = draftsOf(capture).filter((draft) => !capture.notes.some((note) => isSame(note, draft)))
  return { notes: [...capture.notes, ...drafts], removed: new Set(), changed: new Set(), unsaved: drafts.length }
}

function reduce(notes: Notes, action: NoteAction): Notes {
  return notes.map((state, index) => (index === action.capture ? changed(state, action) : state))
}

function changed(state: NoteState, action: NoteAction): NoteState {
  const unsaved = state.unsaved + 1
  switch (action.type) {
    case 'add':
      return { ...state, notes: [...state.notes, action.note], unsaved }
    case 'change': {
      const { number } = action.note
      return {
        ...state,
        notes: state.notes.map((note) => (note === action.note ? { ...note, text: action.text } : note)),
        changed: number === undefined ? state.changed : new Set([...state.changed, number]),
        unsaved,
      }
    }
    case 'remove': {
      const { number } = action.note
      return {
        ...state,
        notes: state.notes.filter((note) => note !== action.note),
        removed: number === undefined ? state.removed : new Set([...state.removed, number]),
        unsaved,
      }
    }
    case 'saved':
      return { ...state, unsaved: 0 }
  }
}

/** Notes that are not in the capture: what a YAML file has. */
export function ownNotes(notes: readonly PageNote[]): Note[] {
  return notes
    .filter(({ origin }) => origin === 'page' || origin === 'beside')
    .map(({ target, text }) => ({ target, text, ours: true }))
}

/** A note that others wrote stays; one in the capture can only be changed where the page can save the capture. */
export function isEditable({ origin }: PageNote, capture: PageCapture): boolean {
  return origin === 'page' || origin === 'beside' || (origin === 'capture' && capture.held.whole)
}

/** Of the sessions that the page tells, the one that a note belongs to, by its key; undefined for the capture's own notes. */
export function sessionOfNote({ target, frame }: PageNote, homes: Homes): string | undefined {
  return target.kind === 'session' ? keyOf(target.session) : homes.keyOf(frame)
}

/** As notes name a session, `3` and `udp:3`; and as the page does. */
function keyOf(session: string): string {
  return session.startsWith('udp:') ? session.replace(':', '') : `tcp${session}`
}

/** The packet that a note about `target` stands on; 0: none that the page knows. */
export function placeOf(target: Target, find: (key: string) => PageSession | undefined): number {
  switch (target.kind) {
    case 'packet':
      return target.frame
    case 'range':
      return target.from
    case 'session': {
      const event = find(keyOf(target.session))?.timeline.events.find(
        (one) => one.kind === 'packet' && (target.phase === undefined || one.phase === target.phase),
      )
      return event?.kind === 'packet' ? event.frame : 0
    }
    default:
      return 0
  }
}

function isSame(a: PageNote, b: PageNote): boolean {
  return a.text === b.text && JSON.stringify(a.target) === JSON.stringify(b.target)
}

function keepDraft(capture: PageCapture | undefined, { notes }: NoteState): void {
  if (capture?.fingerprint === undefined) return
  const written = notes.filter(({ origin }) => origin === 'page')
  remember(capture.fingerprint, written.length === 0 ? undefined : JSON.stringify(written))
}

/** What was written on an earlier visit. */
function draftsOf({ fingerprint }: PageCapture): PageNote[] {
  const kept = fingerprint === undefined ? undefined : remembered(fingerprint)
  return kept === undefined ? [] : (JSON.parse(kept) as PageNote[])
}
