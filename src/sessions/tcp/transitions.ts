/**
 * How segments move the two endpoints through RFC 9293's states, as far as the wire can tell. A segment moves its sender
 * when it is sent and its receiver when it is received; one that was lost, or whose checksum is bad, moves only its sender.
 *
 * The wire knows less than the kernels: unless it is known that a SYN will be answered, a listener is taken to stay in
 * LISTEN until it does, since it may as well refuse or drop it; and what an endpoint acknowledges, it has received, whether the capture saw it arrive or not.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../bytes/sequence.js'
import { ACK, FIN, RST, SYN, type TcpHeader } from '../../packet.js'
import { deliverUpTo, type Holes } from './delivery.js'
import type { TcpEndpoint } from './endpoint.js'
import { State } from './states.js'

/**
 * Moves `sender` as its own segment shows, then, if `received`, `receiver`. `answered`: it is known that a SYN/ACK will
 * come. Times are ns since the session's first packet.
 */
export function transition(
  sender: TcpEndpoint,
  receiver: TcpEndpoint,
  tcp: TcpHeader,
  received: boolean,
  answered: boolean,
  holes: Holes,
  frame: number,
  time: number,
): void {
  if ((tcp.flags & RST) !== 0) {
    if (isOfOlder(sender, tcp)) {
      if (received) receiver.state = State.LISTEN
      return
    }
    sendReset(sender, frame, time)
    if (received) receiveReset(sender, receiver, tcp)
    return
  }
  if ((tcp.flags & SYN) !== 0) sendSyn(sender, tcp)
  else resume(sender, receiver, tcp)
  if ((tcp.flags & ACK) !== 0 && !answersOlder(receiver, tcp))
    sendAcknowledgment(sender, receiver, tcp, holes, frame, time)
  if ((tcp.flags & (SYN | FIN)) === 0 && isConnected(sender) && isConnected(receiver)) return
  if ((tcp.flags & FIN) !== 0) sendFin(sender, receiver, tcp, frame, time)

  if (!received) return
  if ((tcp.flags & SYN) !== 0) receiveSyn(sender, receiver, tcp, answered)
  if ((tcp.flags & ACK) !== 0) receiveAcknowledgment(sender, receiver, tcp, frame, time)
  deliverFin(sender, receiver, frame, time)
}

/**
 * The sender of a SYN was told something of an older connection of the same two ports, and resets that (RFC 9293 §3.5.1, figure 9):
 * it goes on trying. Its reset takes its number from what it was told.
 */
function isOfOlder(sender: TcpEndpoint, tcp: TcpHeader): boolean {
  if (sender.state !== State.SYN_SENT || (tcp.flags & ACK) !== 0) return false
  return !isOfOpening(tcp.sequence, sender)
}

/** Something that the sender of a SYN is told, and that does not acknowledge the SYN: it is about an older connection. */
function answersOlder(receiver: TcpEndpoint, tcp: TcpHeader): boolean {
  return receiver.state === State.SYN_SENT && !isOfOpening(tcp.acknowledgment, receiver)
}

/** As much may be sent with the SYN (RFC 7413), or may not have been captured. */
const OPENING_DATA = 65_536

/** Whether the number can be one that `opener` has come to while its SYN is not answered. */
function isOfOpening(number: number, opener: TcpEndpoint): boolean {
  const ahead = sequenceDifference(number, opener.isn)
  return opener.synFrame === 0 || (ahead >= 0 && ahead <= OPENING_DATA)
}

function isConnected(endpoint: TcpEndpoint): boolean {
  return endpoint.state === State.ESTABLISHED
}

function sendSyn(sender: TcpEndpoint, tcp: TcpHeader): void {
  const opening = sender.state === State.CLOSED || sender.state === State.LISTEN || sender.state === State.SYN_SENT
  if (!opening || sender.rstFrame !== 0) return
  sender.state = (tcp.flags & ACK) !== 0 ? State.SYN_RCVD : State.SYN_SENT
}

/** A segment that is no SYN shows that its sender is connected, though the capture may have missed how it came to be. */
function resume(sender: TcpEndpoint, receiver: TcpEndpoint, tcp: TcpHeader): void {
  if (sender.rstFrame !== 0 || receiver.rstFrame !== 0 || sender.finFrame !== 0) return
  const missedOpening =
    sender.state === State.CLOSED || sender.state === State.LISTEN || sender.state === State.SYN_SENT
  const mustHaveBeenAccepted = sender.state === State.SYN_RCVD && tcp.length > 0
  if (missedOpening || mustHaveBeenAccepted) sender.state = State.ESTABLISHED
}

/** What a segment acknowledges, its sender has received. */
function sendAcknowledgment(
  sender: TcpEndpoint,
  receiver: TcpEndpoint,
  tcp: TcpHeader,
  holes: Holes,
  frame: number,
  time: number,
): void {
  deliverUpTo(receiver, holes, tcp.acknowledgment)
  deliverFin(receiver, sender, frame, time)
}

function sendFin(sender: TcpEndpoint, receiver: TcpEndpoint, tcp: TcpHeader, frame: number, time: number): void {
  if (sender.finFrame === 0) {
    sender.finFrame = frame
    sender.finTime = time
    sender.finSequence = (tcp.sequence + tcp.length) | 0
  }
  if (sender.state === State.ESTABLISHED || sender.state === State.SYN_RCVD) sender.state = State.FIN_WAIT_1
  else if (sender.state === State.CLOSE_WAIT) {
    // a FIN that does not acknowledge the other end's was sent before that one came: both closed at once
    const crosses = !acknowledgesFin(tcp, receiver)
    sender.state = crosses ? State.CLOSING : State.LAST_ACK
    if (crosses) sender.finCrosses = 1
  }
}

function sendReset(sender: TcpEndpoint, frame: number, time: number): void {
  if (sender.rstFrame === 0) {
    sender.rstFrame = frame
    sender.rstTime = time
  }
  sender.state = State.CLOSED
}

function receiveReset(sender: TcpEndpoint, receiver: TcpEndpoint, tcp: TcpHeader): void {
  switch (receiver.state) {
    case State.LISTEN:
      return
    case State.SYN_SENT:
      // RFC 9293 §3.10.7.3: only a reset that acknowledges the SYN is believed
      if ((tcp.flags & ACK) !== 0 && tcp.acknowledgment === ((receiver.isn + 1) | 0)) receiver.state = State.CLOSED
      return
    case State.SYN_RCVD:
      receiver.state = sender.synTransmissions > 0 ? State.LISTEN : State.CLOSED
      return
    default:
      if (inWindow(sender, tcp)) receiver.state = State.CLOSED
  }
}

/** RFC 9293 §3.5.3: a reset outside of the receive window is ignored. Without the window, half the sequence space is it. */
function inWindow(sender: TcpEndpoint, tcp: TcpHeader): boolean {
  return sender.traffic.hasDelivered === 0 || sequenceDifference(tcp.sequence, sender.traffic.deliveredNext) >= -1
}

function receiveSyn(sender: TcpEndpoint, receiver: TcpEndpoint, tcp: TcpHeader, answered: boolean): void {
  if ((tcp.flags & ACK) === 0) {
    // both opened at once (RFC 9293 §3.5, figure 7)
    if (receiver.state === State.SYN_SENT) receiver.state = State.SYN_RCVD
    else if (receiver.state === State.LISTEN && answered) receiver.state = State.SYN_RCVD
    return
  }
  const opening = receiver.state === State.SYN_SENT || receiver.state === State.SYN_RCVD
  const answersSyn = receiver.synFrame === 0 || tcp.acknowledgment === ((receiver.isn + 1) | 0)
  if (opening && answersSyn && sender.rstFrame === 0) receiver.state = State.ESTABLISHED
}

function receiveAcknowledgment(
  sender: TcpEndpoint,
  receiver: TcpEndpoint,
  tcp: TcpHeader,
  frame: number,
  time: number,
): void {
  if (receiver.state === State.SYN_RCVD && (tcp.flags & SYN) === 0) {
    if (receiver.synFrame === 0 || sequenceAfter(tcp.acknowledgment, receiver.isn)) receiver.state = State.ESTABLISHED
  }
  if (!acknowledgesFin(tcp, receiver)) return
  if (receiver.finAckFrame === 0) {
    receiver.finAckFrame = frame
    receiver.finAckTime = time
  }
  if (receiver.state === State.FIN_WAIT_1) receiver.state = State.FIN_WAIT_2
  else if (receiver.state === State.CLOSING) enterTimeWait(receiver, frame, time)
  else if (receiver.state === State.LAST_ACK && sender.finDelivered !== 0) receiver.state = State.CLOSED
}

function acknowledgesFin(tcp: TcpHeader, closer: TcpEndpoint): boolean {
  return closer.finFrame !== 0 && sequenceAfter(tcp.acknowledgment, closer.finSequence)
}

/** The FIN of `sender` takes effect at `receiver` once all before it has arrived. */
function deliverFin(sender: TcpEndpoint, receiver: TcpEndpoint, frame: number, time: number): void {
  if (sender.finFrame === 0 || sender.finDelivered !== 0) return
  if (sequenceBefore(sender.traffic.deliveredNext, sender.finSequence)) return
  sender.finDelivered = 1
  if (receiver.state === State.ESTABLISHED || receiver.state === State.SYN_RCVD) receiver.state = State.CLOSE_WAIT
  else if (receiver.state === State.FIN_WAIT_1) receiver.state = State.CLOSING
  else if (receiver.state === State.FIN_WAIT_2) enterTimeWait(receiver, frame, time)
}

function enterTimeWait(endpoint: TcpEndpoint, frame: number, time: number): void {
  endpoint.state = State.TIME_WAIT
  if (endpoint.timeWaitFrame !== 0) return
  endpoint.timeWaitFrame = frame
  endpoint.timeWaitTime = time
}
