/** What a capture could not see, in words: whoever reads its sessions has to know that first. */
import { countOf, formatCount, formatDuration, formatSize } from '../bytes/units.js'
import type { Observations } from '../sessions/observations.js'
import type { SessionSummary } from '../sessions/summary.js'
import type { InterfaceInfo, SourceInfo } from '../source.js'
import { fragmentProblems } from './problems/fragments.js'
import { lossesOf } from './truth.js'

const NOTHING =
  'it holds no packet: nothing was sent while it was made, or not past that interface, or the filter let nothing through'

/** Sentences, none when nothing is known to be missing. Damage to the file is not among them: see `SourceInfo.damage`. */
export function explainBlindness(
  info: SourceInfo,
  observations: Observations,
  summaries: Iterable<SessionSummary>,
): string[] {
  const sentences: string[] = []
  for (const one of info.interfaces) sentences.push(...drops(one, info.interfaces.length > 1))
  if (observations.packets === 0) sentences.push(NOTHING)
  if (observations.cut > 0) sentences.push(cut(observations, info.interfaces))
  if (observations.clockSteps > 0) sentences.push(clock(observations))
  const oneWay = countOneWay(summaries)
  if (oneWay > 0) {
    const were = oneWay === 1 ? 'was' : 'were'
    sentences.push(`${countOf(oneWay, 'TCP session')} ${were} seen in one direction only: the other took another way`)
  }
  const twice = countTwice(summaries)
  if (twice > 0)
    sentences.push(`${countOf(twice, 'frame was', 'frames were')} captured twice: a second sight is no second packet`)
  const missed = countMissed(summaries)
  if (missed > 0)
    sentences.push(`${formatSize(missed)} of TCP data arrived but were not captured: packets are missing here`)
  if (observations.malformed > 0) {
    sentences.push(
      `${countOf(observations.malformed, 'packet makes', 'packets make')} no sense, the first is #${observations.firstMalformed}`,
    )
  }
  // where more is known of them, that is told as a problem
  if (observations.incomplete > 0 && fragmentProblems(observations).length === 0) {
    sentences.push(
      `${countOf(observations.incomplete, 'fragmented datagram', 'fragmented datagrams')} could not be put together: pieces were lost, or not captured (from #${observations.firstIncomplete} on)`,
    )
  }
  return sentences
}

function drops(one: InterfaceInfo, many: boolean): string[] {
  const { droppedByOs = 0n, droppedByInterface = 0n } = one.statistics ?? {}
  const where = many ? ` on interface ${one.id}` : ''
  const sentences: string[] = []
  if (droppedByOs > 0n)
    sentences.push(`${formatCount(Number(droppedByOs))} packets${where} were dropped: capturing was too slow`)
  if (droppedByInterface > 0n)
    sentences.push(
      `${formatCount(Number(droppedByInterface))} packets were dropped by ${many ? `interface ${one.id}` : 'the interface'} itself`,
    )
  return sentences
}

function cut({ cut, shortest }: Observations, interfaces: readonly InterfaceInfo[]): string {
  const lengths = new Set(interfaces.map((one) => one.snapLength))
  const [only] = lengths
  const snap = lengths.size === 1 && only !== undefined && only > 0 ? ` (snap length ${formatCount(only)})` : ''
  return `${countOf(cut, 'packet was', 'packets were')} cut short, down to ${formatCount(shortest)} bytes${snap}: the rest of their payload is not here`
}

function clock({ clockSteps, largestStep, largestStepFrame }: Observations): string {
  const times = clockSteps === 1 ? 'once' : `${formatCount(clockSteps)} times`
  const by = clockSteps === 1 ? `by ${formatDuration(largestStep)}` : `by at most ${formatDuration(largestStep)}`
  return `the clock stepped back ${times}, ${by} at #${largestStepFrame}: times across that are wrong`
}

/** More than a SYN from one end, and from the other nothing at all. */
function countOneWay(summaries: Iterable<SessionSummary>): number {
  let count = 0
  for (const summary of summaries) {
    if (summary.protocol !== 'tcp') continue
    const { client, server } = summary.data
    const clientAlone =
      server.packets === 0 && client.packets > (summary.handshake.syn?.transmissions ?? 0) && !summary.teardown.reset
    const serverAlone = client.packets === 0 && !summary.teardown.reset
    if (clientAlone || serverAlone) count++
  }
  return count
}

function countTwice(summaries: Iterable<SessionSummary>): number {
  let count = 0
  for (const summary of summaries) {
    if (summary.protocol === 'tcp') count += summary.truth?.capturedTwice.length ?? 0
    else count += (summary.data.client.seenAgain ?? 0) + (summary.data.server.seenAgain ?? 0)
  }
  return count
}

function countMissed(summaries: Iterable<SessionSummary>): number {
  let bytes = 0
  for (const summary of summaries) {
    if (summary.protocol === 'tcp') bytes += lossesOf(summary, ['client', 'server'])?.missedBytes ?? 0
  }
  return bytes
}

/** When the capture was taken and how much there is of it. */
export function describeCapture(info: SourceInfo, observations: Observations): string {
  const { packets, firstSeconds, firstNanoseconds, lastSeconds, lastNanoseconds } = observations
  const span = (lastSeconds - firstSeconds) * 1e9 + (lastNanoseconds - firstNanoseconds)
  const compressed = info.compressed ? ', gzip-compressed' : ''
  const time = packets > 1 && span >= 0 ? ` in ${formatDuration(span)}` : ''
  return `${info.format}${compressed}, ${countOf(packets, 'packet')}${time}`
}
