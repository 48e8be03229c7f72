/**
 * Splits what strace prints between a call's parentheses. Quoted strings, nested brackets and comments stay whole; what -y
 * prints behind a descriptor, `3<TCP:[127.0.0.1:51717->127.0.0.1:40000]>`, is taken out, so that an argument reads as in C.
 */

export interface Argument {
  readonly text: string
  /** of an argument that is a descriptor: what stood between its angle brackets */
  readonly annotation?: string
}

export interface Scanned {
  readonly arguments: readonly Argument[]
  /** just after the closing parenthesis; the text's length where there is none */
  readonly end: number
  readonly closed: boolean
}

const OPENING = '([{'
const CLOSING = ')]}'

/** Reads arguments from `at`, which is just behind the opening parenthesis. */
export function scanArguments(text: string, at: number): Scanned {
  const found: Argument[] = []
  let depth = 0
  let parts = ''
  let annotation: string | undefined
  let start = at
  const finish = (end: number) => {
    const whole = (parts + text.slice(start, end)).trim()
    if (whole !== '' || found.length > 0)
      found.push(annotation === undefined ? { text: whole } : { text: whole, annotation })
    parts = ''
    annotation = undefined
  }
  let index = at
  while (index < text.length) {
    const character = text.charAt(index)
    if (character === '"') {
      index = endOfString(text, index)
    } else if (character === '/' && text.charAt(index + 1) === '*') {
      const end = text.indexOf('*/', index)
      index = end < 0 ? text.length : end + 2
    } else if (character === '<' && isDescriptorBefore(text, index)) {
      const end = endOfAnnotation(text, index)
      parts += text.slice(start, index)
      if (depth === 0) annotation = text.slice(index + 1, end - 1)
      start = end
      index = end
    } else if (OPENING.includes(character)) {
      depth++
      index++
    } else if (CLOSING.includes(character)) {
      if (depth === 0) {
        finish(index)
        return { arguments: found, end: index + 1, closed: true }
      }
      depth--
      index++
    } else if (character === ',' && depth === 0) {
      finish(index)
      index++
      start = index
    } else index++
  }
  finish(text.length)
  return { arguments: found, end: text.length, closed: false }
}

/** Just behind the closing quote of the string that begins at `at`; the text's length where it does not close. */
function endOfString(text: string, at: number): number {
  for (let index = at + 1; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === '\\') index++
    else if (character === '"') return index + 1
  }
  return text.length
}

/** A `<` is an annotation's behind a number or AT_FDCWD, unless it begins a shift (`1<<CAP_NET_RAW`). */
function isDescriptorBefore(text: string, at: number): boolean {
  if (text.charAt(at + 1) === '<') return false
  const before = text.charAt(at - 1)
  return (before >= '0' && before <= '9') || text.slice(at - 8, at) === 'AT_FDCWD'
}

/**
 * Just behind the annotation that begins at `at`. strace writes `<` and `>` in a path as octal escapes, so that a path ends
 * at the first `>`; a socket's arrow stands in square brackets, and a path there in quotes.
 */
export function endOfAnnotation(text: string, at: number): number {
  if (!/^<[\w-]+:\[/.test(text.slice(at, at + 40))) {
    const end = text.indexOf('>', at)
    if (end < 0) return text.length
    // a device says which, in brackets of its own: `</dev/pts/0<char 136:0>>`
    return text.startsWith('>>', end) && text.slice(at + 1, end).includes('<') ? end + 2 : end + 1
  }
  let index = at
  while (index < text.length) {
    if (text.charAt(index) === '"') index = endOfString(text, index)
    else if (text.startsWith(']>', index)) return index + 2
    else index++
  }
  return text.length
}
