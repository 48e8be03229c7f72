/** One session: the ladder, its packets, their headers and bytes, all linked; then everything that is said of it. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { formatDate, formatSeconds, parseStart } from '../bytes/time.js'
import { countOf, formatDuration, formatSize } from '../bytes/units.js'
import { formatEndpoint } from '../explain/endpoints.js'
import { answerQuestions } from '../explain/questions/questions.js'
import { verdict, wentWell } from '../explain/verdict.js'
import type { Target } from '../notes/note.js'
import type { PageCapture, PageOptions } from '../render/html/model.js'
import { inWords } from '../render/report/compose.js'
import type { SessionSummary } from '../sessions/summary.js'
import { useArrows } from './arrows.js'
import { Blocks } from './blocks.js'
import { Bytes } from './bytes.js'
import { annotated, type FrameEvent, framesIn, shownOf, type View } from './events.js'
import { type FieldPlace, tellingField } from './field.js'
import { Filters } from './filters.js'
import { Headers } from './headers.js'
import type { Frames } from './held-frames.js'
import { Ladder } from './ladder.js'
import { Later, usePainted } from './loading.js'
import { type Homes, homesOf, type PageSession, sessionName } from './model.js'
import { NoteList, type NoteRequest } from './notes.js'
import { type NoteAction, type NoteState, sessionOfNote } from './notes-store.js'
import { PacketList } from './packet-list.js'
import { Plots } from './plots.js'
import { hrefOf, type Route } from './route.js'
import { PlaceContext, Words } from './words.js'

export interface SessionProps {
  readonly index: number
  readonly capture: PageCapture
  readonly session: PageSession
  readonly options: PageOptions
  /** undefined while they are being read */
  readonly frames: Frames | undefined
  readonly notes: NoteState
  readonly route: Route
  readonly go: (route: Route) => void
  readonly act: (action: NoteAction) => void
  readonly ask: (request: NoteRequest) => void
}

export function Session(props: SessionProps) {
  const { index, capture, session, options, frames, notes, route, go, act, ask } = props
  const [view, setView] = useState<View>({
    phases: new Set(),
    findings: new Set(),
    calls: options.calls,
    absolute: options.absolute,
    unfold: options.unfold,
    opened: new Set(),
  })
  const place = useMemo(() => ({ capture: index, homes: homesOf(capture) }), [index, capture])
  const timeline = useMemo(() => annotated(session, notes.notes), [session, notes.notes])
  const shown = useMemo(() => shownOf(timeline, view), [timeline, view])
  const events = useMemo(() => framesIn(shownOf(timeline, { ...view, unfold: true }).events), [timeline, view])
  const all = useMemo(() => framesIn(timeline.events), [timeline])
  const asked = route.frame === undefined ? undefined : all.find((one) => isOf(one, route.frame))
  const event = asked ?? events[0] ?? all[0]
  const selected = event?.frame ?? 0
  const select = (frame: number) => go({ capture: index, session: session.key, frame })
  useArrows('.packets', (by) => {
    const next = events[events.findIndex(({ frame }) => frame === selected) + by]
    if (next !== undefined) select(next.frame)
    return next !== undefined
  })
  const isPainted = usePainted()
  const workspace = useRef<HTMLDivElement>(null)
  useFollowedLinks(workspace)
  const own = notes.notes.filter((note) => sessionOfNote(note, place.homes) === session.key)
  const write = () => ask({ capture: index, choices: choicesOf(session, capture, event) })
  return (
    <PlaceContext.Provider value={place}>
      <Heading index={index} capture={capture} session={session} />
      <Problems session={session} />
      {route.frame !== undefined && asked === undefined && (
        <p class="wrong" role="status">
          <Words text={whereElse(route.frame, capture, session, place.homes)} />
        </p>
      )}
      <Filters timeline={timeline} view={view} change={setView} />
      {events.length === 0 && (
        <p class="wrong" role="status">
          No packet is left: take away a filter.
        </p>
      )}
      <div class="workspace" ref={workspace}>
        <section class="left" aria-label="Ladder">
          <Ladder
            timeline={shown}
            absolute={view.absolute}
            selected={selected}
            select={select}
            open={(run) => setView({ ...view, opened: new Set([...view.opened, run]) })}
          />
        </section>
        <section class="right" aria-label="Packets">
          <PacketList
            events={events}
            digits={timeline.timeDigits}
            absolute={view.absolute}
            selected={selected}
            select={select}
          />
          {event !== undefined && (
            <PacketDetail event={event} frames={isPainted || frames?.isRead ? frames : undefined} write={write} />
          )}
        </section>
      </div>
      <section class="notes">
        <h2>Notes</h2>
        <NoteList index={index} capture={capture} notes={own} act={act} ask={ask} />
        <button type="button" class="button" data-key="n" onClick={write}>
          Add a note
        </button>
      </section>
      <Later turns={1}>
        <InWords session={session} options={options} />
      </Later>
      <Later turns={2}>
        <Plots timeline={session.timeline} select={select} />
      </Later>
    </PlaceContext.Provider>
  )
}

/** The frame that an event is about, or a second sight of it. */
function isOf(event: FrameEvent, frame: number | undefined): boolean {
  return event.frame === frame || (event.kind === 'packet' && event.seenAgain?.includes(frame ?? 0) === true)
}

/** What became of the packet that the address names, and is not in this session. */
function whereElse(frame: number, { packets }: PageCapture, { key }: PageSession, homes: Homes): string {
  if (frame < 1 || frame > packets) return `There is no packet ${frame}: the capture has ${countOf(packets, 'packet')}.`
  const home = homes.keyOf(frame)
  // the number is a link to the session that tells it
  const where = home === undefined ? '' : `: it is in ${sessionName(home)}`
  return `Packet #${frame} is not in ${sessionName(key)}${where}.`
}

function InWords({ session, options }: { readonly session: PageSession; readonly options: PageOptions }) {
  const blocks = useMemo(() => wordsOf(session, options), [session, options])
  return (
    <section class="prose">
      <h2>In words</h2>
      <Blocks blocks={blocks} />
    </section>
  )
}

/** Everything in words but the problems, which stand above. */
export function wordsOf(session: PageSession, { questions }: PageOptions) {
  const { timeline, problems } = session
  return inWords({ timeline, problems, ...(questions && { answers: answerQuestions(timeline) }) })
}

/** A link to a packet brings the workspace into view. */
function useFollowedLinks(workspace: { readonly current: HTMLDivElement | null }): void {
  useEffect(() => {
    const follow = () => workspace.current?.scrollIntoView({ block: 'start' })
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
}

export function Heading({
  index,
  capture,
  session,
}: {
  readonly index: number
  readonly capture: PageCapture
  readonly session: PageSession
}) {
  const { summary } = session.timeline
  const place = capture.told.findIndex(({ key }) => key === session.key)
  const [before, after] = [capture.told[place - 1], capture.told[place + 1]]
  const [seconds, nanoseconds] = parseStart(summary.start)
  const went = wentWell(summary) ? 'well' : 'wrong'
  return (
    <header class="session-head">
      <nav aria-label="Sessions" class="siblings">
        <a href="#" data-key="o">
          ← all sessions
        </a>
        {before !== undefined && (
          <a href={hrefOf({ capture: index, session: before.key })} data-key="[">
            {sessionName(before.key)} before
          </a>
        )}
        {after !== undefined && (
          <a href={hrefOf({ capture: index, session: after.key })} data-key="]">
            {sessionName(after.key)} after
          </a>
        )}
      </nav>
      <h1>
        Session {sessionName(session.key)}
        <span class="who">
          {formatEndpoint(summary.client)} → {formatEndpoint(summary.server)}
        </span>
      </h1>
      <p class={`verdict ${went}`}>
        <span aria-hidden="true">{went === 'well' ? '✓ ' : '! '}</span>
        {verdict(summary)}
      </p>
      <p class="faint figures">
        {countOf(summary.packets, 'packet')}, {formatSize(summary.bytes)} on the wire,{' '}
        {formatDuration(summary.duration)}; time 0 is{' '}
        {formatDate(seconds, nanoseconds, Math.min(6, session.timeline.timeDigits))}
      </p>
    </header>
  )
}

export function Problems({ session }: { readonly session: PageSession }) {
  if (session.problems.length === 0) return null
  return (
    <ul class="problems" aria-label="Problems">
      {session.problems.map(({ name, diagnosis }) => (
        <li key={name}>
          <Words text={diagnosis} />
        </li>
      ))}
    </ul>
  )
}

interface PacketDetailProps {
  readonly event: FrameEvent
  readonly frames: Frames | undefined
  readonly write: () => void
}

function PacketDetail({ event, frames, write }: PacketDetailProps) {
  const dissection = useMemo(() => frames?.dissect(event.frame), [frames, event.frame])
  const [field, setField] = useState<{ readonly frame: number; readonly place: FieldPlace }>()
  const chosen =
    dissection === undefined ? undefined : field?.frame === event.frame ? field.place : tellingField(dissection, event)
  const choose = (place: FieldPlace) => setField({ frame: event.frame, place })
  return (
    <>
      <div class="packet-head">
        <h2>Packet {event.frame}</h2>
        <span class="faint">{stateText(event)}</span>
        <button type="button" class="link" onClick={write}>
          note…
        </button>
      </div>
      {dissection === undefined ? (
        <p class="faint">{frames === undefined ? '…' : 'The bytes of this packet are not in the page.'}</p>
      ) : (
        <>
          {dissection.problem !== undefined && <p class="wrong">{dissection.problem}</p>}
          <Headers dissection={dissection} chosen={chosen} choose={choose} />
          <Bytes dissection={dissection} chosen={chosen} choose={choose} />
        </>
      )}
    </>
  )
}

function stateText(event: FrameEvent): string {
  if (event.kind === 'icmp' || event.states === undefined) return ''
  return `client ${event.states.client}, server ${event.states.server} after it`
}

/** What a note can be about, from where one is. */
function choicesOf(
  { key, timeline }: PageSession,
  capture: PageCapture,
  event: FrameEvent | undefined,
): NoteRequest['choices'] {
  const { summary } = timeline
  const session = summary.protocol === 'udp' ? `udp:${summary.session}` : String(summary.session)
  const choices: { readonly label: string; readonly target: Target }[] = []
  if (event !== undefined) {
    const { frame } = event
    choices.push({ label: `packet #${frame}`, target: { kind: 'packet', frame } })
    choices.push({ label: `packets from #${frame} on`, target: { kind: 'range', from: frame, to: frame } })
  }
  choices.push({ label: `session ${sessionName(key)}`, target: { kind: 'session', session } })
  if (summary.protocol === 'tcp') {
    for (const phase of ['handshake', 'data', 'teardown'] as const) {
      const isThere = timeline.events.some((one) => one.kind === 'packet' && one.phase === phase)
      if (isThere) choices.push({ label: `its ${phase}`, target: { kind: 'session', session, phase } })
    }
  }
  const at = event === undefined ? undefined : momentOf(event, summary, capture)
  if (at !== undefined) choices.push({ label: `the moment ${at} s`, target: { kind: 'time', at } })
  choices.push({ label: 'the whole capture', target: { kind: 'capture' } })
  return choices
}

/** Seconds since the capture's first packet; undefined where that is later, as when a clock was set back. */
function momentOf(event: FrameEvent, { start }: SessionSummary, { began }: PageCapture): string | undefined {
  const [seconds, nanoseconds] = parseStart(start)
  const [firstSeconds, firstNanoseconds] = parseStart(began)
  const at = (seconds - firstSeconds) * 1e9 + (nanoseconds - firstNanoseconds) + event.time
  return at < 0 ? undefined : formatSeconds(at, 9)
}
