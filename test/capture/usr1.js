// loaded before the program: says who listens for SIGUSR1, as soon as somebody does
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  process.on('newListener', (event) => {
    if (event === 'SIGUSR1') process.stderr.write(`listening ${new Error().stack.replaceAll('\n', ' ')}\n`)
  })
}
