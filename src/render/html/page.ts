/**
 * The HTML around a report's data: one file that needs nothing else. Nothing in it runs or loads but the page's own script
 * and style, which the policy names by their hashes; data stands in elements that hold no markup.
 */
import { printable } from '../../bytes/printable.js'
import type { Timeline } from '../../timeline/model.js'
import { escapeXml } from '../svg/markup.js'
import { columnsOf } from './columns.js'
import { bytesId, type PageModel, type PageTimeline, timelineId } from './model.js'
import { colourStyles } from './style.js'
import { titleOf } from './title.js'

/** What is built from `src/page`. */
export interface PageAssets {
  readonly script: string
  readonly style: string
}

/** A capital S, as a mark in the browser's tab. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3 1v14M13 1v14' stroke='%23818b98'/%3E%3Cpath d='M3 4l10 3M13 9l-10 3' stroke='%230a4fa8' stroke-width='1.6'/%3E%3C/svg%3E"

/** What a page holds of a capture beside the model. */
export interface PageParts {
  /** of each told session */
  readonly timelines: readonly Timeline[]
  /** base64 */
  readonly bytes: string
}

/**
 * @param parts of each capture
 * @param hash SHA-256 of a text, in base64
 */
export function writePage(
  model: PageModel,
  parts: readonly PageParts[],
  assets: PageAssets,
  hash: (text: string) => string,
): string {
  const style = `${colourStyles()}\n${assets.style}`
  const title = titleOf(model)
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash(assets.script)}'`,
    `style-src 'sha256-${hash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeXml(title)}</title>`,
    `<link rel="icon" href="${ICON}">`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"><noscript>This report is drawn by a script in this file, which needs no network. Allow it, or ask for the same report as Markdown: synopsis report FILE -o report.md</noscript></div>',
    `<script type="application/json" id="model">${safeJson(model, notesIn(model))}</script>`,
    `<script>${assets.script}</script>`,
    // what is long and not seen at once comes last: the page is drawn while the browser reads on
    ...model.captures.flatMap(({ told }, index) =>
      told.map(({ key }, place) => timelineElement(timelineId(index, key), parts[index]?.timelines[place])),
    ),
    ...parts.map(({ bytes }, index) => `<script type="text/plain" id="${bytesId(index)}">${bytes}</script>`),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function timelineElement(id: string, timeline: Timeline | undefined): string {
  if (timeline === undefined) return ''
  const data: PageTimeline = { ...timeline, events: columnsOf(timeline.events) }
  return `<script type="application/json" id="${id}">${safeJson(data)}</script>`
}

/** What people wrote: it is kept as it is, as it is saved again, and made harmless where it is shown. */
function notesIn({ captures }: PageModel): ReadonlySet<unknown> {
  return new Set(captures.flatMap(({ notes }) => notes))
}

/**
 * JSON that cannot end the element that it stands in, nor begin a comment there; all text in it is made harmless, but the
 * `text` of what is `written`.
 */
function safeJson(data: unknown, written: ReadonlySet<unknown> = new Set()): string {
  function harmless(this: unknown, key: string, value: unknown): unknown {
    if (typeof value !== 'string') return value
    return key === 'text' && written.has(this) ? value : printable(value)
  }
  return JSON.stringify(data, harmless).replaceAll('<', '\\u003c')
}
