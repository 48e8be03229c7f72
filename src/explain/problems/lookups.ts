/** Names that were looked up in vain: problems of no session, since none was begun. */
import { printable } from '../../bytes/printable.js'
import type { FailedLookup } from '../../sessions/lookups.js'
import { named, type Problem } from './problem.js'

const NO_SUCH_NAME = 3
const SHOWN = 3

/** What the name server said (RFC 1035 §4.1.1), and what getaddrinfo makes of it. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'it does not understand the question',
  2: 'it failed itself (SERVFAIL): getaddrinfo fails with EAI_AGAIN, "Temporary failure in name resolution"',
  [NO_SUCH_NAME]: 'there is no such name: getaddrinfo fails with EAI_NONAME, "Name or service not known"',
  4: 'it does not answer such questions',
  5: 'it refuses to answer',
}

/** One problem for each reason, those of the name servers' making first. */
export function lookupProblems(failed: readonly FailedLookup[]): Problem[] {
  const codes = [...new Set(failed.map(({ code }) => code))].sort((a, b) => a - b)
  return codes.map((code) =>
    problemOf(
      code,
      failed.filter((one) => one.code === code),
    ),
  )
}

function problemOf(code: number, failed: readonly FailedLookup[]): Problem {
  const names = failed.slice(0, SHOWN).map(({ name }) => `"${printable(name)}"`)
  const more = failed.length > SHOWN ? ` and ${failed.length - SHOWN} more` : ''
  const frames = failed.map(({ answerFrame }) => answerFrame)
  return {
    name: code === NO_SUCH_NAME ? 'no such name' : 'look-up failed',
    diagnosis: `the name server has no address for ${names.join(', ')}${more} (DNS, ${named(frames)}): ${REASONS[code] ?? `code ${code}`}`,
    frames,
  }
}
