/** SVG as text. Whatever comes from the wire goes through `text`, which makes it harmless and escapes it. */
import { printable } from '../../bytes/printable.js'
import type { Span, TextStyle } from '../pen.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** As character data or an attribute's value; no control and no character that XML forbids is left. */
export function escapeXml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

export function text(x: number, y: number, spans: string | readonly Span[], style: TextStyle = {}): string {
  const { className, anchor = 'start', rotate } = style
  const inner =
    typeof spans === 'string'
      ? escapeXml(spans)
      : spans.map((span) => `<tspan class="${span.className}">${escapeXml(span.text)}</tspan>`).join('  ')
  const turn =
    rotate === undefined ? '' : ` transform="rotate(${round(rotate.angle)} ${round(rotate.x)} ${round(rotate.y)})"`
  const named = className === undefined ? '' : ` class="${className}"`
  const anchored = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text x="${round(x)}" y="${round(y)}"${named}${anchored}${turn} xml:space="preserve">${inner}</text>`
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${className}"/>`
}

export function rect(x: number, y: number, width: number, height: number, className: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" class="${className}"/>`
}

/** No more digits than a picture shows: the same bytes everywhere. */
export function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}
