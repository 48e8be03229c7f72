/** What a packet's payload says, for one line of a drawing or a sentence. */
import type { PacketEvent } from './model.js'

/** Labels that name the protocol and leave the text to be read: `echo "hello⏎"`. The others quote what matters of it. */
const NAMES: ReadonlySet<string> = new Set(['echo', 'daytime'])

/** The payload's label, its text in quotes, or both; undefined when it is neither known nor text. */
export function saidIn({ label, text }: PacketEvent): string | undefined {
  const quoted = text === undefined ? undefined : `"${text}"`
  if (label === undefined) return quoted
  return NAMES.has(label) && quoted !== undefined ? `${label} ${quoted}` : label
}
