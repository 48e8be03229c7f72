/** Notes as a list, and the dialog in which one is written. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { printable } from '../bytes/printable.js'
import { type Target, targetName } from '../notes/note.js'
import type { PageCapture, PageNote } from '../render/html/model.js'
import type { PageSession } from './model.js'
import { isEditable, type NoteAction, placeOf } from './notes-store.js'
import { Words } from './words.js'

/** A note is to be written about one of `choices`, or `note` is to get another text. */
export interface NoteRequest {
  readonly capture: number
  readonly choices: readonly { readonly label: string; readonly target: Target }[]
  readonly note?: PageNote
}

const ORIGINS: Readonly<Record<PageNote['origin'], string>> = {
  others: 'comment in the capture',
  capture: 'in the capture',
  beside: 'from the YAML',
  page: 'written here',
}

export interface NoteListProps {
  readonly index: number
  readonly capture: PageCapture
  readonly notes: readonly PageNote[]
  readonly act: (action: NoteAction) => void
  readonly ask: (request: NoteRequest) => void
}

export function NoteList({ index, capture, notes, act, ask }: NoteListProps) {
  if (notes.length === 0) return <p class="faint">No notes yet.</p>
  return (
    <ul class="note-list">
      {notes.map((note, number) => (
        <li key={number}>
          <p class="about">
            <Words text={targetName(note.target)} />
            {note.target.kind !== 'packet' && note.frame > 0 && (
              <span class="faint">
                {' '}
                from <Words text={`#${note.frame}`} />
              </span>
            )}
            <span class="faint"> · {ORIGINS[note.origin]}</span>
          </p>
          <p class="text">
            {note.text.split('\n').map((line, i) => (
              <span key={i}>
                {i > 0 && <br />}
                <Words text={line} />
              </span>
            ))}
          </p>
          {isEditable(note, capture) && (
            <p class="actions">
              <button type="button" class="link" onClick={() => ask({ capture: index, choices: [], note })}>
                Change<span class="unseen"> the note on {targetName(note.target)}</span>
              </button>
              <button type="button" class="link" onClick={() => act({ type: 'remove', capture: index, note })}>
                Remove<span class="unseen"> the note on {targetName(note.target)}</span>
              </button>
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

export interface NoteDialogProps {
  readonly request: NoteRequest
  /** how many the capture has */
  readonly packets: number
  readonly find: (key: string) => PageSession | undefined
  /** the packet at a moment, where the page can tell */
  readonly frameAt: (nanoseconds: number) => number
  readonly act: (action: NoteAction) => void
  readonly close: () => void
}

export function NoteDialog({ request, packets, find, frameAt, act, close }: NoteDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [choice, setChoice] = useState(0)
  const [text, setText] = useState(request.note?.text ?? '')
  const [until, setUntil] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  const target = request.note?.target ?? request.choices[choice]?.target
  const range = target?.kind === 'range' ? { ...target, to: Number(until) } : undefined
  const isRangeGood =
    range === undefined || (Number.isInteger(range.to) && range.to > range.from && range.to <= packets)
  const add = (event: Event) => {
    event.preventDefault()
    if (target === undefined || text.trim() === '' || !isRangeGood) return
    if (request.note !== undefined) act({ type: 'change', capture: request.capture, note: request.note, text })
    else {
      const about = range ?? target
      const frame = about.kind === 'time' ? frameAt(nanoseconds(about.at)) : placeOf(about, find)
      act({ type: 'add', capture: request.capture, note: { target: about, text, origin: 'page', frame } })
    }
    dialog.current?.close()
  }
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="note-title">
      <form onSubmit={add}>
        <h2 id="note-title">{request.note === undefined ? 'A note' : 'Change the note'}</h2>
        {request.note !== undefined || request.choices.length < 2 ? (
          <p>About {target === undefined ? '' : printable(targetName(target))}</p>
        ) : (
          <label>
            <span class="label">About</span>
            <select value={choice} onChange={(event) => setChoice(Number(event.currentTarget.value))}>
              {request.choices.map(({ label }, index) => (
                <option key={label} value={index}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        )}
        {range !== undefined && request.note === undefined && (
          <label>
            <span class="label">to packet number</span>
            <input
              type="number"
              min={range.from + 1}
              max={packets}
              required
              value={until}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          </label>
        )}
        <label>
          <span class="label">Note</span>
          <textarea rows={4} required value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <p class="actions">
          <button type="submit" class="button primary">
            {request.note === undefined ? 'Add note' : 'Change note'}
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </p>
      </form>
    </dialog>
  )
}

function nanoseconds(at: string): number {
  const [seconds = '0', fraction = ''] = at.split('.')
  return Number(seconds) * 1e9 + Number(fraction.padEnd(9, '0'))
}
