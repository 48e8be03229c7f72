import { expect, test } from 'vitest'
import { BoxReceiver, BoxSender } from '../../src/cli/box-ring.js'

test('numbers and texts come out as they went in, in order, over as many boxes as it takes', () => {
  const sender = new BoxSender(1024)
  const receiver = new BoxReceiver(sender.memory)
  const texts = ['', 'a', 'ab', 'name.example', 'ÿ\u0000\ud800€']
  const sent: unknown[] = []
  for (let index = 0; index < 3; index++) {
    for (const text of texts) {
      sender.box.writeInt(index - 2)
      sender.box.writeText(text)
      sender.box.writeFloat(1e15 + index + 0.5)
      sent.push(index - 2, text, 1e15 + index + 0.5)
    }
    // two of the four go while the other thread has not even looked
    if (index < 2) expect(sender.send()).toBe(true)
  }
  const received: unknown[] = []
  let boxes = 0
  const empty = (box: BoxSender['box'], end: number) => {
    while (box.at < end) received.push(box.readInt(), box.readText(), box.readFloat())
    if (++boxes === 2) throw new Error('enough')
  }
  expect(() => receiver.forEach(empty)).toThrow('enough')
  expect(received).toEqual(sent.slice(0, (2 * sent.length) / 3))
})

test('whoever fills them is told when nobody takes them any more', () => {
  const sender = new BoxSender(1024)
  const receiver = new BoxReceiver(sender.memory)
  expect(sender.send()).toBe(true)
  receiver.refuse()
  for (let more = 0; more < 10; more++) expect(sender.send()).toBe(false)
  expect(sender.end()).toBe(false)
})
