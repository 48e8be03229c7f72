/**
 * Hosts on the same link that were not found, or found twice: problems of no session. What is sent to a neighbour that was not found
 * never leaves; what is sent to one that two hosts claim to be reaches either.
 */
import { push } from '../../bytes/lists.js'
import type { Neighbour } from '../../sessions/neighbourhood.js'
import { named, type Problem } from './problem.js'

/** Asked once, a neighbour may only have been looked for; a host that wants to connect asks three times. */
const REQUESTS = 2

const how = { 4: 'ARP', 6: 'neighbour discovery' } as const

/** The worst first: addresses that are taken twice, then hosts that were not found, one problem an asker. */
export function neighbourProblems(
  neighbours: readonly Neighbour[],
  spokeIn: (address: string) => number | undefined = () => undefined,
): Problem[] {
  const byAsker = new Map<string, Neighbour[]>()
  for (const one of neighbours) {
    if (one.answers.length === 0 && one.requests >= REQUESTS) push(byAsker, one.asker, one)
  }
  return [...neighbours.flatMap(takenTwice), ...[...byAsker.values()].map((ofOne) => notFound(ofOne, spokeIn))]
}

function takenTwice({ version, asker, target, answers }: Neighbour): Problem[] {
  const [first, second] = answers
  if (first === undefined || second === undefined) return []
  const claims = `${first.hardware} (#${first.frame}) and ${second.hardware} (#${second.frame})`
  return [
    {
      name: 'address conflict',
      diagnosis: `two hosts have the address ${target}, or two adapters of one host: ${claims} both answer when ${asker} asks for it (${how[version]}), and what is sent to it reaches either`,
      frames: [first.frame, second.frame],
    },
  ]
}

function notFound(all: readonly Neighbour[], spokeIn: (address: string) => number | undefined): Problem {
  const neighbours = all.map((one) => ({
    ...one,
    foundBefore: one.foundBefore || heardBefore(one, spokeIn(one.target)),
  }))
  const frames = neighbours.map(({ firstFrame }) => firstFrame)
  return { name: nameOf(neighbours), diagnosis: noSuchHost(neighbours, named(frames)), frames }
}

/** Who has spoken was there, whether or not the capture has how it was found. */
function heardBefore({ firstFrame }: Neighbour, spoke = 0): number {
  return spoke < firstFrame ? spoke : 0
}

function nameOf([first]: readonly Neighbour[]): string {
  return first?.version === 6 ? 'neighbour unanswered' : 'ARP unanswered'
}

function noSuchHost(neighbours: readonly Neighbour[], frames: string): string {
  const [first, another] = neighbours
  if (first === undefined) return ''
  const { asker, requests, target, version, foundBefore } = first
  if (another !== undefined)
    return `no such hosts: nobody answered when ${asker} asked for the hardware addresses of ${neighbours.length} hosts (${how[version]}, ${frames})`
  if (foundBefore > 0)
    return `a host is gone: ${asker} asked ${requests} times for the hardware address of ${target} (${how[version]}, from ${frames} on) and nobody answered, though it was there before (#${foundBefore}): the host or its link is down, or the network between them`
  return `no such host: ${asker} asked ${requests} times for the hardware address of ${target} (${how[version]}, from ${frames} on) and nobody answered; a connect to it fails with EHOSTUNREACH, "No route to host"`
}
