/** The arrow keys where nothing has the focus, as when the page opens. */
import { useLayoutEffect } from 'preact/hooks'

/** So much of the packets must be seen, in pixels. */
const SEEN = 48

/**
 * They lead to the packet before and after while the packets can be seen; further down, and after the last packet, they scroll.
 * @param step goes up (-1) or down (1); false where there is nothing to go to
 */
export function useArrows(pane: string, step: (by: -1 | 1) => boolean): void {
  // at once, and not after the next paint: a key that is held down repeats sooner
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : undefined
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      const { target } = event
      const isNobodys = target === document.body || (target instanceof Element && target.id === 'content')
      if (!isNobodys || document.querySelector('dialog[open]') !== null) return
      if (isSeen(document.querySelector(pane)) && step(by)) event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

function isSeen(element: Element | null): boolean {
  if (element === null) return false
  const { top, bottom } = element.getBoundingClientRect()
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= SEEN
}
