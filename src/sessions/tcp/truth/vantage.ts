/**
 * Where a capture was taken, from what is in it. Each kind of evidence speaks for a place with a weight: the capture's
 * own word above all, then how soon the ends react, then what the packets have on them. File names and addresses say nothing.
 */
import type { Flow } from './flow.js'
import type { Reaction } from './reaction.js'
import type { Direction, Evidence, Vantage } from './result.js'

/** Times to live that hosts begin with: a packet that still has one has crossed no router. */
const INITIAL_TTL = [255, 128, 64, 32]
/** One end reacts this many times sooner than the other when the capture is at its host. */
const FAR_SOONER = 4
/** Both ends react within this on one host, ns; no two hosts on a wire do. */
const ONE_HOST = 50e3
/** A host takes less than this to react, ns: when neither end does, neither is here. */
const HOST_REACTION = 200e3

type Place = Direction | 'between' | 'one host'

interface Vote {
  readonly place: Place
  readonly weight: number
  readonly evidence: Evidence
}

export function findVantage(
  flows: readonly [Flow, Flow],
  reactions: readonly [Reaction, Reaction],
  isLoopback: boolean,
): Vantage {
  const votes: Vote[] = []
  if (isLoopback) votes.push({ place: 'one host', weight: 16, evidence: { text: 'the link is a loopback', frames: [] } })
  const rules = [byCaptureDirection(flows), byReactions(reactions), byTimeToLive(flows), byChecksums(flows)]
  for (const vote of rules) if (vote !== undefined) votes.push(vote)
  const evidence = votes.sort((a, b) => b.weight - a.weight)
  let best: Place | undefined
  let most = 0
  for (const place of [0, 1, 'between', 'one host'] as const) {
    const sum = votes.reduce((total, vote) => (vote.place === place ? total + vote.weight : total), 0)
    if (sum > most) {
      most = sum
      best = place
    }
  }
  const texts = evidence.filter((vote) => vote.place === best).map((vote) => vote.evidence)
  if (best === undefined) return { place: 'unknown', evidence: [] }
  if (best === 0 || best === 1) return { place: 'end', end: best, evidence: texts }
  return { place: best, evidence: texts }
}

/** The cooked header's packet type, or pcapng's flags: outbound packets are sent by the capturing host. */
function byCaptureDirection([a, b]: readonly [Flow, Flow]): Vote | undefined {
  const weight = 8
  const [ma, mb] = [a.marks, b.marks]
  const frames = [ma.directionFrame, mb.directionFrame].filter((frame) => frame !== 0)
  const leaves = (marks: typeof ma) => marks.outbound > 4 * marks.inbound
  const arrives = (marks: typeof ma) => marks.inbound > 4 * marks.outbound
  if (leaves(ma) && !leaves(mb)) return { place: 0, weight, evidence: { text: 'the capture marks these packets as sent from here', frames } }
  if (leaves(mb) && !leaves(ma)) return { place: 1, weight, evidence: { text: 'the capture marks these packets as sent from here', frames } }
  if (arrives(ma) && !arrives(mb)) return { place: 1, weight, evidence: { text: 'the capture marks these packets as arriving here', frames } }
  if (arrives(mb) && !arrives(ma)) return { place: 0, weight, evidence: { text: 'the capture marks these packets as arriving here', frames } }
  if (ma.outbound > 0 && ma.inbound > 0 && mb.outbound > 0 && mb.inbound > 0) {
    const isForwarded = ma.ttlVaries || mb.ttlVaries
    return { place: isForwarded ? 'between' : 'one host', weight, evidence: { text: 'packets of both directions arrive here and leave again', frames } }
  }
  return undefined
}

/** Which half of the round trip lies on which side of the capture: the handshake's two gaps, data and its acknowledgment, timestamps and their echo. */
function byReactions([a, b]: readonly [Reaction, Reaction]): Vote | undefined {
  const weight = 4
  if (a.samples === 0 || b.samples === 0) return undefined
  return byDurations(a, b, a.shortest, b.shortest, 4) ?? byDurations(a, b, a.typical(), b.typical(), 4) ?? undefined
}

function byDurations(a: Reaction, b: Reaction, da: number, db: number, weight: number): Vote | undefined {
  const place = da <= db ? 0 : 1
  const [near, far, dn, df] = place === 0 ? [a, b, da, db] : [b, a, db, da]
  const frames = [near.askedFrame, near.answerFrame, far.askedFrame, far.answerFrame]
  const text = `one end answers within ${dn} ns, the other not before ${df} ns`
  if (df > FAR_SOONER * dn) return { place, weight, evidence: { text, frames } }
  if (dn > HOST_REACTION) return { place: 'between', weight, evidence: { text, frames } }
  return undefined
}

/** RFC 1812 §5.3.1: every router takes one from the time to live. */
function byTimeToLive([a, b]: readonly [Flow, Flow]): Vote | undefined {
  const [ta, tb] = [a.marks.ttl, b.marks.ttl]
  if (ta < 0 || tb < 0 || a.marks.ttlVaries || b.marks.ttlVaries) return undefined
  const fresh = [INITIAL_TTL.includes(ta), INITIAL_TTL.includes(tb)]
  const frames = [a.marks.ttlFrame, b.marks.ttlFrame]
  const text = `times to live of ${ta} and ${tb}`
  if (fresh[0] && !fresh[1]) return { place: 0, weight: 3, evidence: { text, frames } }
  if (fresh[1] && !fresh[0]) return { place: 1, weight: 3, evidence: { text, frames } }
  if (!fresh[0] && !fresh[1]) return { place: 'between', weight: 5, evidence: { text, frames } }
  return undefined
}

/** A checksum that the network card is still to fill in is one of a packet that has not left its host yet. */
function byChecksums([a, b]: readonly [Flow, Flow]): Vote | undefined {
  const weight = 3
  if (a.marks.unfilled > 0 && b.marks.unfilled === 0) return { place: 0, weight, evidence: { text: 'checksums not filled in yet', frames: [a.marks.unfilledFrame] } }
  if (b.marks.unfilled > 0 && a.marks.unfilled === 0) return { place: 1, weight, evidence: { text: 'checksums not filled in yet', frames: [b.marks.unfilledFrame] } }
  return undefined
}
