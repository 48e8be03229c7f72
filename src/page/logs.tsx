/** What logs of calls add: the mistakes that they prove, and the sessions over Unix-domain sockets, which have no packets. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PageLogs } from '../render/html/model.js'
import { drawLadder } from '../render/svg/figure.js'
import type { UnixTimeline } from '../timeline/unix/model.js'
import { Blocks } from './blocks.js'

const NARROWEST = 330
const WIDEST = 960

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
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(WIDEST)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const measure = () => setWidth(Math.min(WIDEST, Math.max(NARROWEST, element.clientWidth - 2)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const around = (_: unknown, shapes: readonly string[]) => shapes.join('')
  const svg = drawLadder(timeline, { rawNumbers: false, width, around })
  return <div ref={box} class="drawing" dangerouslySetInnerHTML={{ __html: svg }} />
}
