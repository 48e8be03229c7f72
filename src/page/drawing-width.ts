/** How wide a drawing may be: as wide as its box, within what can be read. */
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Pixels. */
const NARROWEST = 330
export const WIDEST_LADDER = 960

/** The box to measure, and the width for a drawing in it; 0 before it is measured. */
export function useDrawingWidth(widest: number): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const measure = () => setWidth(Math.min(widest, Math.max(NARROWEST, element.clientWidth - 2)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [widest])
  return [box, width]
}
