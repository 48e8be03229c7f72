/**
 * Where a capture was taken, from what is in it. Each kind of evidence speaks for a place with a weight: the capture's
 * own word above all, then how soon the ends react, then what the packets have on them. File names and addresses say
 * nothing.
 */
import { formatDuration } from '../../../bytes/units.js'
import type { Flow } from './flow.js'
import type { Marks } from './marks.js'
import type { Reaction } from './reaction.js'
import type { Direction, Evidence, Vantage } from './result.js'

type Place = Direction | 'between' | 'one host'

interface Vote {
  readonly place: Place
  readonly weight: number
  readonly text: string
  readonly frames: readonly number[]
}

const Weight = {
  loopback: 16,
  captureDirection: 8,
  timeToLive: 5,
  reactions: 4,
  oneTimeToLive: 3,
  checksums: 3,
} as const

/** Times to live that hosts begin with: a packet that still has one has crossed no router. */
const INITIAL_TTL: readonly number[] = [255, 128, 64, 32]
/** The end whose host captures reacts so many times sooner than the other, as seen from there. */
const FAR_SOONER = 4
const SOONER = 1.5
/** At the sender nearly all that is out of the ordinary is sent again: gaps are those that the capture missed, less than one of so many. */
const MOSTLY_SENT_AGAIN = 10
/** Hosts react within this, ns: where neither end is as quick, neither is here. */
const HOST_REACTION = 200e3
/** A segment of full size takes longer than this to cross a wire of 1 Gbit/s there and a switch, and its answer to come back, ns */
const LOCAL_REACTION = 15e3
/** A host under load takes longer; no longer than this, or it is not here. ns */
const SLOWEST_HOST = 1e6

const LOOPBACK: Vote = { place: 'one host', weight: Weight.loopback, text: 'a loopback interface', frames: [] }

export function findVantage(a: Flow, b: Flow, isLoopback: boolean): Vantage {
  const votes: Vote[] = []
  const add = (vote: Vote | undefined) => {
    if (vote !== undefined) votes.push(vote)
  }
  if (isLoopback) add(LOOPBACK)
  add(byCaptureDirection(a.marks, b.marks))
  add(byTimesToLive(a.marks, b.marks))
  add(byReactions(b.answers, a.answers, hasPassedNetwork(a), hasPassedNetwork(b)))
  add(byChecksums(a.marks, b.marks))
  const place = mostVoted(votes)
  if (place === undefined) return { place: 'unknown', evidence: [] }
  const evidence: Evidence[] = []
  for (const vote of votes) if (vote.place === place) evidence.push({ text: vote.text, frames: vote.frames })
  return place === 0 || place === 1 ? { place: 'end', end: place, evidence } : { place, evidence }
}

function mostVoted(votes: readonly Vote[]): Place | undefined {
  let best: Place | undefined
  let most = 0
  for (const { place } of votes) {
    const sum = votes.reduce((total, vote) => (vote.place === place ? total + vote.weight : total), 0)
    if (sum > most) {
      most = sum
      best = place
    }
  }
  return best
}

/** The cooked header's packet type, or pcapng's flags: outbound packets are sent by the capturing host. */
function byCaptureDirection(a: Marks, b: Marks): Vote | undefined {
  if (a.outbound === 0 && a.inbound === 0 && b.outbound === 0 && b.inbound === 0) return undefined
  const frames = [a, b].filter(({ ttl }) => ttl >= 0).map(({ firstFrame }) => firstFrame)
  const vote = (place: Place, text: string): Vote => ({ place, weight: Weight.captureDirection, text, frames })
  if (a.outbound > 0 && a.inbound > 0 && b.outbound > 0 && b.inbound > 0) {
    if (a.ttlVaries !== 0 || b.ttlVaries !== 0)
      return vote('between', 'packets of both directions come in here and go out again, a hop further')
    return vote('one host', 'packets of both directions go out and come in here')
  }
  if (a.outbound > a.inbound || b.inbound > b.outbound) return vote(0, SENT_HERE)
  if (b.outbound > b.inbound || a.inbound > a.outbound) return vote(1, SENT_HERE)
  return undefined
}

const SENT_HERE =
  'the capture itself marks the packets of one end as sent from here, and those of the other as received'

/** RFC 1812 §5.3.1: every router takes one from the time to live. */
function byTimesToLive(a: Marks, b: Marks): Vote | undefined {
  if (a.ttl < 0 || b.ttl < 0 || a.ttlVaries !== 0 || b.ttlVaries !== 0) return undefined
  const isFreshA = INITIAL_TTL.includes(a.ttl)
  const isFreshB = INITIAL_TTL.includes(b.ttl)
  if (isFreshA && isFreshB) return undefined
  const frames = [a.firstFrame, b.firstFrame]
  if (!isFreshA && !isFreshB) {
    const text = `times to live of ${a.ttl} and ${b.ttl}: packets of both ends have crossed routers`
    return { place: 'between', weight: Weight.timeToLive, text, frames }
  }
  const [fresh, worn] = isFreshA ? [a.ttl, b.ttl] : [b.ttl, a.ttl]
  const text = `a time to live of ${fresh} is one that a host begins with, ${worn} one that routers have counted down`
  return { place: isFreshA ? 0 : 1, weight: Weight.oneTimeToLive, text, frames }
}

/** Gaps that are filled later: segments were lost or overtaken before the capture, which is not at their sender then. */
function hasPassedNetwork({ trouble }: Flow): boolean {
  return trouble !== undefined && trouble.fills * MOSTLY_SENT_AGAIN > trouble.count
}

/**
 * Which half of the round trip lies on which side of the capture: the two gaps of the handshake, data and its
 * acknowledgment, a timestamp and its echo. The shortest decide; where these are alike, because the network lets some
 * packets pass all others, the handshake's do, then the usual ones.
 */
function byReactions(a: Reaction, b: Reaction, isFarOfA: boolean, isFarOfB: boolean): Vote | undefined {
  if (a.samples === 0 || b.samples === 0) return byOneReaction(a, b)
  const holds = (vote: Vote | undefined) =>
    vote === undefined || (vote.place === 0 && isFarOfA) || (vote.place === 1 && isFarOfB) ? undefined : vote
  const vote =
    holds(compare(a, b, a.shortest, b.shortest, FAR_SOONER)) ??
    (a.opening < 0 || b.opening < 0 ? undefined : holds(compare(a, b, a.opening, b.opening, FAR_SOONER)))
  if (vote !== undefined) return vote
  const usualOfA = a.typical()
  const usualOfB = b.typical()
  // on a short way all times are small, and those of the hosts weigh
  const isAlike = a.shortest < b.shortest === usualOfA < usualOfB
  return (
    holds(compare(a, b, usualOfA, usualOfB, FAR_SOONER)) ??
    (isAlike ? holds(compare(a, b, usualOfA, usualOfB, SOONER)) : undefined)
  )
}

/**
 * One end's reactions are all that can be measured. The SYN of the other may have been answered, which was sent again:
 * then it took at least that long. A host that reacts sooner than anything crosses a wire is here.
 */
function byOneReaction(a: Reaction, b: Reaction): Vote | undefined {
  const [near, far, place]: [Reaction, Reaction, Direction] = a.samples > 0 ? [a, b, 0] : [b, a, 1]
  if (near.samples === 0) return undefined
  if (far.atLeast >= 0) {
    const [ofA, ofB] = place === 0 ? [a.shortest, b.atLeast] : [a.atLeast, b.shortest]
    return far.atLeast >= near.shortest ? compare(a, b, ofA, ofB, FAR_SOONER) : undefined
  }
  if (near.shortest > LOCAL_REACTION) return undefined
  const text = `answers of one end take ${formatDuration(near.shortest)} here: that is too soon for any way there and back, so it is here`
  return { place, weight: Weight.reactions, text, frames: [near.askedFrame, near.answerFrame] }
}

function compare(a: Reaction, b: Reaction, ofA: number, ofB: number, ratio: number): Vote | undefined {
  const place = ofA <= ofB ? 0 : 1
  const [near, far] = ofA <= ofB ? [a, b] : [b, a]
  const [sooner, later] = ofA <= ofB ? [ofA, ofB] : [ofB, ofA]
  const isFarSooner = later > ratio * sooner && sooner <= SLOWEST_HOST
  if (!isFarSooner && sooner <= HOST_REACTION) return undefined
  const frames = [near.askedFrame, near.answerFrame, far.askedFrame, far.answerFrame]
  const times = `answers of one end take ${formatDuration(sooner)} here, those of the other ${formatDuration(later)}`
  if (isFarSooner) {
    return {
      place,
      weight: Weight.reactions,
      text: `${times}: that is the round trip, and the one end is here`,
      frames,
    }
  }
  return { place: 'between', weight: Weight.reactions, text: `${times}: neither end is here`, frames }
}

/** A checksum that the network card is still to fill in is one of a packet that has not left its host yet. */
function byChecksums(a: Marks, b: Marks): Vote | undefined {
  if (a.unfilled > 0 === b.unfilled > 0) return undefined
  const text = 'its checksums were not filled in yet: the packets had not left their host'
  const [place, marks] = a.unfilled > 0 ? [0 as const, a] : [1 as const, b]
  return { place, weight: Weight.checksums, text, frames: [marks.unfilledFrame] }
}
