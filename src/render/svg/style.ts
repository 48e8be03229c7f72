/** How figures look: dark ink on white that stands grey print, and its counterpart on a dark page. */
import type { Paint, Theme } from '../style.js'

/** Name of a colour: on a light page, on a dark one. Text has a contrast of at least 4.5:1 with its ground (WCAG AA). */
const INKS: Readonly<Record<string, readonly [string, string]>> = {
  ink: ['#1b1f24', '#e6edf3'],
  faint: ['#57606a', '#9da7b1'],
  strong: ['#1b1f24', '#e6edf3'],
  handshake: ['#0a4fa8', '#79b8ff'],
  teardown: ['#7d4100', '#f0b072'],
  reset: ['#a3151b', '#ff9492'],
  trouble: ['#a3151b', '#ff9492'],
  data: ['#0a5c36', '#7ee2a8'],
  state: ['#3d4650', '#c3ccd5'],
  good: ['#0a5c36', '#7ee2a8'],
  note: ['#5a3696', '#cdb4ff'],
}

const GROUNDS: Readonly<Record<string, readonly [string, string]>> = {
  ground: ['#ffffff', '#0d1117'],
  'band-before': ['#f6f3fb', '#191624'],
  'band-handshake': ['#edf3fc', '#111d2e'],
  'band-data': ['#f3f6f3', '#121a16'],
  'band-teardown': ['#fbf3ea', '#231a10'],
  'rail-none': ['#ffffff', '#0d1117'],
  'rail-opening': ['#c9d1d9', '#484f58'],
  'rail-open': ['#3d4650', '#c3ccd5'],
  'rail-closing': ['#8b949e', '#7d8590'],
  open: ['#ffffff', '#0d1117'],
  shut: ['#f4e4e5', '#2e161a'],
  'by-application': ['#d0d7de', '#484f58'],
  'by-receiver': ['#7d4100', '#f0b072'],
  'by-network': ['#6e9bd6', '#4c7fc0'],
}

/** The colour of a class on a light page. */
export function colourOf(name: string): string | undefined {
  return (INKS[name] ?? GROUNDS[name])?.[0]
}

const TYPE = [
  'text{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:pre}',
  '.title{font:bold 15px Helvetica,Arial,"Liberation Sans",sans-serif}',
  '.words{font:12px Helvetica,Arial,"Liberation Sans",sans-serif}',
  '.small{font-size:9.5px}.strong,.trouble,.reset{font-weight:bold}.aside{font-style:italic}',
  'line,.rail{stroke-width:1.2;fill:none}.thin{stroke-width:.8}.dots{stroke-dasharray:2 3}.dashes{stroke-dasharray:6 4}',
].join('\n')

/**
 * The style of a figure within a page, which has each colour as a custom property (`paletteOf`).
 * @param more rules of the same kind: no at-rules
 */
export function stylesheetIn(scope: string, more = ''): string {
  const inks = Object.keys(INKS).map((name) => `.${name}{fill:var(--${name})}.l-${name}{stroke:var(--${name})}`)
  const grounds = Object.keys(GROUNDS).map((name) => `.${name}{fill:var(--${name})}`)
  const rules = [TYPE, ...inks, ...grounds, more].join('').split('}')
  return rules
    .filter((rule) => rule !== '')
    .map((rule) => {
      const [selectors = '', body = ''] = rule.split('{')
      const scoped = selectors.split(',').map((selector) => `${scope} ${selector.trim()}`)
      return `${scoped.join(',')}{${body}}`
    })
    .join('')
}

/** `--ink:#1b1f24;…`: the colours of a light or a dark page. */
export function paletteOf(ground: 'light' | 'dark'): string {
  const which = ground === 'light' ? 0 : 1
  return Object.entries({ ...INKS, ...GROUNDS })
    .map(([name, pair]) => `--${name}:${pair[which]};`)
    .join('')
}

function colours(which: 0 | 1): string {
  const inks = Object.entries(INKS).map(
    ([name, pair]) => `.${name}{fill:${pair[which]}}.l-${name}{stroke:${pair[which]}}`,
  )
  const grounds = Object.entries(GROUNDS).map(([name, pair]) => `.${name}{fill:${pair[which]}}`)
  return [...inks, ...grounds].join('')
}

export const STYLESHEET = [TYPE, colours(0), `@media (prefers-color-scheme:dark){${colours(1)}}`].join('\n')

const classes = new Map<Paint, string>()

function paintFor(className: string): Paint {
  const paint: Paint = (text) => text
  classes.set(paint, className)
  return paint
}

/** A theme whose paints stand for classes of the style sheet. */
export const svgTheme: Theme = {
  faint: paintFor('faint'),
  strong: paintFor('strong'),
  handshake: paintFor('handshake'),
  teardown: paintFor('teardown'),
  reset: paintFor('reset'),
  data: paintFor('data'),
  state: paintFor('state'),
  good: paintFor('good'),
  trouble: paintFor('trouble'),
  note: paintFor('note'),
}

export function classOf(paint: Paint): string {
  return classes.get(paint) ?? 'ink'
}
