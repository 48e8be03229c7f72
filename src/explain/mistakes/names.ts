/** Mistakes in giving a socket its name: an address that is still taken, a port in the wrong byte order. */
import { parseStart } from '../../bytes/time.js'
import { nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { isRead, transferOf } from '../../calls/transfers.js'
import { socketName } from '../../timeline/calls/socket-name.js'
import { evidence, type Finding } from './mistake.js'
import { isBefore, releasedAt, type Scene } from './scene.js'

/** bind failed, SO_REUSEADDR was not set, and what has the address is a connection in TIME_WAIT, not another server. */
export function noReuseaddr(scene: Scene): Finding[] {
  const found = new Map<number, Finding>()
  for (const socket of scene.sockets) {
    if (socket.transport !== 'tcp' || socket.isLibrarys) continue
    const bind = socket.calls.find(({ call, errno }) => call === 'bind' && errno === 'EADDRINUSE')
    if (bind === undefined || found.has(bind.pid) || setsReuse(socket, bind)) continue
    const port = portOf(bind.local ?? addressOf(bind))
    if (port === undefined || isServed(scene, bind, port)) continue
    const proof = waitingInCapture(scene, bind, port) ?? waitingInLog(scene, bind, port) ?? waitingInKernel(scene, port)
    if (proof === undefined) continue
    const text = `${scene.name(bind.pid)} did not set SO_REUSEADDR, and bind to port ${port} failed with EADDRINUSE`
    found.set(bind.pid, { name: 'no-reuseaddr', pid: bind.pid, evidence: [evidence(text, [bind]), proof] })
  }
  return [...found.values()]
}

function setsReuse({ calls }: Socket, bind: FollowedCall): boolean {
  return calls.some(
    ({ call, arguments: given, result, entered }) =>
      call === 'setsockopt' &&
      result === 0 &&
      /SO_REUSE(?:ADDR|PORT)/.test(given[2] ?? '') &&
      given[3] !== '[0]' &&
      isBefore(entered, bind.entered),
  )
}

/** Another server has the port: it has it open in the log, or it takes a connection there later. That no option helps. */
function isServed(scene: Scene, bind: FollowedCall, port: number): boolean {
  const listens = scene.sockets.some((one) => {
    const at = releasedAt(one)
    const hasBegun = one.listened !== undefined && isBefore(one.listened.entered, bind.entered)
    return hasBegun && portOf(one.local) === port && (at === undefined || isBefore(bind.entered, at))
  })
  return (
    listens ||
    scene.timelines.some(({ summary }) => {
      const [seconds, nanoseconds] = parseStart(summary.start)
      const isLater = isBefore(bind.entered, { seconds, nanoseconds })
      return (
        isLater && summary.protocol === 'tcp' && summary.server.port === port && summary.handshake.synAck !== undefined
      )
    })
  )
}

function waitingInCapture(scene: Scene, bind: FollowedCall, port: number) {
  for (const { summary } of scene.timelines) {
    if (summary.protocol !== 'tcp') continue
    const { timeWait } = summary.teardown
    if (timeWait === undefined || summary[timeWait.role].port !== port) continue
    const [seconds, nanoseconds] = parseStart(summary.start)
    const at = nanosecondsBetween({ seconds, nanoseconds }, bind.entered)
    if (at < summary.duration || at > timeWait.until) continue
    const fin = timeWait.role === 'client' ? summary.teardown.clientFin : summary.teardown.serverFin
    const text = `its connection with ${socketName(summary[timeWait.role === 'client' ? 'server' : 'client'])} was in TIME_WAIT: this end had closed first (FIN in #${fin?.frame ?? 0})`
    return evidence(text, [], fin === undefined ? [] : [fin.frame])
  }
  return undefined
}

/** An earlier run in the same log: it had a connection on the port, closed it first, and nobody listens there any more. */
function waitingInLog(scene: Scene, bind: FollowedCall, port: number) {
  const onPort = scene.sockets.filter((one) => one.transport === 'tcp' && portOf(one.local) === port)
  const isGone = (one: Socket) => {
    const at = releasedAt(one)
    return at !== undefined && isBefore(at, bind.entered)
  }
  const earlier = onPort.find((one) => one.peer !== undefined && isGone(one) && closedFirst(one))
  if (earlier === undefined) return undefined
  const close = earlier.calls.find(({ closesLast }) => closesLast === true)
  return evidence(`its connection with ${earlier.peer ?? ''} is in TIME_WAIT: this end had closed first`, [close])
}

/** The kernel has one of that port in TIME_WAIT, which began before the program did. */
function waitingInKernel(scene: Scene, port: number) {
  const own = scene.waiting.find(({ local }) => portOf(local) === port)
  return (
    own &&
    evidence(
      `the kernel has its connection with ${own.peer} in TIME_WAIT: this end had closed first, before this run`,
      [],
    )
  )
}

function closedFirst({ calls }: Socket): boolean {
  return !calls.some((call) => isRead(call) && (call.result === 0 || call.errno === 'ECONNRESET'))
}

const NAMES_PORT: ReadonlySet<string> = new Set(['bind', 'connect', 'sendto'])

/** The port is the one that the program was told, with its two bytes exchanged. */
export function byteOrder(scene: Scene): Finding[] {
  const found = new Map<number, Finding>()
  for (const call of scene.calls) {
    if (!NAMES_PORT.has(call.call) || found.has(call.pid) || call.isLibrarys === true) continue
    const port = portOf(addressOf(call))
    if (port === undefined || port === 0) continue
    const told = ((port & 0xff) << 8) | (port >> 8)
    if (told === port) continue
    const source = toldWhere(scene, call, told, port)
    if (source === undefined) continue
    const verb = call.call === 'bind' ? 'bound to' : call.call === 'connect' ? 'connected to' : 'sent to'
    const text = `${scene.name(call.pid)} was told port ${told} (${source.text}) and ${verb} port ${port}: ${hex(told)} became ${hex(port)}`
    found.set(call.pid, { name: 'byte-order', pid: call.pid, evidence: [evidence(text, [source.call, call])] })
  }
  return [...found.values()]
}

/** Where the right number stands: the program's words, what it prints, or the words of who looked for it there. */
function toldWhere(
  scene: Scene,
  { pid }: FollowedCall,
  told: number,
  port: number,
): { text: string; call?: FollowedCall } | undefined {
  const words = scene.process(pid)?.words ?? []
  if (has(words, told) && !has(words, port)) return { text: 'in its arguments' }
  const printed = scene.callsOf(pid).find((call) => isPrint(call) && announces(transferOf(call)?.text ?? '', told))
  if (printed !== undefined && !has(words, port)) return { text: 'as it prints itself', call: printed }
  const refused = scene.calls.find(
    (call) =>
      call.call === 'connect' && call.errno === 'ECONNREFUSED' && call.pid !== pid && portOf(addressOf(call)) === told,
  )
  return refused === undefined || has(words, port)
    ? undefined
    : { text: `where ${scene.name(refused.pid)} looked for it`, call: refused }
}

function isPrint({ call, descriptor, transport }: FollowedCall): boolean {
  return (call === 'write' || call === 'writev') && (descriptor === 1 || descriptor === 2) && transport === undefined
}

/** `listening on port 8080`, `http://localhost:8080`: the number and what it is of. */
function announces(text: string, port: number): boolean {
  return new RegExp(`(?:\\bport\\W{0,4}|\\blisten\\w*\\W.{0,40}|:)${port}(?!\\d)`, 'i').test(text)
}

function has(texts: readonly string[], port: number): boolean {
  const number = new RegExp(`(?<![\\d.])${port}(?![\\d.]*\\d)`)
  return texts.some((text) => number.test(text))
}

function hex(port: number): string {
  return `0x${port.toString(16).padStart(4, '0')}`
}

/** The address in the call's own argument: what it asked for. */
function addressOf({ call, arguments: given, peer, local }: FollowedCall): string | undefined {
  const structure = given[call === 'sendto' ? 4 : 1] ?? ''
  const port = /sin6?_port=htons\((\d+)\)/.exec(structure)?.[1]
  return port === undefined ? (call === 'bind' ? local : peer) : `:${port}`
}

function portOf(name: string | undefined): number | undefined {
  const match = /:(\d{1,5})$/.exec(name ?? '')
  return match === null ? undefined : Number(match[1])
}
