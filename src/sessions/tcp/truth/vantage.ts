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
  /** where even the slower end answers as soon as a host does, there is hardly a way between them that tells them apart */
  quickReactions: 2,
} as const

/** Times to live that hosts begin with: a packet that still has one has crossed no router. */
const INITIAL_TTL: readonly number[] = [255, 128, 64, 32]
/** No way has more routers. */
const LONGEST_WAY = 31
/** The end whose host captures reacts so many times sooner than the other, as seen from there. */
const FAR_SOONER = 4
const SOONER = 1.5
/** At the sender nearly all that is out of the ordinary is sent again: gaps are those that the capture missed, less than one of so many. */
const MOSTLY_SENT_AGAIN = 10
/** Hosts react within this, ns: where neither end is as quick, neither is here. */
const HOST_REACTION = 200e3
/** A segment of full size takes longer than this to cross a wire of 1 Gbit/s there and a switch, and its answer to come back, ns */
const LOCAL_REACTION = 15e3
/** What takes less may be one host's time as well as the other's, or a way within one machine: only what is far sooner tells. ns */
const SHORT_WAY = 50e3
/** A host under load takes longer; no longer than this, or it is not here. ns */
const SLOWEST_HOST = 1e6

const LOOPBACK: Vote = { place: 'one host', weight: Weight.loopback, text: 'a loopback interface', frames: [] }

export function findVantage(a: Flow, b: Flow, isLoopback: boolean): Vantage {
  const votes: Vote[] = []
  const add = (vote: Vote | undefined) => {
    if (vote !== undefined) votes.push(vote)
  }
  if (isLoopback) add(LOOPBACK)
  add(byCaptureDirection(a, b))
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
function byCaptureDirection(flowA: Flow, flowB: Flow): Vote | undefined {
  const [a, b] = [flowA.marks, flowB.marks]
  if (a.outbound === 0 && a.inbound === 0 && b.outbound === 0 && b.inbound === 0) return undefined
  const frames = [a, b].filter(({ ttl }) => ttl >= 0).map(({ firstFrame }) => firstFrame)
  const vote = (place: Place, text: string): Vote => ({ place, weight: Weight.captureDirection, text, frames })
  const passedOn = [a, b].find(isPassedOn)
  if (passedOn !== undefined)
    return vote(
      'between',
      `packets go out here with a time to live of ${passedOn.ttl}, which routers have counted down`,
    )
  if (a.outbound > 0 && a.inbound > 0 && b.outbound > 0 && b.inbound > 0) {
    if (a.ttlVaries !== 0 || b.ttlVaries !== 0)
      return vote('between', 'packets of both directions come in here and go out again, a hop further')
    if ((flowA.trouble?.passedOn ?? 0) > 0 && (flowB.trouble?.passedOn ?? 0) > 0)
      return vote('between', 'packets of both directions come in here and go out again')
    return vote('one host', 'packets of both directions go out and come in here')
  }
  if (a.outbound > a.inbound || b.inbound > b.outbound) return vote(0, tellMarks(a, b))
  if (b.outbound > b.inbound || a.inbound > a.outbound) return vote(1, tellMarks(b, a))
  return undefined
}

/** They go out here, and had come a way before: whoever sends them on has not begun them. */
function isPassedOn({ outbound, inbound, ttl, ttlVaries }: Marks): boolean {
  const isWorn = INITIAL_TTL.some((initial) => ttl < initial && ttl >= initial - LONGEST_WAY)
  return outbound > inbound && ttlVaries === 0 && isWorn
}

/** `here`: of the packets of the end that is here. One of the two may be all there are. */
function tellMarks(here: Marks, there: Marks): string {
  const marks = 'the capture itself marks the packets of one end as'
  if (there.inbound <= there.outbound) return `${marks} sent from here`
  return here.outbound <= here.inbound
    ? `${marks} received here`
    : `${marks} sent from here, and those of the other as received`
}

/** RFC 1812 §5.3.1: every router takes one from the time to live. */
function byTimesToLive(a: Marks, b: Marks): Vote | undefined {
  if (a.ttl < 0 || b.ttl < 0 || a.ttlVaries !== 0 || b.ttlVaries !== 0) return undefined
  const isFreshA = INITIAL_TTL.includes(a.ttl)
  const isFreshB = INITIAL_TTL.includes(b.ttl)
  if (isFreshA && isFreshB) return undefined
  if (!isFreshA && !isFreshB) {
    const text = `times to live of ${a.ttl} and ${b.ttl}: packets of both ends have crossed routers`
    return { place: 'between', weight: Weight.timeToLive, text, frames: [a.firstFrame, b.firstFrame] }
  }
  const [fresh, worn] = isFreshA ? [a, b] : [b, a]
  const text = `a time to live of ${fresh.ttl} is one that a host begins with, ${worn.ttl} one that routers have counted down`
  const frames = [fresh.firstFrame, worn.firstFrame]
  return { place: isFreshA ? 0 : 1, weight: Weight.oneTimeToLive, text, frames }
}

/** Gaps that are filled later: segments were lost or overtaken before the capture, which is not at their sender then. */
function hasPassedNetwork({ trouble }: Flow): boolean {
  return trouble !== undefined && trouble.fills * MOSTLY_SENT_AGAIN > trouble.count
}

/** How soon the two ends react, ns, by one of the ways to tell it. */
interface Reactions {
  readonly ofA: number
  readonly ofB: number
  /** that of the end which reacts sooner is given first */
  readonly say: (sooner: string, later: string) => string
  /** what was asked, and the answer */
  readonly framesOfA: readonly number[]
  readonly framesOfB: readonly number[]
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
    holds(compare(shortest(a, b), FAR_SOONER)) ??
    (a.opening < 0 || b.opening < 0 ? undefined : holds(compare(opening(a, b), FAR_SOONER)))
  if (vote !== undefined) return vote
  const mostly = usual(a, b)
  // on a short way all times are small, and those of the hosts weigh
  const isAlike = a.shortest < b.shortest === mostly.ofA < mostly.ofB && Math.max(mostly.ofA, mostly.ofB) > SHORT_WAY
  const byUsual = holds(compare(mostly, FAR_SOONER)) ?? (isAlike ? holds(compare(mostly, SOONER)) : undefined)
  // what mostly takes long where an end can be quick is its application, not the way
  return byUsual?.place === 'between' && isQuick(a, b) ? undefined : byUsual
}

/** An end is as quick as a host that is here: in the handshake, in which no application has to do; where that is unknown, ever. */
function isQuick(a: Reaction, b: Reaction): boolean {
  const quickest = (end: Reaction) => (end.opening < 0 ? end.shortest : end.opening)
  return Math.min(quickest(a), quickest(b)) <= HOST_REACTION
}

function shortest(a: Reaction, b: Reaction): Reactions {
  return {
    ofA: a.shortest,
    ofB: b.shortest,
    say: (sooner, later) => `answers of one end take ${sooner} here, those of the other ${later}`,
    framesOfA: [a.askedFrame, a.answerFrame],
    framesOfB: [b.askedFrame, b.answerFrame],
  }
}

function opening(a: Reaction, b: Reaction): Reactions {
  return {
    ofA: a.opening,
    ofB: b.opening,
    say: (sooner, later) => `in the handshake, one end answers after ${sooner} here, the other after ${later}`,
    framesOfA: [a.openingAsked, a.openingAnswer],
    framesOfB: [b.openingAsked, b.openingAnswer],
  }
}

/** No two packets show what is usual. */
function usual(a: Reaction, b: Reaction): Reactions {
  const [ofA, ofB] = [a.typical(), b.typical()]
  if (ofA === a.shortest && ofB === b.shortest) return shortest(a, b)
  return {
    ofA,
    ofB,
    say: (sooner, later) => `most answers of one end take ${sooner} or more here, most of the other ${later} or more`,
    framesOfA: [],
    framesOfB: [],
  }
}

/**
 * One end's reactions are all that can be measured. The SYN of the other may have been answered, which was sent again:
 * then it took at least that long. A host that reacts sooner than anything crosses a wire is here.
 */
function byOneReaction(a: Reaction, b: Reaction): Vote | undefined {
  const [near, far, place]: [Reaction, Reaction, Direction] = a.samples > 0 ? [a, b, 0] : [b, a, 1]
  if (near.samples === 0) return undefined
  if (far.atLeast >= 0) {
    if (far.atLeast < near.shortest) return undefined
    const say = (sooner: string, later: string) =>
      `answers of one end take ${sooner} here, those of the other ${later} or more`
    const times = { ...shortest(a, b), say }
    return compare(place === 0 ? { ...times, ofB: far.atLeast } : { ...times, ofA: far.atLeast }, FAR_SOONER)
  }
  if (near.shortest > LOCAL_REACTION) return undefined
  const text = `answers of one end take ${formatDuration(near.shortest)} here: that is too soon for any way there and back, so it is here`
  return { place, weight: Weight.reactions, text, frames: [near.askedFrame, near.answerFrame] }
}

function compare({ ofA, ofB, say, framesOfA, framesOfB }: Reactions, ratio: number): Vote | undefined {
  const place = ofA <= ofB ? 0 : 1
  const [sooner, later] = ofA <= ofB ? [ofA, ofB] : [ofB, ofA]
  // what takes no longer than this is no round trip
  const isFarSooner = later > ratio * sooner && sooner <= SLOWEST_HOST && later > LOCAL_REACTION
  if (!isFarSooner && sooner <= HOST_REACTION) return undefined
  const frames = ofA <= ofB ? [...framesOfA, ...framesOfB] : [...framesOfB, ...framesOfA]
  const times = say(formatDuration(sooner), formatDuration(later))
  if (isFarSooner) {
    return {
      place,
      weight: later > HOST_REACTION ? Weight.reactions : Weight.quickReactions,
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
