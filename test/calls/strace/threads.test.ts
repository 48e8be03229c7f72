/** Whose thread one is that speaks before its clone has returned: counted, and the same as when all clones under way are looked at. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ThreadNames } from '../../../src/calls/strace/threads.js'

const THREAD = 'CLONE_VM|CLONE_THREAD'

/** Looks at every clone that is under way. */
class Naive {
  readonly processes = new Map<number, number>()
  readonly known = new Set<number>()
  readonly under = new Map<number, string>()

  processOf(thread: number) {
    return this.processes.get(thread) ?? thread
  }

  seen(thread: number) {
    if (this.known.has(thread)) return
    this.known.add(thread)
    const makers = new Set([...this.under.keys()].map((maker) => this.processOf(maker)))
    const [maker] = makers
    if ([...this.under.values()].some((flags) => flags !== THREAD) || makers.size !== 1) return
    if (maker !== undefined && maker !== thread) this.processes.set(thread, maker)
  }

  cloning(thread: number, flags: string) {
    this.under.set(thread, flags)
  }

  cloned(thread: number, flags: string, made: number | undefined) {
    this.under.delete(thread)
    if (made === undefined || made <= 0) return
    this.known.add(made)
    if (flags === THREAD) this.processes.set(made, this.processOf(thread))
    else this.processes.delete(made)
  }

  ended(thread: number) {
    this.under.delete(thread)
    this.known.delete(thread)
    this.processes.delete(thread)
  }
}

const thread = fc.integer({ min: 1, max: 6 })
const flags = fc.constantFrom(THREAD, THREAD, THREAD, 'SIGCHLD')
const step = fc.oneof(
  fc.record({ what: fc.constant('seen' as const), thread }),
  fc.record({ what: fc.constant('cloning' as const), thread, flags }),
  fc.record({ what: fc.constant('cloned' as const), thread, flags, made: thread }),
  fc.record({ what: fc.constant('ended' as const), thread }),
)

test('counting the clones under way says the same as looking at each', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const names = new ThreadNames()
      const naive = new Naive()
      for (const one of steps) {
        for (const each of [names, naive]) {
          each.seen(one.thread)
          if (one.what === 'cloning') each.cloning(one.thread, one.flags)
          else if (one.what === 'cloned') each.cloned(one.thread, one.flags, one.made)
          else if (one.what === 'ended') each.ended(one.thread)
        }
        for (let id = 1; id <= 6; id++) expect(names.processOf(id)).toBe(naive.processOf(id))
      }
    }),
    { numRuns: 500 },
  )
})
