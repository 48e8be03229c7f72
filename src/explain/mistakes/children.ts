/** Children that have ended and whose status nobody fetched: zombies for as long as their parent lives. */
import { countOf } from '../../bytes/units.js'
import { nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Process } from '../../calls/processes/model.js'
import { evidence, type Finding } from './mistake.js'
import { isBefore, type Scene } from './scene.js'

const WAITS: ReadonlySet<string> = new Set(['waitpid', 'wait4', 'waitid'])

/** ns that a parent must have lived on: a Ctrl-C ends the whole group at once, the children a little earlier perhaps. */
const LIVED_ON = 20e6

/** ns after which that it lived on needs no other proof: it may have slept. */
const LIVED_LONG = 300e6

export function unreapedChildren(scene: Scene): Finding[] {
  return scene.processes.flatMap((parent) => {
    const gone = scene
      .children(parent.pid)
      .filter(({ ended, waitedFor }) => ended !== undefined && waitedFor === undefined)
    if (gone.length === 0) return []
    // a server or a client: of other programs' children nothing is said here
    if (!scene.callsOf(parent.pid).some((call) => call.transport !== undefined && call.isLibrarys !== true)) return []
    if (ignoresChildren(scene, parent)) return []
    const zombies = gone.filter((child) => isZombie(scene, parent, child))
    const [first] = zombies
    if (first === undefined) return []
    const waits = scene.callsOf(parent.pid).filter(({ call }) => WAITS.has(call))
    const last = waits.at(-1)
    const text = `${zombieNames(scene, zombies)} ended, and ${scene.name(parent.pid)} lived on without fetching ${zombies.length === 1 ? 'its' : 'their'} status`
    const ends = zombies.slice(0, 3).map(({ pid }) => endOf(scene, pid))
    if (last === undefined) return [{ name: 'unreaped-children', pid: parent.pid, evidence: [evidence(text, ends)] }]
    // it does wait: that some are left over is a mistake where it stopped waiting though there was another to be had
    const missed = zombies.find(({ ended }) => ended !== undefined && isBefore(ended, last.entered))
    if (missed === undefined || (last.result ?? 0) <= 0 || last.arguments[0] !== '-1') return []
    const merged = `the last ${last.call} of ${scene.name(parent.pid)} fetched process ${last.result ?? 0} and did not ask again, though ${missed.pid} had ended before: signals of several children can come as one`
    return [{ name: 'unreaped-children', pid: parent.pid, evidence: [evidence(text, ends), evidence(merged, [last])] }]
  })
}

function zombieNames(scene: Scene, zombies: readonly Process[]): string {
  const [first] = zombies
  if (first === undefined) return ''
  return zombies.length === 1
    ? `its child ${scene.name(first.pid)}`
    : `${countOf(zombies.length, 'child', 'children')} (pids ${zombies
        .slice(0, 5)
        .map(({ pid }) => pid)
        .join(', ')}${zombies.length > 5 ? ', …' : ''})`
}

function isZombie(scene: Scene, parent: Process, { ended }: Process): boolean {
  if (ended === undefined) return false
  const lived = nanosecondsBetween(ended, parent.ended ?? scene.until)
  if (lived < LIVED_ON || lived > LIVED_LONG) return lived > LIVED_LONG
  // it went on with its work: the next call, or the one that it was blocked in
  return scene
    .callsOf(parent.pid)
    .some(
      (call) =>
        isWork(call) &&
        (isBefore(ended, call.entered) || call.returned === undefined || isBefore(ended, call.returned)),
    )
}

/** Not the end of the parent: one that ends leaves its children to init, which waits for them. */
function isWork({ call }: FollowedCall): boolean {
  return call !== 'signal' && call !== 'exit' && call !== 'ended' && call !== 'close' && call !== 'sigaction'
}

function endOf(scene: Scene, pid: number): FollowedCall | undefined {
  return scene.callsOf(pid).find(({ call }) => call === 'ended')
}

/** SIGCHLD ignored, or SA_NOCLDWAIT, by itself or by a process that it comes from: the kernel keeps no zombies then. */
function ignoresChildren(scene: Scene, process: Process): boolean {
  let at: Process | undefined = process
  for (let depth = 0; at !== undefined && depth < 64; depth++) {
    const set = scene
      .callsOf(at.pid)
      .findLast(({ call, arguments: given }) => call === 'sigaction' && given[0] === 'SIGCHLD' && given[1] !== 'NULL')
    if (set !== undefined) return /sa_handler=SIG_IGN|SA_NOCLDWAIT/.test(set.arguments[1] ?? '')
    at = at.parent === undefined ? undefined : scene.process(at.parent)
  }
  return false
}
