/** Long lists: only the rows that can be seen are there. All rows are equally high. */
import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** Rows that are there above and below those that are seen. */
const SPARE = 8

export interface Visible {
  readonly container: RefObject<HTMLDivElement | null>
  readonly first: number
  /** after the last */
  readonly end: number
}

/** @param current the row that must be seen, if any */
export function useVisibleRows(count: number, height: number, current: number): Visible {
  const container = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState<readonly [number, number]>([0, 60])
  const row = useRef(current)
  row.current = current
  useEffect(() => {
    const element = container.current
    if (element === null) return
    const look = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / height) - SPARE)
      const end = Math.ceil((element.scrollTop + element.clientHeight) / height) + SPARE
      setRange((before) => (before[0] === first && before[1] === end ? before : [first, end]))
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    // what comes in beside it may leave less room for it
    const observer = new ResizeObserver(() => {
      bringIntoView(element, row.current, height)
      look()
    })
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      observer.disconnect()
    }
  }, [height, count])
  useEffect(() => {
    if (container.current !== null) bringIntoView(container.current, current, height)
  }, [current, height, count])
  return { container, first: Math.min(range[0], count), end: Math.min(range[1], count) }
}

function bringIntoView(element: HTMLElement, row: number, height: number): void {
  if (row < 0) return
  const top = row * height
  if (top < element.scrollTop) element.scrollTop = top
  else if (top + height > element.scrollTop + element.clientHeight) {
    element.scrollTop = top + height - element.clientHeight
  }
}

/** Where the arrow keys lead from row `current`; undefined for any other key. */
export function rowAfterKey(key: string, current: number, count: number, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -count,
    End: count,
  }
  const step = steps[key]
  return step === undefined ? undefined : Math.min(count - 1, Math.max(0, current + step))
}
