/** `synopsis lab serve`: a server of the lab. */
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.js'
import { checkCombination } from '../labs/catalog.js'
import { run } from '../labs/run.js'
import { serviceNamed } from '../labs/services/index.js'
import { MODELS, type Model } from '../labs/task.js'
import { ON_NODE } from '../labs/virtual/names.js'
import { inTheCoursesWords, type ProgramOptions, parseAddress, takesProgram, transportOf } from './lab-options.js'
import { parseCount } from './options.js'

interface Options extends ProgramOptions {
  readonly model: Model
  readonly backlog?: number
  readonly reuseaddr: boolean
  readonly forever?: boolean
  readonly once?: boolean
  readonly children: number
  readonly bare?: boolean
  readonly program?: string
}

const CHILDREN = 5

const NOTES = `
Ctrl-C ends the server. \`kill -USR2\` with its process id shows the table of its children (fork, prefork, inetd).`

export function configure(command: Command): void {
  takesProgram(
    command,
    '[HOST] PORT, or the path of a socket file; without HOST: loopback, or, on a node of the lab, any address; port 0: any',
  )
    .summary('start a server')
    .description('Starts a server of the lab. `synopsis lab list` shows what goes together, and what each teaches.')
    .addOption(new Option('--model <model>', 'how it serves').choices(MODELS).default('iterative'))
    .option('--backlog <n>', 'how many connections may wait for accept (default: 5; http: 10)', parseCount)
    .option('--no-reuseaddr', 'do not set SO_REUSEADDR before bind')
    .addOption(new Option('--once', 'end after the first connection or datagram (message does)').conflicts('forever'))
    .option('--forever', 'message: go on after the first connection')
    .option('--children <n>', 'prefork: how many children', parseCount, CHILDREN)
    .option('--bare', 'http: answer the page alone, without a status line and headers')
    .option('--program <command>', 'inetd: what the shell starts for each connection, instead of the service')
    .addHelpText('after', NOTES)
    .action((service: string, address: readonly string[], options: Options) =>
      inTheCoursesWords(() => serve(service, address, options)),
    )
}

function serve(name: string, address: readonly string[], options: Options): void {
  const { model, program, calls } = options
  const service = serviceNamed(name)
  const transport = transportOf(service, options)
  checkCombination(name, model, transport)
  if (program !== undefined && model !== 'inetd') throw new UsageError('--program goes with --model inetd')
  // a server's host may be left out: then the only word is the port
  const host = transport === 'tcp' || transport === 'udp' ? [usualHost()] : []
  run({
    kind: 'serve',
    service: name,
    model,
    transport,
    ...parseAddress(service, transport, address.length < 2 ? [...host, ...address] : address),
    backlog: options.backlog ?? service.backlog,
    reuseAddress: options.reuseaddr,
    once: options.once ?? (service.once && !options.forever),
    children: options.children,
    program: program === undefined ? [] : ['sh', '-c', program],
    bare: options.bare ?? false,
    calls,
  })
}

/** Whoever tries a server out at home wants nobody else to reach it; on a node of the virtual lab, clients come from the other one. */
function usualHost(): string {
  return process.env[ON_NODE] === undefined ? '127.0.0.1' : '0.0.0.0'
}
