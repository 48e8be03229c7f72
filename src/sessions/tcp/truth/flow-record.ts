/**
 * The numbers that are kept of one direction, part by part. With thousands of sessions open the time of a packet goes into waiting
 * for them: so what each packet touches lies together, in as few cache lines as can be.
 */
import { CACHE_LINE, record } from '../../record.js'
import { Marks } from './marks.js'
import { LongSegments } from './offload.js'
import { Reaction } from './reaction.js'
import { IdentificationHabit } from './send-order.js'
import { Sightings } from './sightings.js'
import { Stamps } from './stamps.js'

/** Bits of `Flow.plain`: its pure acknowledgments are, its data is; a checksum of it has fitted; and above them, their time to live. */
export const Plain = { acknowledgment: 1, data: 2, fitted: 4 } as const
export const TTL_SHIFT = 3

export const FlowRecord = record(
  [
    /** which segments of it are plain, and the time to live that they have: plain.ts */
    'plain',
    /** sequence number after the last byte seen */
    'top',
    'acknowledged',
    'lastWindow',
    /** its sender takes segments of so many bytes, as its SYN says; -1: not known */
    'mss',
    /** packets with data, SYN or FIN */
    'segments',
  ],
  [
    'lastDataTime',
    'lastAckTime',
    /** when it was last acknowledged further than before */
    'lastAdvanceTime',
  ],
)

/** What is seldom needed. */
export class Rest extends record(
  [
    /** a packet of this direction has come: scans open many sessions that nobody answers */
    'isKnown',
    /** it has carried data, SYN or FIN */
    'started',
    'knowsAcknowledged',
    /** its sender takes selective acknowledgments, as its SYN says (RFC 2018) */
    'takesSelective',
    /** the largest window of its sender while it is less than two segments, bytes; 0: it is not, or not known */
    'narrow',
    /** it has cut its data to half of the other end's largest window, while that is narrow */
    'halves',
    /** by what its windows are shifted, as its SYN says */
    'windowScale',
    /** where the first segment seen begins, and its frame; 0: it is a SYN, and nothing was sent before it */
    'first',
    'firstFrame',
  ],
  ['firstTime'],
) {}

/** Where the parts of a flow's record begin: what a plain segment needs is in the lines of `own`, `identification` and `answers`. */
const sightings = FlowRecord.words
const identification = sightings + Sightings.words
const stamps = identification + IdentificationHabit.words
const marks = stamps + Stamps.words
const rest = marks + Marks.words
const answers = Math.ceil((rest + Rest.words) / CACHE_LINE) * CACHE_LINE
const long = answers + Reaction.words
export const places = { sightings, identification, stamps, marks, rest, answers, long } as const

/** 32-bit words of a flow's record, all parts included. */
export const FLOW_WORDS = long + LongSegments.words
