/** Brings a part into view in the pane that scrolls it, as far as needed; the page stays where it is. */
export function scrollWithin(pane: HTMLElement, part: Element, margin = 0): void {
  const [inner, outer] = [part.getBoundingClientRect(), pane.getBoundingClientRect()]
  if (inner.top < outer.top) pane.scrollTop -= outer.top - inner.top + margin
  else if (inner.bottom > outer.bottom) pane.scrollTop += inner.bottom - outer.bottom + margin
}
