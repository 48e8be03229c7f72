/** The options of `synopsis capture`, and what they may be. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CaptureOptions, Engine } from '../capture/options.js'
import type { Rotation } from '../capture/output.js'
import { UsageError } from '../errors.js'
import { expectCaptureName } from './capture-name.js'
import { collect, parseCount } from './options.js'
import type { ColourChoice } from './terminal.js'

export interface Options {
  readonly interface?: readonly string[]
  readonly hostOnly?: boolean
  readonly listInterfaces?: boolean
  readonly filter?: string
  readonly write?: string
  readonly count?: number
  readonly snapshotLength?: number
  readonly promiscuousMode: boolean
  readonly bufferSize?: number
  readonly autostop?: readonly string[]
  readonly rotate?: readonly string[]
  readonly keep?: number
  readonly engine: Engine
  readonly relinquishPrivileges?: string
  readonly quiet?: boolean
  readonly json?: boolean
  readonly color: ColourChoice
}

export function takesCaptureOptions(command: Command): Command {
  return command
    .argument('[command...]', 'after --: a program to run meanwhile; the capture ends when it has ended')
    .option('-i, --interface <name>', 'where to capture; may be given again (default: the host-only adapter)', collect)
    .option('--host-only', 'on the one host-only adapter, whatever it is called')
    .option('-D, --list-interfaces', 'list what can be captured on, and end')
    .option('-f, --filter <filter>', "only what libpcap's filter lets through: 'tcp port 51717'")
    .option(
      '-w, --write <file>',
      'keep the packets: pcapng, or pcap where the name ends in .pcap; - is standard output',
    )
    .option('-c, --count <n>', 'end after so many packets', parseCount)
    .option('-s, --snapshot-length <bytes>', 'keep only so much of each packet (default: 262144)', parseCount)
    .option('-p, --no-promiscuous-mode', 'only what is for this machine')
    .option('-B, --buffer-size <MiB>', "the kernel's buffer; 512K and 1G will do, too (default: 16)", parseBuffer)
    .option('-a, --autostop <condition>', 'end after duration:SECONDS, packets:N or filesize:SIZE', collect)
    .option('--rotate <condition>', 'go on in another file after filesize:SIZE or duration:SECONDS', collect)
    .option('--keep <n>', 'with --rotate: keep only the newest n files', parseCount)
    .addOption(new Option('--engine <engine>', 'what captures').choices(['libpcap', 'cap']).default('libpcap'))
    .option('-Z, --relinquish-privileges <user>', 'as root: go on as this user (default: the one behind sudo)')
    .option('-q, --quiet', 'counts only, on one line that refreshes')
    .option('--json', 'one JSON object a line for each event; errors, too (docs/schema.md)')
    .option('-n, --numeric', 'numbers, not names: there are no others')
}

/** @throws UsageError */
export function captureOptions(options: Options): CaptureOptions {
  const stop = conditions(options.autostop, '-a', ['duration', 'packets', 'filesize'])
  const rotation = rotationOf(options)
  const packets = Math.min(options.count ?? Number.POSITIVE_INFINITY, stop.get('packets') ?? Number.POSITIVE_INFINITY)
  const interfaces = options.interface ?? []
  if (options.hostOnly && interfaces.length > 0) throw new UsageError('--host-only or -i, not both')
  expectCaptureName(options.write)
  return {
    interfaces,
    hostOnly: interfaces.length === 0,
    promiscuous: options.promiscuousMode,
    engine: options.engine,
    ...given('filter', options.filter),
    ...given('file', options.write),
    ...given('snapLength', options.snapshotLength),
    ...given('bufferSize', options.bufferSize),
    ...given('duration', stop.get('duration')),
    ...given('fileSize', stop.get('filesize')),
    ...given('packets', Number.isFinite(packets) ? packets : undefined),
    ...given('rotation', rotation),
    ...given('user', options.relinquishPrivileges),
  }
}

function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V })
}

function rotationOf(options: Options): Rotation | undefined {
  const { rotate, keep } = options
  if (rotate === undefined) {
    if (keep !== undefined) throw new UsageError('--keep goes with --rotate')
    return undefined
  }
  const found = conditions(rotate, '--rotate', ['duration', 'filesize'])
  return {
    ...given('fileSize', found.get('filesize')),
    ...given('duration', found.get('duration')),
    ...given('keep', keep),
  }
}

/** `duration:2.5`, `packets:100`, `filesize:10M`. */
function conditions(texts: readonly string[] = [], option: string, names: readonly string[]): Map<string, number> {
  return new Map(
    texts.map((text) => {
      const [, name = '', value = ''] = /^(\w+):(.+)$/.exec(text) ?? []
      if (!names.includes(name)) {
        throw new UsageError(`${option} ${text}: it must be ${names.map((one) => `${one}:…`).join(' or ')}`)
      }
      const number = name === 'filesize' ? parseSize(value, 1000) : Number(value)
      const isRight = name === 'duration' ? number > 0 && number < 1e9 : Number.isSafeInteger(number) && number > 0
      if (!isRight) throw new UsageError(`${option} ${text}: ${value} is no ${name === 'filesize' ? 'size' : 'number'}`)
      return [name, number] as const
    }),
  )
}

const UNITS: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

/** Bytes of `64K`, `1.5M`, `2G`, `300B`; a number alone is in `unit`. NaN where it is none of these. */
function parseSize(text: string, unit: number): number {
  const [, number = '', letter = ''] = /^(\d+(?:\.\d+)?)([BKMG])?(?:i?B)?$/i.exec(text) ?? []
  return number === '' ? Number.NaN : Math.round(Number(number) * (UNITS[letter.toUpperCase()] ?? unit))
}

function parseBuffer(text: string): number {
  const bytes = parseSize(text, 2 ** 20)
  if (!(bytes >= 4096 && bytes < 2 ** 31)) throw new InvalidArgumentError('It must be a size below 2G: 16 (MiB), 512K.')
  return bytes
}
