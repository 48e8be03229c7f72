/** Holds what `synopsis sessions --json` says of a generated capture against the truth: speed alone is worth nothing. */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Role, SessionSummary, TcpSummary } from '../src/sessions/summary.js'
import { truthPath } from './generator/capture.js'
import type { Summary, TcpEnding, TcpTruth, TruthLine, UdpTruth } from './generator/truth.js'

export interface Checked {
  readonly sessions: number
  /** what differs, in words; at most a few of them */
  readonly differences: readonly string[]
  readonly differenceCount: number
}

const SHOWN = 10

export async function checkSessions(capture: string): Promise<Checked> {
  const { sessions, summary } = await readTruth(capture)
  const counted = { tcp: 0, udp: 0 }
  const differences: string[] = []
  let differenceCount = 0
  const differ = (what: string) => {
    if (++differenceCount <= SHOWN) differences.push(what)
  }
  for await (const line of outputOf(process.execPath, ['bin/synopsis.js', 'sessions', '--json', capture])) {
    const said = JSON.parse(line) as SessionSummary
    counted[said.protocol]++
    // the flood's truth is its summary alone
    if (summary.profile === 'synflood') {
      if (said.protocol !== 'tcp' || describeEnding(said) !== 'none') differ(`session ${said.session} is no lone SYN`)
      continue
    }
    const name = `${said.protocol} ${said.session}`
    const truth = sessions.get(name)
    sessions.delete(name)
    if (truth === undefined) {
      differ(`${name} was never sent, or is said twice`)
      continue
    }
    for (const [what, is, was] of compare(said, truth)) {
      if (is !== was) differ(`${name} ${what}: ${is}, but ${was} in truth`)
    }
  }
  for (const name of sessions.keys()) differ(`${name} is missing`)
  if (counted.tcp !== summary.tcpSessions) differ(`${counted.tcp} TCP sessions, but ${summary.tcpSessions} in truth`)
  if (counted.udp !== summary.udpSessions) differ(`${counted.udp} UDP sessions, but ${summary.udpSessions} in truth`)
  return { sessions: counted.tcp + counted.udp, differences, differenceCount }
}

type Comparison = readonly [what: string, is: unknown, was: unknown]

function compare(said: SessionSummary, truth: TcpTruth | UdpTruth): Comparison[] {
  const comparisons: Comparison[] = [
    ['packets', said.packets, truth.client.frames + truth.server.frames],
    ['frame bytes', said.bytes, truth.client.frameBytes + truth.server.frameBytes],
  ]
  for (const role of ['client', 'server'] as const) {
    comparisons.push(
      [`${role} address`, said[role].address, truth[role].address],
      [`${role} port`, said[role].port, truth[role].port],
      [`${role} bytes`, payloadOf(said, role), truth[role].payloadBytes],
    )
    if (said.protocol === 'tcp' && truth.protocol === 'tcp') {
      comparisons.push([`${role} unique bytes`, said.data[role].uniqueBytes, truth[role].uniqueBytes])
    }
  }
  if (said.protocol === 'tcp' && truth.protocol === 'tcp') {
    comparisons.push(['ending', describeEnding(said), ENDINGS[truth.ending]])
  }
  return comparisons
}

/** The last byte sent again, alone, looks like a keep-alive probe (RFC 1122 §4.2.3.6), whose byte is not counted. */
function payloadOf(said: SessionSummary, role: Role): number {
  if (said.protocol === 'udp') return said.data[role].bytes
  const { bytes, remarks } = said.data[role]
  return bytes + (remarks?.keepAlives ?? 0)
}

const ENDINGS: Record<TcpEnding, string> = {
  'client-first': 'orderly, client first',
  'server-first': 'orderly, server first',
  // in the end both have closed; half-closed for good is another thing
  'half-closed': 'orderly, client first',
  simultaneous: 'simultaneous',
  'reset-by-client': 'reset by client',
  'reset-by-server': 'reset by server',
  refused: 'refused',
  unanswered: 'none',
  silent: 'none',
}

function describeEnding({ teardown }: TcpSummary): string {
  const { ending, first, reset } = teardown
  if (ending === 'reset') return `reset by ${reset?.by}`
  if (ending === 'orderly') return `orderly, ${first} first`
  return ending
}

async function readTruth(capture: string): Promise<{ sessions: Map<string, TcpTruth | UdpTruth>; summary: Summary }> {
  const sessions = new Map<string, TcpTruth | UdpTruth>()
  for await (const line of linesOf(createReadStream(truthPath(capture)))) {
    const truth = JSON.parse(line) as TruthLine
    if (truth.protocol === 'summary') return { sessions, summary: truth }
    sessions.set(`${truth.protocol} ${truth.stream}`, truth)
  }
  throw new Error(`${truthPath(capture)} has no summary: it was not written to its end; delete it to make it again`)
}

async function* outputOf(command: string, args: readonly string[]): AsyncGenerator<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  yield* linesOf(child.stdout)
  const status = await ended
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
}

function linesOf(input: Readable): AsyncIterable<string> {
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}
