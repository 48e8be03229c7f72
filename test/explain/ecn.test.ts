/** Congestion that is marked: who was told, and who slowed down. */
import { expect, test } from 'vitest'
import { explainEcn } from '../../src/explain/ecn.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

function saysOf(conversation: Conversation): string[] {
  return explainEcn(timelineOf(conversation).events.filter((event) => event.kind === 'packet'))
}

const opened = (synAck: string) => new Conversation().client('SEC').server(synAck).client('A')

test('marks are told with who echoes them and who slows down', () => {
  const talk = opened('SAE').client('PA', { text: 'a' }).server('AE').client('PAC', { text: 'b' }).server('A')
  expect(saysOf(talk)).toEqual([
    'both ends use ECN (#1 and #2): routers marked congestion on what the client sent, as 1 packet of the server tells it (ECE: #5), and the client slowed down 1 time (CWR: #6)',
  ])
})

test('without marks that is said, and nothing where one end does not use it', () => {
  expect(saysOf(opened('SAE').client('PA', { text: 'a' }).server('A'))).toEqual([
    'both ends use ECN (#1 and #2): no router marked congestion',
  ])
  expect(saysOf(opened('SA').client('PA', { text: 'a' }).server('A'))).toEqual([])
  // an old server that sends back the bits it got (RFC 3168 §6.1.1)
  expect(saysOf(opened('SAEC').client('PA', { text: 'a' }).server('A'))).toEqual([])
})
