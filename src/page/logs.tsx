/** What logs of calls add: the mistakes that they prove, and the sessions over Unix-domain sockets, which have no packets. */
import type { PageLogs } from '../render/html/model.js'
import { drawLadder } from '../render/svg/figure.js'
import type { UnixTimeline } from '../timeline/unix/model.js'
import { Blocks } from './blocks.js'
import { useDrawingWidth, WIDEST_LADDER } from './drawing-width.js'

export function Mistakes({ logs }: { readonly logs: PageLogs }) {
  return (
    <section class="prose" aria-label="Mistakes">
      <Blocks blocks={logs.mistakes} />
    </section>
  )
}

export function UnixSessions({ logs }: { readonly logs: PageLogs }) {
  if (logs.unix.length === 0) return null
  return (
    <section aria-label="Unix-domain sockets">
      <h2>Unix-domain sockets</h2>
      {logs.unix.map(({ timeline, opening, words }) => (
        <article key={timeline.summary.session} class="prose">
          <Blocks blocks={opening} />
          <Ladder timeline={timeline} />
          <Blocks blocks={words} />
        </article>
      ))}
    </section>
  )
}

function Ladder({ timeline }: { readonly timeline: UnixTimeline }) {
  const [box, width] = useDrawingWidth(WIDEST_LADDER)
  const around = (_: unknown, shapes: readonly string[]) => shapes.join('')
  const svg = width === 0 ? '' : drawLadder(timeline, { rawNumbers: false, width, around })
  return <div ref={box} class="drawing" dangerouslySetInnerHTML={{ __html: svg }} />
}
