/**
 * The mistakes that a run proves. A rule accuses only where this run shows it, by calls and packets; what is said of each
 * mistake in general stands in `advice.ts`.
 */
import type { Processes } from '../../calls/processes/model.js'
import type { Timeline } from '../../timeline/model.js'
import { ADVICE } from './advice.js'
import { backlog } from './backlog.js'
import { unreapedChildren } from './children.js'
import { cutDatagram } from './datagrams.js'
import { childKeepsListener, leakedDescriptor, parentKeepsConnection } from './descriptors.js'
import { ignoredFailure, interruptedCall, writeAfterReset } from './failures.js'
import { partialRead, partialWrite, segmentBoundaries, unreadAtClose } from './messages.js'
import type { Finding, Mistake, MistakeName } from './mistake.js'
import { byteOrder, noReuseaddr } from './names.js'
import { type Ends, Scene } from './scene.js'
import { stringTerminator } from './strings.js'

type Rule = (scene: Scene) => Finding[]

/** Every mistake, in the order in which they are told. */
const RULES: Readonly<Record<MistakeName, Rule>> = {
  'byte-order': byteOrder,
  'no-reuseaddr': noReuseaddr,
  'ignored-failure': ignoredFailure,
  'interrupted-call': interruptedCall,
  'parent-keeps-connection': parentKeepsConnection,
  'child-keeps-listener': childKeepsListener,
  'unreaped-children': unreapedChildren,
  'leaked-descriptor': leakedDescriptor,
  'partial-read': partialRead,
  'partial-write': partialWrite,
  'segment-boundaries': segmentBoundaries,
  'unread-at-close': unreadAtClose,
  'string-terminator': stringTerminator,
  'write-after-reset': writeAfterReset,
  'cut-datagram': cutDatagram,
  backlog,
}

/** Of one process, a mistake that follows from another is not told beside it. */
const FOLLOWS_FROM: Partial<Readonly<Record<MistakeName, readonly MistakeName[]>>> = {
  'ignored-failure': ['interrupted-call', 'leaked-descriptor', 'parent-keeps-connection'],
  'leaked-descriptor': ['parent-keeps-connection'],
  'write-after-reset': ['ignored-failure'],
}

/**
 * @param processes of the log, whose times are on the capture's clock
 * @param timelines of the sessions that its sockets made, not folded; none where there is no capture: then only what the
 *   calls prove alone is found
 * @param waiting connections of the host that were in TIME_WAIT at the end, where it could be asked
 */
export function findMistakes(
  processes: Processes,
  timelines: readonly Timeline[] = [],
  waiting: readonly Ends[] = [],
): Mistake[] {
  const scene = new Scene(processes, timelines, waiting)
  const findings = Object.values(RULES).flatMap((rule) => rule(scene))
  return findings
    .filter(
      ({ name, pid }) => !findings.some((one) => one.pid === pid && FOLLOWS_FROM[name]?.includes(one.name) === true),
    )
    .map(({ name, pid, evidence }) => {
      const program = scene.process(pid)?.name
      return { ...ADVICE[name], name, pid, ...(program !== undefined && { program }), evidence }
    })
}
