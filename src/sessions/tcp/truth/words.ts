/** The evidence for a judged segment, in words. The frames that it speaks of go with it. */
import { formatDuration, formatSize } from '../../../bytes/units.js'
import type { JudgedSegment } from './judged.js'
import type { Evidence } from './result.js'

export function tell(segment: JudgedSegment): Evidence[] {
  const evidence: Evidence[] = [{ text: tellVerdict(segment), frames: segment.other === 0 ? [] : [segment.other] }]
  const cause = tellCause(segment)
  if (cause !== undefined) evidence.push({ text: cause, frames: segment.causeFrames })
  const need = tellNeed(segment)
  if (need !== undefined) evidence.push({ text: need, frames: segment.needFrame === 0 ? [] : [segment.needFrame] })
  return evidence
}

function tellVerdict(segment: JudgedSegment): string {
  const delay = formatDuration(Math.round(segment.delay))
  const limit = formatDuration(Math.round(segment.limit))
  const isDuplicate = segment.verdict === 'duplicate'
  switch (segment.ground) {
    case 'captured at the sender':
      return 'its bytes had been sent before; at the sender nothing overtakes them, so they are sent again'
    case 'same identification':
      return 'the same IP identification as the segment before with these bytes: the network has copied the packet'
    case 'same timestamps':
      return 'the same header and timestamps as the segment before with these bytes, and the clock of its sender ticks more often than it could send again: the network has copied the packet'
    case 'later identification':
      return 'a higher IP identification than a segment with later or the same bytes: it was sent after that'
    case 'no numbers left':
      return 'its IP identification is lower than that of a segment with later bytes, but too close to it for the packets in between: some of these had been sent before'
    case 'earlier identification':
      return 'a lower IP identification than what came before it: it was sent first, and overtaken'
    case 'newer timestamps':
      return 'newer timestamps than a segment with later or the same bytes: it was sent after that (RFC 7323)'
    case 'older timestamps':
      return 'older timestamps than what came before it: it was sent first, and overtaken (RFC 7323)'
    case 'same tick':
      return 'the timestamp of what overtook it: had it been sent again, the clock of its sender would have gone on'
    case 'newer acknowledgment':
      return 'it acknowledges more than a segment with later or the same bytes: it was sent after that'
    case 'older acknowledgment':
      return 'it acknowledges less than what came before it: it was sent first, and overtaken'
    case 'acknowledged long before':
      return 'its bytes had been acknowledged round trips ago: no network keeps a packet that long'
    case 'packets missing before it':
      return 'the IP identifications just before its own were never seen, and all else had been acknowledged: what was lost there was sent again after a pause'
    case 'too soon for an answer':
      return isDuplicate
        ? `${delay} after its bytes came first nobody could have asked for them again, which takes ${limit} or more`
        : `it comes ${delay} after its sender could first be told that it was missing, and the answer takes ${limit} or more: it was on its way already`
    case 'order is kept':
      return `it comes ${delay} after its sender could first find it missing. When gaps are filled here, what was sent behind the segments that show them has mostly come: nothing overtakes, so it was lost and sent again`
    case 'overtaken by one':
      return `it comes ${delay} after its sender could first be told that it was missing, which is late; but the segment that showed the gap came alone, before what was sent behind it, so that one had overtaken`
    case 'sent again later':
      return `it comes ${delay} after its sender could first be told that it was missing, about as late as an answer; but its bytes come again later, so this is the original`
    case 'right behind':
      return `it looks the same as the segment before with these bytes, ${delay} behind it: a copy`
    case 'answers the other SYN':
      return 'both ends opened at once: the SYN again, which now acknowledges the other one (RFC 9293 §3.5)'
    case 'late enough for an answer':
      return `it comes ${delay} after its sender could first find it missing, and sending again takes ${limit} or more`
  }
}

function tellCause(segment: JudgedSegment): string | undefined {
  const silence = formatDuration(Math.round(segment.silence))
  switch (segment.cause) {
    case undefined:
      return undefined
    case 'timeout':
      return segment.silence === 0
        ? 'its sender goes on from its timeout'
        : `its sender had heard nothing for ${silence}: its timer ran out, or it goes on from there (RFC 6298)`
    case 'fast retransmit':
      if (segment.causeFrames.length === 0) return 'sent at once on an acknowledgment (RFC 6675, RFC 8985)'
      return segment.selectiveBytes === 0
        ? 'an acknowledgment told its sender that these bytes were missing, and something sent later had come (RFC 5681, RFC 6675, RFC 8985)'
        : `${segment.causeFrames.length === 1 ? 'a SACK' : 'SACKs'} told its sender that ${formatSize(segment.selectiveBytes)} behind these bytes had come, and these had not (RFC 2018, RFC 6675, RFC 8985)`
    case 'path MTU':
      return 'a router had said that a packet did not fit the next network on its way: sent again in smaller ones (RFC 1191, RFC 8201)'
    case 'fast open':
      return 'its bytes had gone with a SYN, of which only the SYN itself was acknowledged: the server has not taken them (RFC 7413)'
    case 'tail loss probe':
      return `the last segment once more, after ${silence} without an answer (RFC 8985)`
    case 'zero window':
      return 'the receiver had shut its window (RFC 9293)'
    case 'keep-alive':
      return 'one byte from before all that was acknowledged, to see whether the other end is there (RFC 9293)'
    case 'SYN again':
    case 'FIN again':
      return segment.silence === 0 ? 'no answer had come' : `no answer had come for ${silence}`
  }
}

function tellNeed(segment: JudgedSegment): string | undefined {
  switch (segment.needGround) {
    case undefined:
      return undefined
    case 'reported twice':
      return 'not needed: the receiver reports that the bytes came twice (RFC 2883)'
    case 'had arrived':
      return 'not needed: the bytes had arrived'
    case 'leapt over':
      return 'not needed: once what was missing before it had come, it was acknowledged too: it had arrived'
    case 'came later':
      return 'not needed: the original was late, and came after it'
    case 'acknowledged too soon':
      return 'not needed: the acknowledgment came sooner than one of this segment could, so the original had arrived'
    case 'due before':
      return 'not needed: the acknowledgment came when one of the segment before was due, and sooner than one of this mostly comes; reports that bytes came twice may be lost'
    case 'mostly twice':
      return 'not needed: nearly all that was sent again here came twice, and the acknowledgment does not say otherwise'
    case 'echo of the original':
      return 'not needed: the acknowledgment echoes an older timestamp, so the original had arrived (RFC 3522)'
    case 'echoed':
      return 'needed: the acknowledgment echoes a timestamp as new as its own, so the original had not arrived (RFC 3522)'
    case 'too old before it':
      return 'needed: its receiver had echoed a newer timestamp than that of the earlier transmission, and still lacked these bytes, so that it would have dropped that one (PAWS, RFC 7323)'
    case 'too big':
      return 'needed: a router says that it has dropped the packet before with these bytes'
    case 'first to arrive':
      return 'needed: the bytes had not come before'
    case 'not taken':
      return 'needed: the SYN before it had arrived, and its receiver had dropped it, since it did not answer (a full backlog, or a filter)'
    case 'dropped':
      return 'needed: the segment before it had come, and its receiver dropped it, since its acknowledgments went on without it (too old a timestamp: PAWS, RFC 7323; or no room)'
    case 'passed others':
      return 'needed: the acknowledgment came sooner than others did, but nothing says that the bytes came twice: on one way or the other, a packet has passed others'
    case 'acknowledged in turn':
      return 'needed: nothing shows that the bytes had arrived before, and the acknowledgment came a round trip after it'
    case 'never acknowledged':
      return 'whether it was needed cannot be told: its bytes were never acknowledged'
    case 'too soon for it':
      return 'whether it was needed cannot be told: the acknowledgment came sooner than any other did, but no report says that the bytes came twice'
    case 'may be either':
      return 'whether it was needed cannot be told: the acknowledgment came when one of the segment before could have come, too, and not each report that bytes came twice gets here'
    case 'not heard out':
      return 'whether it was needed cannot be told: its receiver reports what comes twice, and was not heard for long enough to do so'
    case 'one of several':
      return 'whether it was needed cannot be told: the bytes were sent once more before anything was acknowledged, and one of them was too many'
  }
}
