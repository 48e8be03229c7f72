/** Datagrams of which only some pieces came. */
import { expect, test } from 'vitest'
import { fragmentProblems } from '../../../src/explain/problems/fragments.js'
import { Pipeline } from '../../../src/pipeline.js'
import { ethernet, fromHex, word } from '../../decode/support.js'
import { batchOf, type Frame } from '../../support/conversation.js'

/** A piece of a UDP datagram from 192.168.56.1, port 5000, to 192.168.56.10, port 40000: 8 bytes from `offset` on. */
function piece(identification: number, offset: number, isLast: boolean, at: number): Frame {
  const place = word((isLast ? 0 : 0x2000) | (offset / 8))
  const header = `4500 001c ${word(identification)} ${place} 4011 0000 c0a83801 c0a8380a`
  const data = offset === 0 ? `${word(5000)} ${word(40000)} ${word(24)} 0000` : '00'.repeat(8)
  return { bytes: fromHex(`${ethernet('0800')} ${header} ${data}`), time: at * 1e9 }
}

function problemsOf(frames: readonly Frame[]) {
  const pipeline = new Pipeline({})
  pipeline.feed(batchOf(frames))
  pipeline.finish()
  return fragmentProblems(pipeline.observations)
}

const whole = (identification: number, at: number) =>
  [0, 8, 16].map((offset) => piece(identification, offset, offset === 16, at))

test('the rest never came: said with the ends, the frames and what may be behind it', () => {
  const [problem, ...others] = problemsOf([piece(1, 0, false, 0), piece(2, 0, false, 1), ...whole(3, 5)])
  expect(problem).toMatchObject({ name: 'fragments missing', frames: [1, 2] })
  expect(problem?.diagnosis).toMatch(
    /^2 datagrams 192\.168\.56\.1:5000 → 192\.168\.56\.10:40000 came in pieces.*\(#1 and #2, up to 8 B\), and the rest never did: lost, dropped by a firewall.*filter/,
  )
  expect(others).toEqual([])
})

test('a piece in the middle is missing', () => {
  expect(problemsOf([piece(1, 16, true, 0), ...whole(3, 5)])[0]?.diagnosis).toMatch(/others never did: lost, or not/)
})

test('no problem: whole ones, and one whose rest the end of the capture may have cut off', () => {
  expect(problemsOf(whole(1, 0))).toEqual([])
  expect(problemsOf([...whole(1, 0), piece(2, 0, false, 0.05)])).toEqual([])
})
