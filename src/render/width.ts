/** How many columns a text takes in a terminal, and how to make it take a given number. For text that is `printable`. */
import { eastAsianWidth } from 'get-east-asian-width'

/** Marks that are drawn over the letter before them. */
const COMBINING = /\p{Mn}|\p{Me}/u

/** Below it, every printable character is one column wide. */
const FIRST_UNUSUAL = 0x300

export function displayWidth(text: string): number {
  let width = 0
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= FIRST_UNUSUAL) return width + widthOfRest(text, i)
    width++
  }
  return width
}

function widthOfRest(text: string, from: number): number {
  let width = 0
  for (const character of text.slice(from)) width += widthOf(character)
  return width
}

function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  // general punctuation, arrows, box drawing and geometric shapes: what the renderers draw with
  if (code < FIRST_UNUSUAL || (code >= 0x2010 && code < 0x2300) || (code >= 0x2500 && code < 0x25fd)) return 1
  return COMBINING.test(character) ? 0 : eastAsianWidth(code)
}

export function padEnd(text: string, width: number, filler = ' '): string {
  const missing = width - displayWidth(text)
  return missing > 0 ? text + filler.repeat(missing) : text
}

export function padStart(text: string, width: number, filler = ' '): string {
  const missing = width - displayWidth(text)
  return missing > 0 ? filler.repeat(missing) + text : text
}

/** At most `width` columns of the text; an ellipsis shows that there was more. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  return width < 1 ? '' : split(text, width - 1)[0] + '…'
}

/** Where a line may be broken: at a space, but not between a number and its unit. */
const BREAKS = /(?<!\d) | (?!(?:ns|µs|ms|s|min|h|d|B|[kMG]B|[KMG]iB|%)(?!\w))/

/** The text in pieces of at most `width` columns (at least 2), broken at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(BREAKS)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (displayWidth(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    let [head, rest] = splitWord(word, width)
    while (rest !== '') {
      lines.push(head)
      ;[head, rest] = splitWord(rest, width)
    }
    line = head
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** The same of a word that is too long: 2897:4345(1448) is better broken before its parenthesis than within it. */
function splitWord(word: string, width: number): [string, string] {
  const [head, rest] = split(word, width)
  const parenthesis = rest === '' ? -1 : head.lastIndexOf('(')
  return parenthesis > 0 ? [word.slice(0, parenthesis), word.slice(parenthesis)] : [head, rest]
}

/** As many whole characters as fit into `width` columns, and what is left. */
function split(text: string, width: number): [string, string] {
  let used = 0
  let end = 0
  for (const character of text) {
    const next = widthOf(character)
    if (used + next > width) break
    used += next
    end += character.length
  }
  return [text.slice(0, end), text.slice(end)]
}
