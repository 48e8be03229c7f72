/** The whole report on paper: what was captured, the sessions in a table, and each one with its ladder in full. */
import { useMemo } from 'preact/hooks'
import { formatCount } from '../bytes/units.js'
import { tellingPlots } from '../plots/plots.js'
import type { PageCapture, PageModel } from '../render/html/model.js'
import { caption } from '../render/report/compose.js'
import { before, drawLadder, firstOf } from '../render/svg/figure.js'
import { withCalls } from '../timeline/calls/with-calls.js'
import { fold } from '../timeline/fold.js'
import type { Timeline, TimelineEvent } from '../timeline/model.js'
import { Blocks } from './blocks.js'
import { annotated } from './events.js'
import { homesOf, type PageSession, sessionName, sessionOf } from './model.js'
import { NoteList } from './notes.js'
import { type Notes, sessionOfNote } from './notes-store.js'
import { OnePlot } from './plots.js'
import { Heading, Problems, wordsOf } from './session.js'

export interface PrintedProps {
  readonly model: PageModel
  readonly notes: Notes
}

/** Sessions that are printed in full. */
const MOST_SESSIONS = 20
/** As wide as the paper is between its margins, and as high as a ladder may be on one sheet, in pixels. */
const WIDTH = 700
const HEIGHT = 900
/** What stands above the first of a session: its heading, and each problem. */
const HEADING = 170
const PROBLEM = 45
/** How small a ladder is drawn to be on one sheet. */
const SMALLEST = 0.78

export function Printed({ model, notes }: PrintedProps) {
  let figure = 0
  return (
    <>
      {model.captures.flatMap((capture, index) =>
        capture.told.slice(0, MOST_SESSIONS).map(({ key }) => {
          const session = sessionOf(model, index, key)
          if (session === undefined) return null
          figure++
          return (
            <article key={`${index} ${key}`} class="printed">
              <Heading index={index} capture={capture} session={session} />
              <Problems session={session} />
              <PrintedSession
                model={model}
                capture={capture}
                session={session}
                notes={notes[index]?.notes ?? []}
                figure={figure}
              />
            </article>
          )
        }),
      )}
      {model.captures.map(({ told, file }) =>
        told.length <= MOST_SESSIONS ? null : (
          <p key={file} class="printed">
            {formatCount(told.length - MOST_SESSIONS)} more sessions of {file} are in the page, and not printed.
          </p>
        ),
      )}
    </>
  )
}

interface PrintedSessionProps {
  readonly model: PageModel
  readonly capture: PageCapture
  readonly session: PageSession
  readonly notes: Notes[number]['notes']
  readonly figure: number
}

const NOTHING = () => {}

function PrintedSession({ model, capture, session, notes, figure }: PrintedSessionProps) {
  const { shown } = model
  const { summary } = session.timeline
  const homes = useMemo(() => homesOf(capture), [capture])
  const own = notes.filter((note) => sessionOfNote(note, homes) === session.key)
  const sheets = useMemo(() => {
    const timeline = annotated(session, notes)
    const events = shown.unfold ? timeline.events : fold(timeline.events)
    const above = HEADING + PROBLEM * session.problems.length
    return sheetsOf(shown.calls ? withCalls(timeline, events) : { ...timeline, events }, above, shown.absolute)
  }, [session, notes])
  return (
    <>
      {sheets.drawn.map((svg, index) => (
        <figure key={index} class="sheet" style={{ width: `${100 * sheets.scale}%` }}>
          <div class="drawing" dangerouslySetInnerHTML={{ __html: svg }} />
        </figure>
      ))}
      <p class="caption">
        Figure {figure}. {caption(summary, `Session ${sessionName(session.key)}`)}
        {sheets.leftOut > 0 && ` ${formatCount(sheets.leftOut)} more packets are not drawn.`}
      </p>
      {own.length > 0 && (
        <section class="notes">
          <h2>Notes</h2>
          <NoteList index={0} capture={capture} notes={own} act={NOTHING} ask={NOTHING} />
        </section>
      )}
      {tellingPlots(session.timeline).map((plot, index) => (
        <OnePlot key={`${plot.name} ${plot.sender}`} plot={plot} index={1000 * figure + index} />
      ))}
      <section class="prose">
        <Blocks blocks={wordsOf(session, shown)} />
      </section>
    </>
  )
}

/** The ladder in pieces, each of which fits on a sheet. */
function sheetsOf(
  timeline: Timeline,
  above: number,
  absolute: boolean,
): { readonly drawn: string[]; readonly scale: number; readonly leftOut: number } {
  const { events, leftOut } = firstOf(timeline)
  const heights: number[] = []
  draw(events, 0, (height) => heights.push(height))
  const drawn: string[] = []
  // better a little smaller than a few rows on a sheet of their own
  const whole = heights.reduce((sum, height) => sum + height, 0)
  const fits = (0.98 * (HEIGHT - above)) / whole
  const scale = fits < 1 && fits >= SMALLEST ? fits : 1
  let start = 0
  let used = above
  for (const [index, height] of heights.entries()) {
    if (used + scale * height > HEIGHT && index > start) {
      drawn.push(draw(events.slice(start, index), start))
      start = index
      used = 0
    }
    used += scale * height
  }
  drawn.push(draw(events.slice(start), start))
  return { drawn, scale, leftOut }

  function draw(part: readonly TimelineEvent[], from: number, tell: (height: number) => void = NOTHING): string {
    return drawLadder(
      { ...timeline, events: part },
      {
        rawNumbers: absolute,
        width: WIDTH,
        before: before(events, from),
        around: (_event, shapes, _top, height) => {
          tell(height)
          return shapes.join('')
        },
      },
    )
  }
}
