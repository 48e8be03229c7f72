/** What is not needed at once comes later, so that what is looked at first is there first. */
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

/** The browser has read the whole file, for the captures' bytes are at its end, and has shown what it had until then. */
export function useLoaded(): boolean {
  const isHere = useArrival(undefined)
  const [isLoaded, setLoaded] = useState(false)
  useEffect(() => (isHere ? afterPaint(() => setLoaded(true)) : undefined), [isHere])
  return isLoaded
}

/** The browser has read the element with this id, one of the body's own, or else the whole file. */
export function useArrival(id: string | undefined): boolean {
  const [isHere, setHere] = useState(() => hasArrived(id))
  // at once, and not after the next paint: the browser may be busy reading until then
  useLayoutEffect(() => {
    const look = () => {
      if (hasArrived(id)) setHere(true)
    }
    look()
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true })
    addEventListener('DOMContentLoaded', look)
    return () => {
      observer.disconnect()
      removeEventListener('DOMContentLoaded', look)
    }
  }, [id])
  return isHere || hasArrived(id)
}

/** All of it is here. */
export function hasArrived(id: string | undefined): boolean {
  if (document.readyState !== 'loading') return true
  const element = id === undefined ? null : document.getElementById(id)
  return element !== null && element.nextElementSibling !== null
}

/** Does something once what was drawn is on the screen; what it gives stops that. */
export function afterPaint(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(act)
  })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}

/** What was drawn at first is on the screen. */
export function usePainted(): boolean {
  const [isPainted, setPainted] = useState(false)
  useEffect(() => afterPaint(() => setPainted(true)), [])
  return isPainted
}

export interface LaterProps {
  /** turns of the browser to wait for: 1 is the next */
  readonly turns: number
  readonly children: ComponentChildren
}

/** Drawn only after what stands before it has been painted. */
export function Later({ turns, children }: LaterProps) {
  const [left, setLeft] = useState(turns)
  useEffect(() => (left === 0 ? undefined : afterPaint(() => setLeft(left - 1))), [left])
  return left === 0 ? children : null
}
