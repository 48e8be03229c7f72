/** The colours of the page, light and dark, as custom properties; those of the figures, and a few of its own. */
import { RULES } from '../plots/svg.js'
import { paletteOf, stylesheetIn } from '../svg/style.js'

/** Text on these grounds has a contrast of at least 4.5:1 (WCAG AA). */
const OWN: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  panel: ['#f6f8fa', '#151b23'],
  edge: ['#d0d7de', '#30363d'],
  control: ['#818b98', '#656c76'],
  accent: ['#0a4fa8', '#79b8ff'],
  'on-accent': ['#ffffff', '#0d1117'],
  select: ['#dbeafe', '#1c3250'],
  hit: ['#ffdf80', '#5c4a00'],
  /** how the colour of what is chosen goes over a drawing */
  blend: ['multiply', 'lighten'],
}

function colours(ground: 'light' | 'dark'): string {
  const own = Object.entries(OWN).map(([name, pair]) => `--${name}:${pair[ground === 'light' ? 0 : 1]};`)
  return `color-scheme:${ground};${paletteOf(ground)}${own.join('')}`
}

/** Comes before the page's own style sheet. Paper is white, whatever the screen is. */
export function colourStyles(): string {
  return [
    `:root{${colours('light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${colours('dark')}}}`,
    `@media screen{:root[data-theme=dark]{${colours('dark')}}}`,
    stylesheetIn('.drawing', RULES),
  ].join('\n')
}
