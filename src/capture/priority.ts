/** Threads that work for microseconds at a time, and must not be late. */
import { getPriority, setPriority } from 'node:os'

const URGENT = -10

/**
 * Starts a thread that goes before others, where that is allowed: on Linux each has its own priority, which it takes from
 * who starts it, and which root may raise. What it is worth: on a machine with more to do than it can, frames are lost while
 * a thread waits for its turn.
 */
export function startUrgently<T>(start: () => T): T {
  const usual = getPriority()
  try {
    if (process.platform === 'linux') setPriority(URGENT)
  } catch {
    // without the right to, it goes in its turn
  }
  try {
    return start()
  } finally {
    setPriority(usual)
  }
}
