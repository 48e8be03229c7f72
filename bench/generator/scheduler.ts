/**
 * Many stories at once: each is a generator that does something at the present moment, then yields how many microseconds
 * it wants to sleep. A binary heap gives the one that wakes first.
 */
export type Story = Generator<number, void, void>

interface Task {
  wakes: number
  readonly story: Story
}

/** Runs all stories to their ends. `setNow` hears the time, in microseconds, before each step. */
export function runStories(stories: Iterable<Story>, setNow: (time: number) => void): void {
  // every one wakes at 0, so that any order is a heap
  const heap: Task[] = Array.from(stories, (story) => ({ wakes: 0, story }))
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    setNow(first.wakes)
    const step = first.story.next()
    if (step.done === true) {
      const last = heap.pop()
      if (last === undefined || last === first) continue
      heap[0] = last
    } else {
      first.wakes += step.value
    }
    sink(heap)
  }
}

/** Moves the heap's first task down to where it belongs. */
function sink(heap: Task[]): void {
  const task = heap[0]
  if (task === undefined) return
  let at = 0
  for (;;) {
    const left = heap[2 * at + 1]
    if (left === undefined) break
    const right = heap[2 * at + 2]
    const earlier = right !== undefined && right.wakes < left.wakes ? right : left
    if (earlier.wakes >= task.wakes) break
    heap[at] = earlier
    at = earlier === left ? 2 * at + 1 : 2 * at + 2
  }
  heap[at] = task
}
