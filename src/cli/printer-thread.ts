/** The thread that prints: it waits for a terminal, or a pipe, as long as that takes. */
import { parentPort } from 'node:worker_threads'
import { ReaderGone, writeAll } from './standard-output.js'
import { STDOUT } from './terminal.js'

const port = parentPort
let gone = false

port?.on('message', (text: string) => {
  try {
    if (!gone) writeAll(STDOUT, Buffer.from(text))
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error
    gone = true
  }
  port.postMessage({ printed: text.length, gone })
})
