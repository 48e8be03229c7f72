/**
 * The two nodes: network namespaces, each with its adapter on the wire. What is made here is found again by its names
 * alone, so that `down` removes all of it, also what a crash left.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { LabError } from '../errors.js'
import {
  ADAPTERS,
  type Adapter,
  LABS,
  type Lab,
  labNamed,
  NODES,
  type Node,
  namespaceOf,
  otherNode,
  removeFirst,
} from './names.js'
import { isWireOf, startWire } from './wire.js'

/** Settings of a node's kernel, below /proc/sys/net, with dots: `ipv4.tcp_retries2`. */
export type KernelSettings = Readonly<Record<string, string | number>>

/** The same on every machine: a congestion control that every kernel has, and nothing said on the wire unasked. */
const KERNEL: KernelSettings = {
  'ipv4.tcp_congestion_control': 'reno',
  'ipv4.tcp_no_metrics_save': 1,
  'ipv6.conf.all.accept_ra': 0,
  'ipv6.conf.default.accept_ra': 0,
  'ipv6.conf.default.router_solicitations': 0,
  // what the nodes report of multicast groups is over before a capture begins (ms)
  'ipv6.conf.default.mldv2_unsolicited_report_interval': 1,
}

/** Buckets of a node's table of sockets. */
const SOCKET_TABLE = 1024

export interface UpOptions {
  readonly seed?: number
  /** the nodes know each other's hardware addresses from the start: no ARP beside the sessions */
  readonly acquainted?: boolean
  readonly kernel?: Readonly<Partial<Record<Node, KernelSettings>>>
  /** the process that the lab is for: when it is gone, the lab is left over */
  readonly owner?: number
}

/** @throws LabError when there is such a lab already, or without the rights */
export async function up(lab: Lab, options: UpOptions = {}): Promise<void> {
  const { seed = 1, acquainted = false, kernel = {}, owner } = options
  checkRights()
  if (remains(lab).length > 0) {
    throw new LabError('LAB_EXISTS', `the lab ${lab.name} is up already`, removeFirst(lab))
  }
  mkdirSync(lab.folder, { recursive: true })
  if (owner !== undefined) writeFileSync(lab.owner, String(owner))
  try {
    addNamespaces(lab)
    for (const node of NODES) setKernel(lab, node, { ...KERNEL, ...kernel[node] })
    await startWire(lab, seed)
    for (const node of NODES) plugIn(lab, node, acquainted)
  } catch (error) {
    await down(lab)
    throw error
  }
}

export function checkRights(): void {
  if (process.platform !== 'linux') {
    throw new LabError(
      'PLATFORM',
      'the virtual lab is made of Linux network namespaces',
      'on other systems, use loopback',
    )
  }
  if (process.geteuid?.() !== 0) {
    throw new LabError(
      'RIGHTS',
      'the virtual lab needs root: it makes network namespaces and adapters',
      'say sudo before it. Without root, servers and clients meet on loopback (synopsis lab serve, synopsis lab client), ' +
        'where nothing is lost or delayed',
    )
  }
  if (spawnSync('ip', ['-V']).status !== 0) {
    throw new LabError('NO_IP', 'there is no `ip` command', 'install iproute2')
  }
}

/**
 * A namespace's table of sockets is as large as the one that it is made from says (Linux 6.1 on): with a small one,
 * looking at it takes microseconds, else it may take ten milliseconds. So they are made from one that exists for that.
 */
function addNamespaces(lab: Lab): void {
  const small = '/proc/sys/net/ipv4/tcp_child_ehash_entries'
  if (!existsSync(small)) {
    for (const node of NODES) ip(['netns', 'add', namespaceOf(lab, node)])
    return
  }
  const parent = parentOf(lab)
  const script = [`echo ${SOCKET_TABLE} > ${small}`, ...NODES.map((node) => `ip netns add ${namespaceOf(lab, node)}`)]
  ip(['netns', 'add', parent])
  try {
    command('nsenter', [`--net=/run/netns/${parent}`, 'sh', '-ec', script.join('\n')])
  } finally {
    ip(['netns', 'delete', parent])
  }
}

function plugIn(lab: Lab, node: Node, acquainted: boolean): void {
  const { name, mac, address, address6 } = ADAPTERS[node]
  const peer: Adapter = ADAPTERS[otherNode(node)]
  const commands = [
    'link set lo up',
    `link set ${name} address ${mac} addrgenmode none`,
    `address add ${address}/24 dev ${name}`,
    `link set ${name} up`,
    `address add ${address6}/64 dev ${name} nodad`,
  ]
  if (acquainted) {
    for (const one of [peer.address, peer.address6]) {
      commands.push(`neighbour add ${one} lladdr ${peer.mac} dev ${name} nud permanent`)
    }
  }
  ip(['-n', namespaceOf(lab, node), '-batch', '-'], commands.join('\n'))
}

/** Changes settings of a node's kernel; one that this kernel does not have is passed over. */
export function setKernel(lab: Lab, node: Node, settings: KernelSettings): void {
  const lines = Object.entries(settings).map(([name, value]) => {
    const file = `/proc/sys/net/${name.replaceAll('.', '/')}`
    return `[ ! -e ${file} ] || echo '${value}' > ${file}`
  })
  ip(['netns', 'exec', namespaceOf(lab, node), 'sh', '-ec', lines.join('\n')])
}

/** Removes everything of a lab: its programs, its wire, its namespaces and files. Nothing there is no mistake. */
export async function down(lab: Lab): Promise<void> {
  for (let round = 0; round < 50 && processesOf(lab).length > 0; round++) {
    for (const pid of processesOf(lab)) kill(pid)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  for (const name of namespacesOf(lab)) ip(['netns', 'delete', name])
  rmSync(lab.folder, { recursive: true, force: true })
  try {
    if (readdirSync(LABS).length === 0) rmSync(LABS, { recursive: true })
  } catch {
    // another lab came, or it is gone already
  }
}

/** What there is of a lab, in words: nothing, when it is down. */
export function remains(lab: Lab): string[] {
  return [...namespacesOf(lab).map((name) => `namespace ${name}`), ...processesOf(lab).map((pid) => `process ${pid}`)]
}

/** The processes on a node. */
export function processesOn(lab: Lab, node: Node): number[] {
  const { status, stdout } = spawnSync('ip', ['netns', 'pids', namespaceOf(lab, node)], { encoding: 'utf8' })
  return status === 0 ? stdout.split('\n').filter(Boolean).map(Number) : []
}

function processesOf(lab: Lab): number[] {
  const wires = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isWireOf(lab, Number(name)))
  return [...NODES.flatMap((node) => processesOn(lab, node)), ...wires.map(Number)]
}

/** Every lab that is up, or left over. */
export function labs(): Lab[] {
  const names = new Set<string>()
  for (const name of namespaces()) {
    const [, own = 'lab'] = /^synopsis-(?:(.+)-)?(?:client|server|server-parent)$/.exec(name) ?? [undefined, '']
    if (own !== '') names.add(own)
  }
  try {
    for (const name of readdirSync(LABS)) names.add(name)
  } catch {
    // no lab was ever up
  }
  return [...names].map(labNamed)
}

/** Whether a lab was made for a process that is gone. */
export function isLeftOver(lab: Lab): boolean {
  try {
    return !existsSync(`/proc/${readFileSync(lab.owner, 'utf8')}`)
  } catch {
    // it has no owner: it was made to stay
    return false
  }
}

/** Made while the nodes are being made, and left by a crash at that moment alone. */
function parentOf(lab: Lab): string {
  return `${namespaceOf(lab, 'server')}-parent`
}

/** Those of its namespaces that there are. */
function namespacesOf(lab: Lab): string[] {
  const own = [...NODES.map((node) => namespaceOf(lab, node)), parentOf(lab)]
  return namespaces().filter((name) => own.includes(name))
}

function namespaces(): string[] {
  try {
    return readdirSync('/run/netns')
  } catch {
    return []
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended already
  }
}

function ip(args: readonly string[], input = ''): void {
  command('ip', args, input)
}

function command(program: string, args: readonly string[], input = ''): void {
  try {
    execFileSync(program, args, { input, stdio: 'pipe', encoding: 'utf8' })
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    const reason = said.split('\n')[0] ?? String(cause)
    throw new LabError(
      'IP',
      `${program} ${args.join(' ')}: ${reason}`,
      'the virtual lab needs root, iproute2 and util-linux',
      { cause },
    )
  }
}
