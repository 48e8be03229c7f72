/** Arguments and options that the lab's commands share. */
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.js'
import { describeFailure, LabError } from '../labs/errors.js'
import { parsePort } from '../labs/port.js'
import { SERVICES } from '../labs/services/index.js'
import type { Service } from '../labs/services/service.js'
import { TRANSPORTS, type Transport } from '../labs/task.js'
import { complain } from './screen.js'

export interface ProgramOptions {
  readonly transport?: Transport
  readonly calls?: string
}

/** `SERVICE ADDRESS`, `--transport`, `--calls`. */
export function takesProgram(command: Command, address: string): Command {
  return command
    .argument('<service>', SERVICES.map(({ name }) => name).join(', '))
    .argument('[address...]', address)
    .addOption(
      new Option('--transport <transport>', 'what carries it (default: tcp; datagram: udp)').choices(TRANSPORTS),
    )
    .option('--calls <file>', 'log every call of the sockets API as it was made (NDJSON)')
}

/** The transport that was asked for, or else the service's own. */
export function transportOf(service: Service, options: ProgramOptions): Transport {
  return options.transport ?? (service.stream ? 'tcp' : 'udp')
}

/** Reads `HOST PORT`, or the path of a socket file, which `host` then is. The port may be left out where the service has one. */
export function parseAddress(
  service: Service,
  transport: Transport,
  words: readonly string[],
): { readonly host: string; readonly port: number } {
  const [host = '127.0.0.1', port, another] = words
  if (transport === 'unix' || transport === 'unix-datagram') {
    if (words.length === 1) return { host, port: 0 }
    throw new UsageError('where? Give the path of a socket file, /tmp/lab.sock say')
  }
  if (another !== undefined) throw new UsageError(`an address is a host and a port: ${another} is one word too many`)
  return { host, port: parsePort(port, service.port) }
}

/** What goes wrong is said as the course's programs say it, with the remedy on the next line. */
export function inTheCoursesWords(start: () => void): void {
  try {
    start()
  } catch (error) {
    complainOf(error)
  }
}

/** The same for what takes its time. */
export async function inTheLabsWords(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    complainOf(error)
  }
}

function complainOf(error: unknown): void {
  if (!(error instanceof LabError)) throw error
  complain(describeFailure(error))
  process.exitCode = error.exitStatus
}
