/** The report's data, as the page carries it, and how it is found again. */
import { rowsOf } from '../render/html/columns.js'
import { homeOf } from '../render/html/homes.js'
import {
  type PageCapture,
  type PageModel,
  type PageTimeline,
  type ToldSession,
  timelineId,
} from '../render/html/model.js'
import type { Timeline, TimelineEvent } from '../timeline/model.js'
import { hasArrived } from './loading.js'

/** A session with its timeline. */
export interface PageSession extends ToldSession {
  readonly timeline: Timeline
}

export function readModel(): PageModel {
  const model = readJson<PageModel>('model')
  if (model === undefined) throw new Error('this page has no report in it')
  return model
}

function readJson<T>(id: string): T | undefined {
  const text = hasArrived(id) ? document.getElementById(id)?.textContent : undefined
  return text ? (JSON.parse(text) as T) : undefined
}

const read = new Map<string, PageSession>()

/** Undefined where the page does not tell that session. */
export function sessionOf(model: PageModel, capture: number, key: string): PageSession | undefined {
  const id = timelineId(capture, key)
  const before = read.get(id)
  if (before !== undefined) return before
  const told = model.captures[capture]?.told.find((one) => one.key === key)
  const timeline = told === undefined ? undefined : readJson<PageTimeline>(id)
  if (told === undefined || timeline === undefined) return undefined
  const session = { ...told, timeline: { ...timeline, events: rowsOf(timeline.events) as TimelineEvent[] } }
  read.set(id, session)
  return session
}

/** `tcp0` → `TCP 0` */
export function sessionName(key: string): string {
  return key.replace(/^[a-z]+/, (protocol) => `${protocol.toUpperCase()} `)
}

/** Which session each frame is told in. */
export interface Homes {
  keyOf(frame: number): string | undefined
}

export function homesOf({ homes, told }: PageCapture): Homes {
  return {
    keyOf(frame) {
      const home = homeOf(homes, frame)
      return home === undefined ? undefined : told[home]?.key
    },
  }
}
