/** Where a command's text goes, and how it is to look there. */
import { printableJson } from '../bytes/printable.js'
import { toAscii } from '../render/ascii.js'
import { ByteWriter } from '../render/byte-writer.js'
import { colourTheme, plainTheme, type Theme } from '../render/style.js'
import { writeAll } from './standard-output.js'
import { type ColourChoice, isTerminal, knowsUnicode, outputWidth, STDERR, STDOUT, wantsColour } from './terminal.js'

export class Screen {
  readonly theme: Theme
  readonly width: number
  readonly unicode: boolean
  readonly isTerminal = isTerminal(STDOUT)
  /** for rows by the million */
  readonly writer = new ByteWriter((bytes) => writeAll(STDOUT, bytes))

  constructor(colour: ColourChoice) {
    this.theme = wantsColour(colour) ? colourTheme : plainTheme
    this.width = outputWidth()
    this.unicode = knowsUnicode()
  }

  line(text = ''): void {
    this.writer.text(`${this.unicode ? text : toAscii(text)}\n`)
  }

  lines(lines: Iterable<string>): void {
    for (const line of lines) this.line(line)
  }

  /** One object a line, as UTF-8 whatever the locale: a program reads it. */
  json(value: object): void {
    this.writer.text(`${printableJson(value)}\n`)
  }

  flush(): void {
    this.writer.flush()
  }
}

/** One line on standard error. A reader that has gone there is nobody's concern. */
export function complain(text: string): void {
  const line = knowsUnicode() ? text : toAscii(text)
  try {
    writeAll(STDERR, Buffer.from(`${line}\n`))
  } catch {
    // there is nowhere left to say it
  }
}
