import { describe, expect, it } from 'vitest'
import { Pipeline } from '../../../src/pipeline.js'
import { phaseName } from '../../../src/sessions/phases.js'
import { stateName } from '../../../src/sessions/tcp/states.js'
import { batchOf, Conversation } from '../../support/conversation.js'

/** `CLIENT SERVER phase` after each packet. */
function states(conversation: Conversation): string[] {
  const lines: string[] = []
  const pipeline = new Pipeline({
    visit: (_packet, facts) => {
      const session = facts.session
      if (session?.protocol !== 'tcp') return
      lines.push(`${stateName(session.client.state)} ${stateName(session.server.state)} ${phaseName(facts.phase)}`)
    },
  })
  pipeline.feed(batchOf(conversation.frames))
  pipeline.finish()
  return lines
}

const OPENED = ['SYN_SENT LISTEN handshake', 'SYN_SENT SYN_RCVD handshake', 'ESTABLISHED ESTABLISHED handshake']
// the SYN/ACK has arrived by the time its line is drawn
OPENED[1] = 'ESTABLISHED SYN_RCVD handshake'

describe('the states of both endpoints (RFC 9293 §3.3.2)', () => {
  it('the client closes first and waits', () => {
    const talk = new Conversation().handshake().client('PA', { text: 'hello' }).server('A')
    talk.client('FA').server('A').server('FA').client('A')
    expect(states(talk)).toEqual([
      ...OPENED,
      'ESTABLISHED ESTABLISHED data',
      'ESTABLISHED ESTABLISHED data',
      'FIN_WAIT_1 CLOSE_WAIT teardown',
      'FIN_WAIT_2 CLOSE_WAIT teardown',
      'TIME_WAIT LAST_ACK teardown',
      'TIME_WAIT CLOSED teardown',
    ])
  })

  it('the server closes first, and the FIN that answers acknowledges its own', () => {
    const talk = new Conversation().handshake().server('FA').client('FA').server('A')
    expect(states(talk)).toEqual([
      ...OPENED,
      'CLOSE_WAIT FIN_WAIT_1 teardown',
      'LAST_ACK TIME_WAIT teardown',
      'CLOSED TIME_WAIT teardown',
    ])
  })

  it('a client that has restarted resets what the server still knew, and asks again (RFC 9293 §3.5.1, figure 9)', () => {
    const talk = new Conversation()
      .client('S')
      .server('A', { seq: 900_000, ack: 700_000 })
      .client('R', { seq: 700_000 })
    talk.client('S', { seq: 1000 }).server('SA', { seq: 5000, ack: 1001 }).client('A', { seq: 1001, ack: 5001 })
    expect(states(talk)).toEqual([
      'SYN_SENT LISTEN handshake',
      'SYN_SENT ESTABLISHED handshake',
      'SYN_SENT LISTEN handshake',
      'SYN_SENT LISTEN handshake',
      'ESTABLISHED SYN_RCVD handshake',
      'ESTABLISHED ESTABLISHED handshake',
    ])
  })

  it('half-close: data goes on one way', () => {
    const talk = new Conversation().handshake().client('FA').server('A').server('PA', { text: 'more' }).client('A')
    talk.server('FA').client('A')
    expect(states(talk).slice(3)).toEqual([
      'FIN_WAIT_1 CLOSE_WAIT teardown',
      'FIN_WAIT_2 CLOSE_WAIT teardown',
      'FIN_WAIT_2 CLOSE_WAIT data',
      'FIN_WAIT_2 CLOSE_WAIT data',
      'TIME_WAIT LAST_ACK teardown',
      'TIME_WAIT CLOSED teardown',
    ])
  })

  it('both close at once: CLOSING, then both wait', () => {
    const talk = new Conversation().handshake().client('FA').server('FA', { ack: 1001 }).client('A').server('A')
    expect(states(talk).slice(3)).toEqual([
      'FIN_WAIT_1 CLOSE_WAIT teardown',
      'CLOSING CLOSING teardown',
      'CLOSING TIME_WAIT teardown',
      'TIME_WAIT TIME_WAIT teardown',
    ])
  })

  it('both open at once (RFC 9293 §3.5, figure 7)', () => {
    const talk = new Conversation().client('S').server('S')
    talk.client('SA', { seq: 1000, ack: 5001 }).server('SA', { seq: 5000, ack: 1001 })
    expect(states(talk)).toEqual([
      'SYN_SENT LISTEN handshake',
      'SYN_RCVD SYN_SENT handshake',
      'SYN_RCVD ESTABLISHED handshake',
      'ESTABLISHED ESTABLISHED handshake',
    ])
  })

  it('refused: the reset acknowledges the SYN', () => {
    expect(states(new Conversation().client('S').server('RA', { seq: 0 }))).toEqual([
      'SYN_SENT LISTEN handshake',
      'CLOSED CLOSED teardown',
    ])
  })

  it('a reset in the middle of data closes both', () => {
    const talk = new Conversation().handshake().client('PA', { text: 'hello' }).server('R')
    expect(states(talk).at(-1)).toBe('CLOSED CLOSED teardown')
  })

  it('a segment with a bad checksum moves only its sender', () => {
    const talk = new Conversation().handshake().client('FA', { badChecksum: true })
    expect(states(talk).at(-1)).toBe('FIN_WAIT_1 ESTABLISHED teardown')
  })

  it('a FIN takes effect only once the data before it has arrived', () => {
    const talk = new Conversation().handshake()
    talk.client('PA', { text: 'first', seq: 1006 }).client('FA').server('A', { ack: 1001 })
    expect(states(talk).at(-1)).toBe('FIN_WAIT_1 ESTABLISHED teardown')
    talk.client('PA', { text: 'first', seq: 1001 })
    expect(states(talk).at(-1)).toBe('FIN_WAIT_1 CLOSE_WAIT data')
  })

  it('a capture that starts in the middle takes both for connected', () => {
    const talk = new Conversation().server('PA', { text: 'data' }).client('A')
    expect(states(talk)).toEqual(['ESTABLISHED ESTABLISHED data', 'ESTABLISHED ESTABLISHED data'])
  })

  it('stragglers after a reset do not bring the session back', () => {
    const talk = new Conversation().handshake().client('RA').server('PA', { text: 'late' })
    expect(states(talk).at(-1)).toBe('CLOSED CLOSED teardown')
  })
})
