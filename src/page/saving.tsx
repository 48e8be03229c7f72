/** Notes leave the page: as YAML for `synopsis annotate --from`, or within the capture, where the page holds all of it. */
import { useEffect, useRef } from 'preact/hooks'
import { rewriteBytes } from '../files/rewrite-bytes.js'
import { noteEditor } from '../notes/comments.js'
import { formatNotes } from '../notes/note-yaml.js'
import type { PageCapture, PageModel } from '../render/html/model.js'
import type { Frames } from './held-frames.js'
import { type NoteAction, type NoteState, type Notes, ownNotes } from './notes-store.js'

export interface SaveDialogProps {
  readonly model: PageModel
  readonly notes: Notes
  readonly frames: readonly Frames[]
  readonly act: (action: NoteAction) => void
  readonly close: () => void
}

export function SaveDialog({ model, notes, frames, act, close }: SaveDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="save-title">
      <h2 id="save-title">Save the notes</h2>
      {model.captures.map((capture, index) => {
        const state = notes[index]
        const held = frames[index]
        if (state === undefined || held === undefined) return null
        const saved = () => act({ type: 'saved', capture: index })
        return <OneCapture key={index} capture={capture} state={state} frames={held} saved={saved} />
      })}
      <form method="dialog">
        <button type="submit" class="button">
          Close
        </button>
      </form>
    </dialog>
  )
}

interface OneCaptureProps {
  readonly capture: PageCapture
  readonly state: NoteState
  readonly frames: Frames
  readonly saved: () => void
}

function OneCapture({ capture, state, frames, saved }: OneCaptureProps) {
  const own = ownNotes(state.notes)
  const within = state.removed.size + state.changed.size
  const yaml = `${capture.file}.notes.yaml`
  const saveYaml = () => {
    download(
      yaml,
      [formatNotes({ ...(capture.fingerprint && { packets: capture.fingerprint }), notes: own })],
      'text/yaml',
    )
    if (within === 0) saved()
  }
  const pcapng = `${capture.file.replace(/(\.(pcapng|pcap|cap|dmp))?(\.gz)?$/, '')}-with-notes.pcapng`
  const savePcapng = () => {
    download(pcapng, [withNotes(frames.bytes, state)], 'application/x-pcapng')
    saved()
  }
  return (
    <section>
      <p>
        <button type="button" class="button primary" disabled={own.length === 0} onClick={saveYaml}>
          Save as YAML
        </button>{' '}
        <code>{yaml}</code>
      </p>
      <p class="faint">
        Beside the capture, every report finds it there. To put the notes into the capture:{' '}
        <code>
          synopsis annotate {capture.file} --from {yaml}
        </code>
      </p>
      {within > 0 && <p class="wrong">What was changed of notes within the capture is only in the pcapng.</p>}
      {capture.held.whole ? (
        <>
          <p>
            <button type="button" class="button" onClick={savePcapng}>
              Save as pcapng
            </button>{' '}
            <code>{pcapng}</code>
          </p>
          <p class="faint">The capture, byte for byte, with the notes as comments that Wireshark shows.</p>
        </>
      ) : (
        <p class="faint">The page does not hold the whole capture, so it cannot save it with the notes in it.</p>
      )}
    </section>
  )
}

/** The capture with its notes as the page has them now. */
function withNotes(bytes: Uint8Array, { notes, removed, changed }: NoteState): Uint8Array<ArrayBuffer> {
  const add = notes
    .filter(({ origin }) => origin === 'page' || origin === 'beside')
    .map(({ target, text, frame }) => ({ note: { target, text, ours: true }, frame }))
  const change = new Map<number, string>()
  for (const { number, text } of notes) if (number !== undefined && changed.has(number)) change.set(number, text)
  return rewriteBytes(bytes, noteEditor({ add, change, remove: removed }))
}

function download(name: string, parts: BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
