/** Names that the name server has no address for. */
import { expect, test } from 'vitest'
import { lookupProblems } from '../../../src/explain/problems/lookups.js'
import { Pipeline } from '../../../src/pipeline.js'
import { word } from '../../decode/support.js'
import { batchOf } from '../../support/conversation.js'
import { Datagrams } from '../../support/datagrams.js'

const A = 1
const PTR = 12
const SERVER_FAILED = 2
const NO_SUCH_NAME = 3

function problemsOf(lookups: Datagrams) {
  const pipeline = new Pipeline({})
  pipeline.feed(batchOf(lookups.frames))
  return lookupProblems(pipeline.tracker.neighbourhood.lookups.failed())
}

/** A question, and with a code or an address an answer to it, in hexadecimal. */
function dns(name: string, { type = A, code = 0, address = '' } = {}, isAnswer = true): string {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]).toString('hex'))
  const answers = address === '' ? 0 : 1
  const answer = address === '' ? '' : `c00c 0001 0001 0000003c 0004 ${address}`
  return `0001 ${word((isAnswer ? 0x8180 : 0x0100) | code)} 0001 ${word(answers)} 0000 0000 ${labels.join('')}00 ${word(type)} 0001 ${answer}`
}

const ask = (name: string, answer: Parameters<typeof dns>[1]) =>
  new Datagrams(53).client(dns(name, { type: answer?.type ?? A }, false)).server(dns(name, answer))

test('that there is no such name, and that the name server failed, are two things', () => {
  const [none] = problemsOf(ask('nope.lab', { code: NO_SUCH_NAME }))
  expect(none).toMatchObject({ name: 'no such name', frames: [2] })
  expect(none?.diagnosis).toMatch(/no address for "nope\.lab" \(DNS, #2\): there is no such name: .*EAI_NONAME/)
  const [failed] = problemsOf(ask('broken.lab', { code: SERVER_FAILED }))
  expect(failed).toMatchObject({ name: 'look-up failed' })
  expect(failed?.diagnosis).toMatch(/EAI_AGAIN/)
})

test('a name that is found, now or later, is no problem, nor what a search list makes of it', () => {
  const found = ask('www.lab', { address: 'c0a8380a' })
  expect(problemsOf(found)).toEqual([])
  const search = ask('www.lab.home', { code: NO_SUCH_NAME })
  search.server(dns('www.lab', { code: SERVER_FAILED })).server(dns('www.lab', { address: 'c0a8380a' }))
  expect(problemsOf(search)).toEqual([])
})

test('nobody connects to the name of an address', () => {
  expect(problemsOf(ask('10.56.168.192.in-addr.arpa', { type: PTR, code: NO_SUCH_NAME }))).toEqual([])
})

test('a name cannot move the cursor', () => {
  expect(problemsOf(ask('\u001b[2J.lab', { code: NO_SUCH_NAME }))[0]?.diagnosis).not.toContain('\u001b')
})
