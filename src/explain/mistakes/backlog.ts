/** Connections that waited for accept, more than listen was told to keep, and SYNs that were dropped for it. */
import { parseStart } from '../../bytes/time.js'
import { countOf } from '../../bytes/units.js'
import type { Moment } from '../../calls/call.js'
import { later } from '../../calls/moment.js'
import type { Socket } from '../../calls/processes/model.js'
import type { TcpSummary } from '../../sessions/summary.js'
import { socketName } from '../../timeline/calls/socket-name.js'
import { evidence, type Finding } from './mistake.js'
import { isBefore, type Scene } from './scene.js'

export function backlog(scene: Scene): Finding[] {
  return scene.sockets.flatMap((listening): Finding[] => {
    const { listened, local } = listening
    const limit = Number(listened?.arguments[1] ?? Number.NaN)
    if (listened === undefined || listening.transport !== 'tcp' || local === undefined || Number.isNaN(limit)) return []
    const asked = sessionsTo(scene, local)
    const dropped = asked.filter(({ handshake }) => (handshake.syn?.transmissions ?? 1) > 1)
    for (const session of dropped) {
      const at = momentAt(session, 0)
      const waiting = asked.filter((one) => one !== session && isWaiting(scene, listening, one, at))
      if (waiting.length <= Math.max(0, limit)) continue
      const text = `${scene.name(listened.pid)} called listen with a backlog of ${limit}; ${countOf(waiting.length, 'connection')} waited for accept when ${socketName(session.client)} asked for one: its SYN (#${session.firstFrame}) was sent ${session.handshake.syn?.transmissions ?? 0} times`
      const frames = [...waiting.slice(0, 3).map(({ firstFrame }) => firstFrame), session.firstFrame]
      return [{ name: 'backlog', pid: listened.pid, evidence: [evidence(text, [listened], frames)] }]
    }
    return []
  })
}

function sessionsTo(scene: Scene, local: string): TcpSummary[] {
  const port = Number(local.slice(local.lastIndexOf(':') + 1))
  const isAny = /^(?:0\.0\.0\.0|\[::\]):/.test(local)
  return scene.timelines
    .map(({ summary }) => summary)
    .filter((summary): summary is TcpSummary => summary.protocol === 'tcp')
    .filter(({ server }) => server.port === port && (isAny || socketName(server) === local))
}

/** Its handshake was over at that moment, and accept had not returned it. */
function isWaiting(scene: Scene, listening: Socket, session: TcpSummary, moment: Moment): boolean {
  const { ack } = session.handshake
  if (ack === undefined || !isBefore(momentAt(session, ack.time), moment)) return false
  const client = socketName(session.client)
  const accepted = scene.sockets.find((one) => one.acceptedFrom === listening.number && one.peer === client)
  const at = accepted?.opened?.returned
  return at === undefined || isBefore(moment, at)
}

function momentAt({ start }: TcpSummary, time: number): Moment {
  const [seconds, nanoseconds] = parseStart(start)
  const whole = Math.floor(time / 1e9)
  return later({ seconds, nanoseconds }, whole, time - whole * 1e9)
}
