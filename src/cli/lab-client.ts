/** `synopsis lab client`: a client of the lab. */
import type { Command } from 'commander'
import { run } from '../labs/run.js'
import { serviceNamed } from '../labs/services/index.js'
import { inTheCoursesWords, type ProgramOptions, parseAddress, takesProgram, transportOf } from './lab-options.js'
import { parseCount } from './options.js'

interface Options extends ProgramOptions {
  readonly path: string
  readonly bytes?: number
  readonly connected?: boolean
}

export function configure(command: Command): void {
  takesProgram(command, 'HOST PORT, or the path of a socket file')
    .summary('start a client')
    .description('Starts a client of the lab. What it sends, it reads from standard input.')
    .option('--path <path>', 'http: what to ask for, with or without a slash', '/index.html')
    .option('--bytes <n>', 'chargen, discard: how many bytes to read or send', parseCount)
    .option('--connected', 'udp: connect the socket, so that ICMP errors come back to it')
    .action((service: string, address: readonly string[], options: Options) =>
      inTheCoursesWords(() => connect(service, address, options)),
    )
}

function connect(name: string, address: readonly string[], options: Options): void {
  const { path, bytes, connected = false, calls } = options
  const service = serviceNamed(name)
  const transport = transportOf(service, options)
  run({
    kind: 'client',
    service: service.name,
    transport,
    ...parseAddress(service, transport, address),
    path,
    bytes,
    connected,
    calls,
  })
}
