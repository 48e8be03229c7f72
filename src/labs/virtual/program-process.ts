/**
 * A program on a node that does what it is told, one operation a line on its standard input, each answered on its
 * standard output. It has one thread, which blocks in its calls as a C program's does.
 */
import { readSync, writeSync } from 'node:fs'
import { openCallLog } from '../call-log.js'
import { CallError } from '../errors.js'
import { exit } from '../sockets/process.js'
import { type OperationName, operations } from './operations.js'
import type { Answer, Order } from './program.js'

const [, , calls] = process.argv
openCallLog(calls)

const room = Buffer.alloc(65_536)
let text = ''
for (;;) {
  const length = readSync(0, room)
  if (length === 0) exit(0)
  text += room.toString('utf8', 0, length)
  const lines = text.split('\n')
  text = lines.pop() ?? ''
  for (const line of lines) writeSync(1, `${JSON.stringify(answer(JSON.parse(line) as Order))}\n`)
}

function answer({ name, values }: Order): Answer {
  const operation = operations[name] as (...values: unknown[]) => ReturnType<(typeof operations)[OperationName]>
  try {
    return { value: operation(...values) ?? null }
  } catch (error) {
    if (error instanceof CallError) return { call: error.call, errno: error.code }
    throw error
  }
}
