/** The report's data, as the page carries it, and how it is found again. */
import type { PageCapture, PageModel, PageSession } from '../render/html/model.js'

export function readModel(): PageModel {
  const element = document.getElementById('model')
  if (element === null) throw new Error('this page has no report in it')
  return JSON.parse(element.textContent ?? '') as PageModel
}

export function findSession(capture: PageCapture | undefined, key: string): PageSession | undefined {
  return capture?.told.find((session) => session.key === key)
}

/** `tcp0` → `TCP 0` */
export function sessionName(key: string): string {
  return key.replace(/^[a-z]+/, (protocol) => `${protocol.toUpperCase()} `)
}

/** Which session each frame is told in. */
export function homesOf(capture: PageCapture): ReadonlyMap<number, string> {
  const homes = new Map<number, string>()
  for (const { key, timeline } of capture.told) {
    for (const event of timeline.events) {
      if (event.kind === 'packet' || event.kind === 'icmp') homes.set(event.frame, key)
    }
  }
  return homes
}
