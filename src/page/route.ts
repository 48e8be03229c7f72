/** What the page shows is in its address, after the #: `0/tcp3/17` is frame 17 in TCP session 3 of the first capture. */
import { useEffect, useState } from 'preact/hooks'

export interface Route {
  readonly capture: number
  /** undefined: the overview */
  readonly session?: string
  readonly frame?: number
}

function parseRoute(hash: string): Route {
  const [, capture, session, frame] = /^#(\d+)\/((?:tcp|udp)\d+)(?:\/(\d+))?$/.exec(hash) ?? []
  if (capture === undefined || session === undefined) return { capture: 0 }
  return { capture: Number(capture), session, ...(frame !== undefined && { frame: Number(frame) }) }
}

export function hrefOf({ capture, session, frame }: Route): string {
  if (session === undefined) return '#'
  return frame === undefined ? `#${capture}/${session}` : `#${capture}/${session}/${frame}`
}

/** The route, and how to move within it without a step for the browser's way back. */
export function useRoute(): readonly [Route, (route: Route) => void] {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const replace = (next: Route) => {
    history.replaceState(null, '', hrefOf(next))
    setRoute(next)
  }
  return [route, replace]
}
