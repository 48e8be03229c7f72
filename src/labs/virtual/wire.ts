/** The wire, from outside of its process: starting it, asking it, changing it, ending it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { fileURLToPath } from 'node:url'
import { LabError } from '../errors.js'
import type { Impairment } from './impairment.js'
import { type Lab, type Node, setUpAnew, setUpFirst } from './names.js'

export interface WireOrder {
  /** `to`: the direction, by where it leads; both without it */
  readonly change?: { readonly to?: Node; readonly impairment: Partial<Impairment> }
  readonly end?: true
}

/** What is done to frames on their way to either node. */
export type WireAnswer = Readonly<Record<Node, Impairment>>

const PROGRAM = fileURLToPath(new URL('./wire-process.js', import.meta.url))

/** Starts the wire between two namespaces that are there; resolves once both adapters are. It outlives this process. */
export async function startWire(lab: Lab, seed: number): Promise<void> {
  const notes = openSync(lab.wireNotes, 'a')
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify({ lab, seed })], {
    stdio: ['ignore', 'pipe', notes],
    detached: true,
  })
  closeSync(notes)
  await ready(child, lab)
  child.stdout?.destroy()
  child.unref()
}

function ready(child: ChildProcess, lab: Lab): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause?: Error) => {
      const text = readFileSync(lab.wireNotes, 'utf8')
      const reason = /Error: (.*)/.exec(text)?.[1] ?? (text.trim() || cause?.message || 'it ended')
      reject(new LabError('WIRE', `the wire does not start: ${reason}`, 'the virtual lab needs root and /dev/net/tun'))
    }
    child.once('error', failed)
    child.once('exit', () => failed())
    child.stdout?.once('data', () => {
      child.removeAllListeners()
      resolve()
    })
  })
}

/** Tells the wire what to do. @throws LabError when there is no wire */
export function tellWire(lab: Lab, order: WireOrder): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const gone = (cause?: NodeJS.ErrnoException) =>
      reject(
        cause?.code === 'EACCES'
          ? new LabError('RIGHTS', 'only root may ask the wire, or tell it anything', 'say sudo before it', { cause })
          : new LabError('NO_WIRE', 'there is no wire', cause?.code === 'ENOENT' ? setUpFirst(lab) : setUpAnew(lab), {
              cause,
            }),
      )
    const socket = createConnection(lab.control)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`${JSON.stringify(order)}\n`))
    socket.on('error', gone)
    socket.on('close', () => gone())
    socket.on('data', (more: string) => {
      text += more
      if (!text.endsWith('\n')) return
      socket.removeAllListeners('close')
      socket.end()
      resolve(JSON.parse(text) as WireAnswer)
    })
  })
}

/** Whether a process is the wire of this lab: what its command line says. */
export function isWireOf(lab: Lab, pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.some((word) => word.endsWith('wire-process.js')) && words.some((word) => word.includes(lab.control))
  } catch {
    return false
  }
}
