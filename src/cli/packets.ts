/** `synopsis packets`: one row a packet. */
import { type Command, Option } from 'commander'
import { didYouMean } from '../bytes/suggest.js'
import { Decoder } from '../decode/decoder.js'
import { UsageError } from '../errors.js'
import type { Packet } from '../packet.js'
import { Pipeline } from '../pipeline.js'
import { type PacketField, packetField, packetFieldNames } from '../render/packet-fields.js'
import { fieldRows, jsonRows, tableRows, type WriteRow } from '../render/packet-rows.js'
import { PacketFacts } from '../sessions/facts.js'
import type { FrameSource } from '../source.js'
import { revisit, type Survey, survey } from '../survey.js'
import { Input } from './input.js'
import {
  analysedFor,
  collect,
  type FileOptions,
  fileOf,
  type Selection,
  selectionOf,
  takesFiles,
  takesSessions,
} from './options.js'
import { type Run, run } from './run.js'

interface Options extends FileOptions {
  readonly session?: readonly string[]
  readonly format: 'table' | 'fields' | 'ndjson'
  readonly field?: readonly string[]
}

const EXAMPLES = `
Examples:
  synopsis packets lab.pcapng                  a table
  synopsis packets lab.pcapng -T fields -e frame.number -e tcp.stream -e tcp.seq -e synopsis.state.server
  synopsis packets lab.pcapng -T ndjson -s 0   one JSON object a packet of session 0

In a terminal the table's last column is cut at its width; in a pipe, nothing is: synopsis packets lab.pcapng | less -S
-T fields prints what tshark -n -2 -T fields prints. Fields have Wireshark's names; ours begin with synopsis.: session,
phase, state.client, state.server, verdict. docs/fields.md lists them all.`

/** What a packet's JSON object has when no field was named. */
const USUAL_FIELDS: readonly string[] = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.protocols',
  'eth.src',
  'eth.dst',
  'vlan.id',
  'arp.opcode',
  'arp.src.proto_ipv4',
  'arp.dst.proto_ipv4',
  'ip.src',
  'ip.dst',
  'ip.ttl',
  'ip.id',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.hlim',
  'icmp.type',
  'icmp.code',
  'icmpv6.type',
  'icmpv6.code',
  'udp.stream',
  'udp.srcport',
  'udp.dstport',
  'udp.length',
  'tcp.stream',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.flags',
  'tcp.seq',
  'tcp.ack',
  'tcp.len',
  'tcp.window_size',
  'tcp.analysis.retransmission',
  'tcp.analysis.out_of_order',
  'tcp.analysis.duplicate_ack',
  'tcp.analysis.zero_window',
  'synopsis.session',
  'synopsis.phase',
  'synopsis.state.client',
  'synopsis.state.server',
  'synopsis.verdict',
]

export function configure(command: Command): void {
  takesSessions(takesFiles(command))
    .addOption(
      new Option('-T, --format <format>', 'how to print them').choices(['table', 'fields', 'ndjson']).default('table'),
    )
    .option('-e, --field <name>', 'a field to print; may be given again', collect)
    .addHelpText('after', EXAMPLES)
    .action((named: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => packets(fileOf(named, options), options, run))
    })
}

async function packets(file: string, options: Options, run: Run): Promise<void> {
  const { screen } = run
  const { format } = options
  const fields = fieldsOf(options)
  const selection = selectionOf(options)
  const input = new Input(file, run, { limit: options.count, streaming: true })
  const write = format === 'fields' ? fieldRows(fields, screen.writer) : jsonRows(fields, screen.writer)
  if (selection !== undefined || format === 'table' || fields.some((field) => field.need === 'session')) {
    const analyse = analysedFor(selection)
    const first = await survey(await input.first(), () => {}, { analyse })
    await revisit(await input.again(), first, only(selection, format === 'table' ? table(first, run) : write), {
      analyse,
    })
  } else if (fields.some((field) => field.name === 'udp.stream')) {
    // some take their number after their first packet has come
    const first = await survey(await input.first(), () => {}, { analyse: false })
    await revisit(await input.again(), first, write, { analyse: false })
  } else if (fields.some((field) => field.need === 'stream')) {
    await new Pipeline({ visit: write, analyse: false }).run(await input.once())
  } else await decodeOnly(await input.once(), write)
  screen.flush()
  input.complete()
}

/** What is in a packet alone is there without finding its session. */
async function decodeOnly(source: FrameSource, write: WriteRow): Promise<void> {
  const decoder = new Decoder()
  const facts = new PacketFacts()
  const visit = (packet: Packet) => {
    decoder.decode(packet)
    write(packet, facts)
  }
  for await (const batch of source) batch.forEach(visit)
}

/** @throws UsageError when there is no field of that name, or none where there must be */
function fieldsOf(options: Options): PacketField[] {
  const names = options.field?.flatMap((list) => list.split(',')) ?? []
  if (options.format === 'table' && names.length > 0) {
    throw new UsageError('-e names fields for -T fields and -T ndjson: say which')
  }
  if (options.format === 'fields' && names.length === 0) throw new UsageError('-T fields needs at least one -e FIELD')
  return (options.format === 'ndjson' && names.length === 0 ? USUAL_FIELDS : names).map((name) => {
    const field = packetField(name)
    if (field !== undefined) return field
    const hint = didYouMean(name, packetFieldNames, 'docs/fields.md lists them all')
    throw new UsageError(`there is no field ${name}: ${hint}`)
  })
}

/** In a terminal it fits the width; whoever reads a pipe gets all of it. */
function table({ observations }: Survey, { screen }: Run): WriteRow {
  const { packets, firstSeconds, lastSeconds } = observations
  const space = { width: screen.width, packets, duration: Math.abs(lastSeconds - firstSeconds) }
  return tableRows(screen.isTerminal ? space : undefined, screen.theme, (text) => screen.line(text))
}

/** Only the packets of the sessions that were asked for. */
function only(selection: Selection | undefined, write: WriteRow): WriteRow {
  if (selection === undefined) return write
  return (packet, facts) => {
    const { session } = facts
    if (session !== undefined && selection({ protocol: session.protocol, session: session.number }))
      write(packet, facts)
  }
}
