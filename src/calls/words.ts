/** What execve was given, taken out of strace's spelling: `"/bin/sh"`, `["sh", "-c", "ls"]`. */

/** The text of a C string literal, clipped ones too; undefined for a pointer. */
export function stringIn(argument: string): string | undefined {
  const match = /^"((?:[^"\\]|\\.)*)"/.exec(argument)
  return match === null ? undefined : unescaped(match[1] ?? '')
}

/** The strings of an array literal. */
export function stringsIn(argument: string): string[] {
  return [...argument.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => unescaped(match[1] ?? ''))
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f', a: '\x07', b: '\b' }

/** C's escapes, one character a byte. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/gs, (_, hex, octal, letter) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    return ESCAPES[letter] ?? letter
  })
}
