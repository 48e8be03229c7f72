// loaded before the program: keeps its main thread busy, five milliseconds out of ten
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  const spin = () => {
    const until = performance.now() + 5
    while (performance.now() < until);
  }
  setInterval(spin, 10).unref()
}
