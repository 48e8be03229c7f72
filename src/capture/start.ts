/** Gets a capture going: checks what can be checked without rights, opens, gives root up, and starts the threads. */
import { UsageError } from '../errors.js'
import type { SourceInfo } from '../source.js'
import type { OpenedInterface } from './capture-thread.js'
import { checkFilter } from './filter.js'
import type { HandleOptions } from './handle.js'
import { type CaptureInterface, chooseHostOnly, findInterface, listInterfaces } from './interfaces.js'
import { loadLibpcap } from './libpcap.js'
import { type CaptureMemory, Control, createMemory } from './memory.js'
import type { CaptureNotice, Plan } from './options.js'
import type { OutputOptions } from './output.js'
import { rotatedName } from './output-names.js'
import { type Account, accountFor, become, openOutput } from './privileges.js'
import type { StopReason } from './stop-reason.js'
import { thisSystem } from './system.js'
import { startCapturing, startWriting, type WriterThread } from './threads.js'

/** A capture that goes on. */
export interface Running {
  readonly interfaces: readonly CaptureInterface[]
  readonly memory: CaptureMemory
  /** resolved when the threads have ended */
  readonly ended: Promise<Ending>
  stop(reason: StopReason): void
}

export interface Ending {
  readonly reason: StopReason
  readonly message?: string
  readonly files: readonly string[]
}

/**
 * @param info gets its section and its interfaces
 * @param bell called when there is something new, after the viewer has asked for it
 * @throws CaptureError, UsageError
 */
export async function start(plan: Plan, info: SourceInfo, bell: () => void): Promise<Running> {
  if (plan.filter) checkFilter(await loadLibpcap(), plan.filter)
  const account = await accountFor(plan.user)
  const chosen = choose(await listInterfaces(), plan)
  const memory = createMemory({
    snapLength: plan.snapLength,
    interfaces: chosen.length,
    written: plan.file !== undefined,
  })
  const tell = plan.onNotice ?? (() => {})
  const capturing = startCapturing(
    new URL(plan.engine === 'cap' ? './cap-thread.js' : './capture-thread.js', import.meta.url),
    {
      memory,
      interfaces: chosen.map((one) => handleOptions(one, plan)),
      packets: plan.packets,
      duration: plan.duration,
      account,
    },
    { bell, state: (id, kind, message) => tell({ kind, message: `${chosen[id]?.name}: ${message}` }) },
  )
  // whatever became of the thread, who waits for more must not wait for ever
  capturing.ended.catch(() => new Control(memory).end())
  describe(info, plan, chosen, await capturing.opened, tell)
  let writing: WriterThread | undefined
  try {
    writing = openAndWrite(plan, info, memory, account, tell)
  } catch (error) {
    capturing.stop('closed')
    await capturing.ended
    throw error
  }
  return {
    interfaces: chosen,
    memory,
    ended: Promise.all([capturing.ended, writing?.ended]).then(([captured, written]) => {
      const message = written?.end?.message ?? captured.message
      const files = written?.files ?? []
      return { reason: written?.end?.reason ?? captured.reason, ...(message !== undefined && { message }), files }
    }),
    stop: (reason) => capturing.stop(reason),
  }
}

function choose(interfaces: readonly CaptureInterface[], plan: Plan): CaptureInterface[] {
  if (plan.hostOnly) return [chooseHostOnly(interfaces)]
  return (plan.interfaces ?? []).map((name) => findInterface(interfaces, name))
}

function handleOptions(one: CaptureInterface, plan: Plan): HandleOptions {
  const mask = one.addresses.find(({ family }) => family === 'ipv4')?.netmask
  const octets = mask?.split('.').map(Number) ?? []
  return {
    interface: one.name,
    snapLength: plan.snapLength,
    promiscuous: plan.promiscuous,
    bufferSize: plan.bufferSize,
    ...(plan.filter && { filter: plan.filter }),
    ...(mask !== undefined && { netmask: octets.reduce((sum, octet) => sum * 256 + octet, 0) }),
  }
}

/** Fills in what the source says about itself, and passes on what libpcap had to say. */
function describe(
  info: SourceInfo,
  plan: Plan,
  chosen: readonly CaptureInterface[],
  opened: readonly OpenedInterface[],
  tell: (notice: CaptureNotice) => void,
): void {
  const { hardware, os, application } = thisSystem()
  info.sections.push({ byteOrder: 'little', hardware, os, application, comments: [] })
  for (const [id, { linkType, timeDigits, warning }] of opened.entries()) {
    const one = chosen[id]
    const description = one?.alias ?? one?.description
    info.interfaces.push({
      id,
      section: 0,
      linkType,
      timeDigits,
      snapLength: plan.snapLength,
      // what is less exact than usual must be known to whoever reads the file
      comments: plan.engine === 'cap' && warning !== undefined ? [warning] : [],
      os,
      ...(one !== undefined && { name: one.name }),
      ...(description !== undefined && { description }),
      ...(plan.filter && { filter: plan.filter }),
    })
    if (warning !== undefined) tell({ kind: 'warning', message: `${one?.name}: ${warning}` })
  }
}

/** The last that needs root, its end, and the writing. */
function openAndWrite(
  plan: Plan,
  info: SourceInfo,
  memory: CaptureMemory,
  account: Account | undefined,
  tell: (notice: CaptureNotice) => void,
): WriterThread | undefined {
  const { file, rotation, fileSize, format } = plan
  const [section] = info.sections
  let output: OutputOptions | undefined
  if (file !== undefined && section !== undefined) {
    const linkTypes = new Set(info.interfaces.map(({ linkType }) => linkType))
    if (format === 'pcap' && linkTypes.size > 1) throw new UsageError('a pcap file has one link type: write a pcapng')
    const firstName = rotation === undefined ? file : rotatedName(file, 1, new Date())
    output = {
      path: file,
      format,
      firstName,
      descriptor: openOutput(firstName, account, rotation !== undefined),
      section,
      interfaces: info.interfaces,
      ...(fileSize !== undefined && { limit: fileSize }),
      ...(rotation !== undefined && { rotation }),
    }
  }
  // its thread starts while root may still let it go first
  const writing =
    output &&
    startWriting({ memory, output }, ({ reason, message }) => {
      // that nobody reads any more is a quiet end
      if (reason !== 'reader-gone') tell({ kind: 'output', message })
    })
  if (account !== undefined) become(account)
  return writing
}
