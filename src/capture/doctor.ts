/** Examines what a live capture needs, one thing after the other, each with its remedy. Changes nothing. */
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { capture } from './capture.js'
import { CaptureError } from './errors.js'
import { Handle } from './handle.js'
import { type CaptureInterface, chooseHostOnly, HostOnlyError, listInterfaces } from './interfaces.js'
import { kindNames } from './kinds.js'
import { type Libpcap, loadLibpcap } from './libpcap.js'
import { readOffload } from './offload.js'
import { rightsRemedy } from './rights.js'

export interface Check {
  /** stable: `node`, `libpcap`, `rights`, `adapter`, `traffic`, `promiscuous`, `clock`, `offload`, `wireshark` */
  readonly name: string
  /** `fail`: no live capture before this is mended. `warn`: it will work, with what the finding says. */
  readonly status: 'ok' | 'warn' | 'fail' | 'unknown'
  readonly finding: string
  /** what to do, one step each; commands as they are typed */
  readonly remedy: readonly string[]
}

export interface Examination {
  /** a live capture will work */
  readonly live: boolean
  readonly checks: readonly Check[]
}

const OLDEST_NODE = 20
/** Milliseconds that traffic is looked for. */
const LISTEN = 1000

export async function examine(): Promise<Examination> {
  const checks: Check[] = [node()]
  const pcap = await examineLibpcap(checks)
  if (pcap !== undefined) {
    const interfaces = await listInterfaces({ linkTypes: true })
    const hasRights = examineRights(pcap, interfaces, checks)
    const adapter = examineAdapters(interfaces, checks)
    if (adapter?.up && hasRights) checks.push(await traffic(adapter))
    if (adapter !== undefined) checks.push(...promiscuous(adapter), ...offload(pcap, adapter))
    checks.push(clock(pcap))
  }
  checks.push(await wireshark())
  return { live: checks.every(({ status }) => status !== 'fail'), checks }
}

function ok(name: string, finding: string): Check {
  return { name, status: 'ok', finding, remedy: [] }
}

function warn(name: string, finding: string, remedy: readonly string[] = []): Check {
  return { name, status: 'warn', finding, remedy }
}

function node(): Check {
  const { version, platform, arch } = process
  const finding = `Node ${version} on ${platform} ${arch}`
  if (Number.parseInt(version.slice(1), 10) >= OLDEST_NODE) return ok('node', finding)
  return { name: 'node', status: 'fail', finding, remedy: [`install Node ${OLDEST_NODE} or newer: https://nodejs.org`] }
}

async function examineLibpcap(checks: Check[]): Promise<Libpcap | undefined> {
  try {
    const pcap = await loadLibpcap()
    checks.push(ok('libpcap', `${pcap.version()}, ${pcap.file}`))
    return pcap
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    checks.push({ name: 'libpcap', status: 'fail', finding: error.message, remedy: error.remedy })
    return undefined
  }
}

/** Tries it: what the rights come from differs from system to system. */
function examineRights(pcap: Libpcap, interfaces: readonly CaptureInterface[], checks: Check[]): boolean {
  const up = interfaces.find((one) => one.up && one.kind !== 'pseudo')
  if (up === undefined) {
    checks.push({
      name: 'rights',
      status: 'fail',
      finding: 'there is no interface that is up to try it on',
      remedy: [],
    })
    return false
  }
  try {
    new Handle(pcap, { interface: up.name, snapLength: 64, promiscuous: true, bufferSize: 1 << 20 }).close()
    const root = process.geteuid?.() === 0 ? 'root may capture; root is given up once a capture is open' : undefined
    checks.push(ok('rights', root ?? `this user may capture (tried on ${up.alias ?? up.name})`))
    return true
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error
    const remedy = error.code === 'PERMISSION' ? rightsRemedy(process.platform, ['synopsis', 'capture']) : error.remedy
    checks.push({ name: 'rights', status: 'fail', finding: error.message, remedy })
    return false
  }
}

/** The host-only adapter, or else why there is none: then another can be captured on. */
function examineAdapters(interfaces: readonly CaptureInterface[], checks: Check[]): CaptureInterface | undefined {
  try {
    const one = chooseHostOnly(interfaces)
    const name = one.alias ?? one.name
    const addresses = one.addresses.map(({ address }) => address).join(', ')
    const finding = `${name} is the host-only adapter: ${one.reason}`
    if (!one.up) checks.push(warn('adapter', `${finding}; it is down`, [upCommand(name)]))
    else if (!one.addresses.some(({ family }) => family === 'ipv4')) {
      checks.push(warn('adapter', `${finding}; it has no IPv4 address`, [addressCommand(name)]))
    } else checks.push(ok('adapter', `${finding}; it is up, with ${addresses}`))
    return one
  } catch (error) {
    if (!(error instanceof HostOnlyError)) throw error
    const { candidates } = error
    const others = interfaces.filter((one) => one.up && one.kind !== 'pseudo' && !candidates.includes(one))
    const list = others.map((one) => `${one.alias ?? one.name} (${kindNames[one.kind]})`).join(', ')
    checks.push(warn('adapter', `${error.message}; others that are up: ${list || 'none'}`, error.remedy))
    return undefined
  }
}

function upCommand(name: string): string {
  if (process.platform === 'win32') return `enable the network adapter «${name}» in Windows' settings`
  return process.platform === 'linux' ? `sudo ip link set ${name} up` : `sudo ifconfig ${name} up`
}

function addressCommand(name: string): string {
  const address = '192.168.56.1'
  if (process.platform === 'win32') return `netsh interface ip set address "${name}" static ${address} 255.255.255.0`
  const mac = `sudo ifconfig ${name} inet ${address}/24`
  return process.platform === 'linux' ? `sudo ip addr add ${address}/24 dev ${name}` : mac
}

async function traffic(adapter: CaptureInterface): Promise<Check> {
  const name = adapter.alias ?? adapter.name
  const source = capture({ interfaces: [adapter.name], snapLength: 64, bufferSize: 1 << 20 })
  const looking = (async () => {
    for await (const _batch of source) {
      // only counted
    }
  })()
  try {
    await source.ready
    await pause(LISTEN)
    source.stop()
    await looking
    const { captured } = await source.done
    if (captured > 0) return ok('traffic', `${name} sees traffic: ${captured} packets in a second`)
    return warn('traffic', `${name} was silent for a second, as it is when no virtual machine speaks on it`, [
      'make some: ping a virtual machine from this one, or this one from there',
    ])
  } catch (error) {
    looking.catch(() => {})
    return { name: 'traffic', status: 'unknown', finding: (error as Error).message, remedy: [] }
  }
}

/** On a Linux host, VMware lets only those see what guests say to each other who may write to its device. */
function promiscuous({ name, kind }: CaptureInterface): Check[] {
  const device = `/dev/${name}`
  if (process.platform !== 'linux' || !kind.startsWith('vmware')) return []
  if (!existsSync(device)) return [ok('promiscuous', `there is no ${device} whose owner could forbid promiscuous mode`)]
  try {
    accessSync(device, constants.R_OK | constants.W_OK)
    return [ok('promiscuous', `${device} may be read and written: guests may use promiscuous mode`)]
  } catch {
    const finding = `${device} may not be read and written by this user: guests that it runs can't use promiscuous mode`
    return [
      warn('promiscuous', finding, [
        `sudo chgrp vmware ${device}; sudo chmod g+rw ${device}`,
        `sudo chmod a+rw ${device}`,
      ]),
    ]
  }
}

function offload(pcap: Libpcap, { name }: CaptureInterface): Check[] {
  const found = readOffload(pcap.koffi, name)
  if (found === undefined) return []
  const sights = [
    found.transmitChecksums ? 'packets sent from here show checksums that are not filled in yet' : undefined,
    found.largeSegments ? 'data sent from here shows as segments larger than the wire takes' : undefined,
    found.mergedSegments ? 'data that came here may show as fewer, larger segments than were sent' : undefined,
  ].filter((sight) => sight !== undefined)
  if (sights.length === 0)
    return [ok('offload', `${name} leaves nothing to its hardware: a capture shows what is on the wire`)]
  return [
    warn('offload', `${name} does some work late: in a capture, ${sights.join('; ')}`, [
      `harmless, and recognised; to see packets as they are on the wire: sudo ethtool -K ${name} tx off tso off gso off gro off`,
    ]),
  ]
}

/** adjtimex(2): nothing is changed, and the answer says whether somebody keeps the clock right. */
function clock(pcap: Libpcap): Check {
  const precision = 'the kernel stamps packets in nanoseconds'
  if (process.platform !== 'linux')
    return { name: 'clock', status: 'unknown', finding: 'it is not known who keeps the clock', remedy: [] }
  const adjtimex: (request: Uint8Array) => number = pcap.koffi.load(null).func('int adjtimex(void *request)')
  const TIME_ERROR = 5
  const STRUCT_TIMEX = 208
  const state = adjtimex(new Uint8Array(STRUCT_TIMEX))
  if (state >= 0 && state !== TIME_ERROR) return ok('clock', `${precision}; the clock is kept right`)
  return warn('clock', `${precision}, but nobody keeps the clock right: times of two machines can't be compared`, [
    'sudo timedatectl set-ntp true',
    'in a VMware guest: sudo vmware-toolbox-cmd timesync enable',
  ])
}

async function wireshark(): Promise<Check> {
  const found: string[] = []
  for (const program of ['tshark', 'wireshark']) {
    try {
      const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 5000, windowsHide: true })
      found.push(stdout.split('\n')[0]?.replace(/\.$/, '').trim() ?? program)
    } catch {
      // not there, or not to be run
    }
  }
  if (found.length > 0) return ok('wireshark', found.join(', '))
  return warn('wireshark', 'neither tshark nor Wireshark is there for a second opinion', [
    process.platform === 'linux'
      ? 'Debian, Ubuntu: sudo apt install tshark'
      : 'https://www.wireshark.org/download.html',
  ])
}
