/** Steps through a session, one packet after the other, and asks what there is to say of each. */
import { createInterface } from 'node:readline/promises'
import { printable } from '../bytes/printable.js'
import { UsageError } from '../errors.js'
import { openCapture } from '../files/open.js'
import { type Note, parseSession } from '../notes/note.js'
import type { SessionSummary } from '../sessions/summary.js'
import { survey } from '../survey.js'
import type { PacketEvent } from '../timeline/model.js'
import { timelines } from '../timelines.js'
import type { Run } from './run.js'

/** Asks on standard error; an empty answer is no note, `q` or the end of input ends the questions. */
export async function askForNotes(file: string, named: string | undefined, { screen }: Run): Promise<Note[]> {
  const wanted = named === undefined ? undefined : parseSession(named)
  const summaries: SessionSummary[] = []
  const first = await survey(await openCapture(file), (summary) => {
    const name = summary.protocol === 'udp' ? `udp:${summary.session}` : String(summary.session)
    if (wanted === undefined || (wanted.kind === 'session' && wanted.session === name)) summaries.push(summary)
  })
  const [summary] = summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  if (summary === undefined) throw new UsageError(`${file} has no such session: synopsis sessions lists what is in it`)
  const [timeline] = await timelines(await openCapture(file), first, [summary])
  screen.flush()

  const asking = createInterface({ input: process.stdin, output: process.stderr })
  const answers = asking[Symbol.asyncIterator]()
  const notes: Note[] = []
  for (const event of timeline?.events ?? []) {
    if (event.kind !== 'packet') continue
    process.stderr.write(`${describe(event)}\n  note: `)
    const { value, done } = await answers.next()
    const text = done ? 'q' : value.trim()
    if (text === 'q') break
    if (text !== '') notes.push({ target: { kind: 'packet', frame: event.frame }, text, ours: true })
  }
  asking.close()
  return notes
}

function describe({ frame, from, tcp, length, text, time }: PacketEvent): string {
  const what = tcp === undefined ? 'UDP' : tcp.flags.join('·')
  const payload = length === 0 ? '' : `  ${length} bytes${text === undefined ? '' : ` "${printable(text)}"`}`
  return `#${frame}  ${(time / 1e9).toFixed(6)} s  the ${from}: ${what}${payload}`
}
