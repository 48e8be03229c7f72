/** Who asked and who answered: the first to speak asked, unless its port is a server's. */
import { expect, test } from 'vitest'
import { Pipeline } from '../../../src/pipeline.js'
import { ethernet, fromHex, ipv4, word } from '../../decode/support.js'
import { batchOf } from '../../support/conversation.js'

test.each([
  ['a look-up', 40000, 53, { server: 53, assumed: false }],
  ['an answer, of whose question nothing was captured', 53, 40000, { server: 53, assumed: true }],
  ['a client of RPC, which shows by its port that it is root', 1016, 20048, { server: 20048, assumed: false }],
  ['two servers', 123, 123, { server: 123, assumed: false }],
])('%s', (_, from, to, expected) => {
  const found: object[] = []
  const pipeline = new Pipeline({
    ended: ({ server, assumed }) => found.push({ server: server.port, assumed }),
    analyse: false,
  })
  const datagram = `${ipv4(17, 9)} ${word(from)} ${word(to)} ${word(9)} 0000 00`
  pipeline.feed(batchOf([{ bytes: fromHex(`${ethernet('0800')} ${datagram}`), time: 0 }]))
  pipeline.finish()
  expect(found).toEqual([expected])
})
