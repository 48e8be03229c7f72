/** Requests that wait for their replies, and which of them a reply is to. Numbers in an array, so that none is allocated. */
import { SECOND_SIGHT } from '../place.js'

/** Requests kept waiting; when more are open, the oldest counts as unanswered. */
const MAX_WAITING = 64

/** Where so many wait that have no identifier, and nobody is known to answer, they are no requests. */
const MAX_NAMELESS = 16

/** A request without an identifier that waited longer, in ns, when another one was sent is taken to be lost. */
const PATIENCE = 1e9

/** The same request, when so much time has passed since the last, in ns, is a new one: the resolver's timeout is 5 s. */
const RETRY = 10e9

// of each: frame and time of its first transmission, the time of its last, its token (token.ts), transmissions, replies (or REFUSED)
const FRAME = 0
const TIME = 1
const LAST_TIME = 2
const TOKEN = 3
const COPIES = 4
const REPLIES = 5
const WORDS = 6

/** An ICMP error says that it did not arrive: no reply is to it, unless it is sent again. */
const REFUSED = -1

/** What `answer` returns when the reply is to no request, or to one of so many (…) that wait. */
export const TO_NOTHING = -1
export const TO_ONE_OF_SEVERAL = -2

type List = number[]

/** Takes in a request. Returns the frame of its first transmission when it is sent again, else 0. */
export function ask(list: List, frame: number, time: number, token: number): number {
  const at = find(list, token)
  if (at >= 0 && (list[at + REPLIES] ?? 0) <= 0) {
    list[at + REPLIES] = 0
    // it was not sent again, but captured twice or copied by the network
    const isCopy = time - (list[at + LAST_TIME] ?? 0) < SECOND_SIGHT
    list[at + LAST_TIME] = time
    list[at + COPIES] = (list[at + COPIES] ?? 0) + 1
    return isCopy ? 0 : (list[at + FRAME] ?? 0)
  }
  // the same once more is a new request where the one before was answered
  if (at >= 0) remove(list, at)
  list.push(frame, time, time, token, 1, 0)
  return 0
}

/** Is it a stream of datagrams that nothing tells apart, and that nobody answers? `token`: of the last one. */
export function areTooMany(list: List, token: number): boolean {
  return !isIdentifier(token) && list.length > MAX_NAMELESS * WORDS
}

/** Takes those from the list that are taken to be lost now that a request is sent. Returns how many. */
export function giveUp(list: List, time: number, token: number): number {
  let lost = 0
  for (let at = 0; at < list.length; ) {
    if (isGivenUp(list, at, time, token)) {
      if ((list[at + REPLIES] ?? 0) <= 0) lost++
      remove(list, at)
    } else at += WORDS
  }
  return lost
}

function isGivenUp(list: List, at: number, time: number, token: number): boolean {
  const waited = time - (list[at + LAST_TIME] ?? 0)
  const own = list[at + TOKEN] ?? 0
  if (own === token) return waited > RETRY
  return (at === 0 && list.length >= MAX_WAITING * WORDS) || (!isIdentifier(own) && waited > PATIENCE)
}

/** Where the request is that this reply answers, or one of the numbers above. */
export function answer(list: List, token: number): number {
  const same = find(list, token)
  if (same >= 0) return same
  if (isIdentifier(token)) return TO_NOTHING
  let found = TO_NOTHING
  for (let at = 0; at < list.length; at += WORDS) {
    if (list[at + REPLIES] !== 0) continue
    if (found >= 0) return TO_ONE_OF_SEVERAL
    found = at
  }
  return found >= 0 ? found : repeatedlyAsked(list)
}

/** A request that was sent more often than it was answered: its copies may each have a reply. */
function repeatedlyAsked(list: List): number {
  for (let at = 0; at < list.length; at += WORDS) {
    const replies = list[at + REPLIES] ?? 0
    if (replies !== REFUSED && replies < (list[at + COPIES] ?? 0)) return at
  }
  return TO_NOTHING
}

/** Notes a reply to the request at that place. True when it is the first. */
export function noteReply(list: List, at: number): boolean {
  const replies = Math.max(0, list[at + REPLIES] ?? 0) + 1
  if (replies >= (list[at + COPIES] ?? 0)) remove(list, at)
  else list[at + REPLIES] = replies
  return replies === 1
}

/** One of those that wait is answered: the oldest is taken off the list, and of the others it is no longer known which they are. */
export function answerAnyOf(list: List): void {
  let isFirst = true
  for (let at = 0; at < list.length; at += WORDS) {
    if (list[at + REPLIES] !== 0) continue
    if (isFirst) {
      isFirst = false
      remove(list, at)
      at -= WORDS
    } else list[at + TIME] = Number.NaN
  }
}

export function unanswered(list: List): number {
  let count = 0
  for (let at = 0; at < list.length; at += WORDS) if ((list[at + REPLIES] ?? 0) <= 0) count++
  return count
}

/** Those of them that a reply may still be to. */
export function awaiting(list: List): number {
  let count = 0
  for (let at = 0; at < list.length; at += WORDS) if (list[at + REPLIES] === 0) count++
  return count
}

/** An ICMP error says that the request of this token did not arrive; where it quotes too little (undefined), the only one that waits. */
export function refuse(list: List, token: number | undefined): void {
  const at = token === undefined ? answer(list, NAMELESS) : find(list, token)
  if (at >= 0 && list[at + REPLIES] === 0) list[at + REPLIES] = REFUSED
}

/** The frame, and the time, of a request's first transmission. */
export function frameOf(list: List, at: number): number {
  return list[at + FRAME] ?? 0
}

/** NaN: it may have been answered, and another not. */
export function timeOf(list: List, at: number): number {
  return list[at + TIME] ?? 0
}

/** No content has it (token.ts): of what is asked so, only that it waits is known. */
const NAMELESS = Number.NEGATIVE_INFINITY

function isIdentifier(token: number): boolean {
  return token >= 0
}

function find(list: List, token: number): number {
  for (let at = list.length - WORDS; at >= 0; at -= WORDS) if (list[at + TOKEN] === token) return at
  return -1
}

/** By hand, since copyWithin takes an array like this for an object with numbered keys. */
function remove(list: List, at: number): void {
  const end = list.length - WORDS
  for (let to = at; to < end; to++) list[to] = list[to + WORDS] ?? 0
  list.length = end
}
