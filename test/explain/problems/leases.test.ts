/** Hosts that ask for an address, and are not answered. */
import { expect, test } from 'vitest'
import { leaseProblems } from '../../../src/explain/problems/leases.js'
import { Pipeline } from '../../../src/pipeline.js'
import { batchOf } from '../../support/conversation.js'
import { Datagrams } from '../../support/datagrams.js'

const EVERYBODY = { address: 'ffffffff', mac: 'ffffffffffff' }
const DISCOVER = 1
const OFFER = 2
const TAKE = 3
const INFORM = 8

function dhcp(operation: 1 | 2, type: number): string {
  const bytes = new Uint8Array(243)
  bytes.set([operation, 1, 6, 0, 1, 2, 3, 4])
  bytes.set([0, 12, 41, 94, 16, 10], 28)
  bytes.set([0x63, 0x82, 0x53, 0x63, 53, 1, type], 236)
  return Buffer.from(bytes).toString('hex')
}

function problemsOf({ frames }: Datagrams) {
  const pipeline = new Pipeline({})
  pipeline.feed(batchOf(frames))
  return leaseProblems(pipeline.tracker.neighbourhood.leases.unanswered())
}

const looking = () =>
  new Datagrams(67, 68, EVERYBODY)
    .client(dhcp(1, DISCOVER))
    .client(dhcp(1, DISCOVER), 4000)
    .client(dhcp(1, DISCOVER), 8000)

test('no server answers', () => {
  const [problem] = problemsOf(looking())
  expect(problem).toMatchObject({ name: 'DHCP unanswered', frames: [1] })
  expect(problem?.diagnosis).toMatch(/^no DHCP server: 00:0c:29:5e:10:0a asked for an address 3 times \(from #1 on\)/)
})

test('an offer that went past the capture shows in what the host asks for next', () => {
  expect(problemsOf(looking().client(dhcp(1, TAKE)))).toEqual([])
})

test('an offer ends it, and who has an address already does not look for one', () => {
  expect(problemsOf(looking().server(dhcp(2, OFFER)))).toEqual([])
  expect(problemsOf(new Datagrams(67, 68, EVERYBODY).client(dhcp(1, INFORM)).client(dhcp(1, INFORM)))).toEqual([])
})
