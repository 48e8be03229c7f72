/** The first view: how things went, the sessions, the notes, and what was captured. */
import { useMemo } from 'preact/hooks'
import { countOf, formatCount } from '../bytes/units.js'
import type { PageCapture, PageLogs, PageModel } from '../render/html/model.js'
import { titleOf } from '../render/html/title.js'
import { Blocks } from './blocks.js'
import { Mistakes, UnixSessions } from './logs.js'
import { homesOf, sessionName } from './model.js'
import { NoteList, type NoteRequest } from './notes.js'
import { type NoteAction, type NoteState, type Notes, sessionOfNote } from './notes-store.js'
import { hrefOf } from './route.js'
import { SessionsTable } from './sessions-table.js'
import { PlaceContext, Words } from './words.js'

export interface OverviewProps {
  readonly model: PageModel
  readonly notes: Notes
  readonly act: (action: NoteAction) => void
  readonly ask: (request: NoteRequest) => void
}

export function Overview({ model, notes, act, ask }: OverviewProps) {
  const { made, captures, logs } = model
  return (
    <>
      <h1>{titleOf(model)}</h1>
      {made.author !== undefined && <p class="author">{made.author}</p>}
      {captures.length > 1 && <Contents captures={captures} />}
      {captures.map((capture, index) => (
        <Capture
          key={index}
          index={index}
          capture={capture}
          isOnly={captures.length === 1}
          state={notes[index]}
          act={act}
          ask={ask}
          logs={captures.length === 1 ? logs : undefined}
        />
      ))}
      {logs !== undefined && captures.length !== 1 && <Mistakes logs={logs} />}
      {logs !== undefined && <UnixSessions logs={logs} />}
    </>
  )
}

/** Of several captures: which are here, and how each went. */
function Contents({ captures }: { readonly captures: readonly PageCapture[] }) {
  return (
    <ul class="contents" aria-label="Captures">
      {captures.map((capture, index) => {
        const isWell = wrongIn(capture).length + unwellIn(capture) === 0
        return (
          <li key={index} class={isWell ? 'well' : 'wrong'}>
            <span aria-hidden="true">{isWell ? '✓' : '!'}</span>
            <button
              type="button"
              class="link"
              onClick={() => document.getElementById(sectionId(index))?.scrollIntoView({ block: 'start' })}
            >
              {capture.file}
            </button>
            <span>{outcomeOf(capture)}</span>
          </li>
        )
      })}
    </ul>
  )
}

function sectionId(index: number): string {
  return `about-${index}`
}

/** Listed sessions whose verdict is not a good one. */
function unwellIn({ rows }: PageCapture): number {
  return rows.filter(({ well }) => !well).length
}

function wrongIn({ told }: PageCapture) {
  return told.filter(({ problems }) => problems.length > 0)
}

/** `1 of 3 sessions went wrong`, without a full stop */
function outcomeOf(capture: PageCapture): string {
  const wrong = wrongIn(capture).length
  if (capture.sessions === 0) return 'no session in it'
  const unwell = unwellIn(capture)
  if (wrong === 0 && unwell > 0) {
    return `${formatCount(unwell)} of ${countOf(capture.sessions, 'session')} did not go well: see the verdicts`
  }
  if (wrong === 0) return `nothing went wrong in ${countOf(capture.sessions, 'session')}`
  const what = capture.sessions === capture.told.length ? 'of' : 'among the told of'
  return `${formatCount(wrong)} ${what} ${countOf(capture.sessions, 'session')} went wrong`
}

interface CaptureProps {
  readonly index: number
  readonly capture: PageCapture
  readonly isOnly: boolean
  readonly state: NoteState | undefined
  readonly act: (action: NoteAction) => void
  readonly ask: (request: NoteRequest) => void
  /** of the only capture: what the calls beside it tell of the whole run */
  readonly logs: PageLogs | undefined
}

function Capture({ index, capture, isOnly, state, act, ask, logs }: CaptureProps) {
  const place = useMemo(() => ({ capture: index, homes: homesOf(capture) }), [index, capture])
  const notes = state?.notes ?? []
  const noted = useMemo(() => {
    const keys = notes.map((note) => sessionOfNote(note, place.homes))
    return new Set(keys.filter((key) => key !== undefined))
  }, [notes, place])
  const Title = isOnly ? 'h2' : 'h3'
  return (
    <PlaceContext.Provider value={place}>
      {!isOnly && (
        <h2 class="file" id={sectionId(index)}>
          {capture.file}
        </h2>
      )}
      <Summary index={index} capture={capture} />
      {logs !== undefined && <Mistakes logs={logs} />}
      <section>
        <Title>Sessions</Title>
        <SessionsTable index={index} capture={capture} noted={noted} />
        {capture.leftOut.length > 0 && (
          <div class="left-out">
            <p>What this page leaves out:</p>
            <ul>
              {capture.leftOut.map((sentence) => (
                <li key={sentence}>
                  <Words text={sentence} />
                </li>
              ))}
            </ul>
          </div>
        )}
      </section>
      <section class="notes">
        <Title>Notes</Title>
        <NoteList capture={capture} index={index} notes={notes} act={act} ask={ask} />
        <button
          type="button"
          class="button"
          onClick={() =>
            ask({ capture: index, choices: [{ label: 'the whole capture', target: { kind: 'capture' } }] })
          }
        >
          Add a note on the capture
        </button>
      </section>
      <section>
        <Title>The capture</Title>
        <Blocks blocks={capture.about} />
      </section>
    </PlaceContext.Provider>
  )
}

/** What one wants to know first: did it go well, and if not, where to look. */
function Summary({ index, capture }: { readonly index: number; readonly capture: PageCapture }) {
  const problems = wrongIn(capture).flatMap(({ key, problems: found }) => found.map((problem) => ({ key, problem })))
  const shown = problems.slice(0, MOST_PROBLEMS)
  const outcome = outcomeOf(capture)
  if (capture.rows.length === 0) return null
  if (problems.length === 0) {
    const isWell = unwellIn(capture) === 0
    return (
      <p class={`summary ${isWell ? 'well' : 'wrong'}`}>
        <span aria-hidden="true">{isWell ? '✓ ' : '! '}</span>
        {outcome.replace(/^n/, 'N')}.
      </p>
    )
  }
  return (
    <section class="summary wrong" aria-label="What went wrong">
      <p>
        <span aria-hidden="true">! </span>
        {outcome}:
      </p>
      <ul>
        {shown.map(({ key, problem }) => (
          <li key={`${key} ${problem.name}`}>
            <a href={hrefOf({ capture: index, session: key, ...(problem.frames[0] && { frame: problem.frames[0] }) })}>
              {sessionName(key)}
            </a>
            : <Words text={problem.diagnosis} />
          </li>
        ))}
      </ul>
      {problems.length > shown.length && <p>… and {formatCount(problems.length - shown.length)} more below.</p>}
    </section>
  )
}

const MOST_PROBLEMS = 8
