/**
 * `synopsis capture`: live. The timelines grow on standard output while packets come; the file gets them all; standard
 * error has what happened and, in the end, the counts.
 */
import type { Command } from 'commander'
import { printable } from '../bytes/printable.js'
import { formatSize } from '../bytes/units.js'
import { type Capture, capture } from '../capture/capture.js'
import { listInterfaces } from '../capture/interfaces.js'
import type { CaptureCounts, CaptureResult } from '../capture/options.js'
import type { StopReason } from '../capture/stop-reason.js'
import { UsageError } from '../errors.js'
import { explaining } from './capture-failure.js'
import { captureOptions, type Options, takesCaptureOptions } from './capture-options.js'
import { Companion, quiet } from './companion.js'
import { printInterfaces } from './interfaces.js'
import { displayFor } from './live-display.js'
import { type Run, run } from './run.js'
import { complain } from './screen.js'

const EXAMPLES = `
Examples:
  sudo synopsis capture                                    the host-only adapter: timelines as they grow
  sudo synopsis capture -i vmnet1 -w lab.pcapng            and every packet kept
  sudo synopsis capture -f 'tcp port 51717' -c 100 -w lab.pcap
  sudo synopsis capture -i lo -w lab.pcapng -- ./client localhost 51717
  sudo synopsis capture -q -w lab.pcapng --rotate filesize:100M --keep 10
  sudo synopsis capture -i vmnet1 -w - | wireshark -k -i -

Ctrl-C ends it, after what the kernel still has was taken; a second one ends it at once. SIGUSR1 prints the counts.
Root is given up as soon as the capture is open. What is missing for a capture: synopsis doctor`

export function configure(command: Command): void {
  takesCaptureOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((words: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => explaining(run, options.json ?? false, () => live(words, options, run)))
    })
}

async function live(words: readonly string[], options: Options, run: Run): Promise<void> {
  if (options.listInterfaces) {
    printInterfaces(await listInterfaces({ linkTypes: true }), run)
    return
  }
  if (words.length > 0 && !process.argv.includes('--')) {
    throw new UsageError(`${words[0]}: a filter comes after -f, a program to run after --`)
  }
  const stop = new AbortController()
  const source = capture({
    ...captureOptions(options),
    signal: stop.signal,
    onNotice: ({ message }) => complain(`synopsis: ${printable(message)}`),
  })
  const display = displayFor(options, run.screen, () => stop.abort())
  const counts = () => ({ ...source.counts(), shown: display.shown(source) })
  const signals = catchSignals(source, counts, () => stop.abort())
  try {
    const displayed = display.run(source)
    // it is awaited below, where the capture has begun
    displayed.catch(() => {})
    const interfaces = await source.ready
    for (const { name, reason } of interfaces) {
      complain(`synopsis: capturing on ${printable(name)}: ${printable(reason)}`)
    }
    const keepsOutput = options.write !== '-' && options.json !== true
    const companion = words.length > 0 ? new Companion(words, keepsOutput) : undefined
    signals.companion = companion
    const status = companion && (await accompany(companion, source, () => stop.abort()))
    await displayed
    const result = await source.done
    printCounts({ ...result, shown: display.shown(source) })
    if (result.captured === 0 && !FAILURES.includes(result.reason)) {
      complain(
        `synopsis: ${whyEmpty(
          interfaces.map(({ name }) => name),
          options.filter,
        )}`,
      )
    }
    if (result.message !== undefined && !QUIET_ENDS.includes(result.reason)) run.warn(result.message, 0)
    if (FAILURES.includes(result.reason)) process.exitCode = 1
    if (status !== undefined) process.exitCode = status
  } finally {
    signals.release()
  }
}

/** What to check where nothing came. */
function whyEmpty(names: readonly string[], filter: string | undefined): string {
  const where = printable(names.join(', '))
  const through = filter === undefined ? '' : `; does the filter «${printable(filter)}» let it through (try without -f)`
  return (
    `nothing came on ${where}: was anything sent meanwhile; does it go that way (synopsis interfaces lists the others, and ` +
    `programs on one machine talk over its loopback)${through}?`
  )
}

/** Waits for the program, and until its packets have come. */
async function accompany(companion: Companion, source: Capture, stop: () => void): Promise<number> {
  const status = await companion.ended
  await quiet(() => source.counts().captured)
  stop()
  return status
}

/** Ends that the user did not ask for. */
const FAILURES: readonly StopReason[] = ['interface-gone', 'disk-full', 'output-failed']
/** Ends that were told already, or that are nobody's concern. */
const QUIET_ENDS: readonly StopReason[] = ['reader-gone', 'disk-full', 'output-failed', 'interface-gone', 'file-size']

/** Milliseconds that the end may take once it was asked for twice. */
const HURRY = 300
/** As a shell has it: ended by SIGINT. */
const INTERRUPTED = 130

interface Signals {
  companion: Companion | undefined
  release(): void
}

/** The first signal ends the capture as it should end, the second one at once. */
function catchSignals(source: Capture, counts: () => CaptureCounts, stop: () => void): Signals {
  let asked = 0
  const end = (signal: NodeJS.Signals) => {
    if (++asked === 1) {
      // the terminal sends its interrupt to all that run in it
      if (signal !== 'SIGINT') signals.companion?.terminate()
      stop()
      return
    }
    signals.companion?.terminate()
    void source.close()
    setTimeout(() => {
      printCounts(counts())
      process.exit(INTERRUPTED)
    }, HURRY).unref()
  }
  const count = () => complain(`synopsis: ${countLines(counts()).join(', ')}`)
  const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of ends) process.on(signal, end)
  process.on('SIGUSR1', count)
  const signals: Signals = {
    companion: undefined,
    release: () => {
      for (const signal of ends) process.off(signal, end)
      process.off('SIGUSR1', count)
    },
  }
  return signals
}

function printCounts(counts: CaptureCounts & Partial<CaptureResult>): void {
  for (const line of countLines(counts)) complain(line)
}

/** In tcpdump's words, and as tcpdump has them: programs read these lines. */
function countLines(counts: CaptureCounts & Partial<CaptureResult>): string[] {
  const { captured, shown, droppedByKernel, droppedByInterface, written, bytes, files = [] } = counts
  const lines = [
    `${captured} packets captured`,
    `${shown} packets shown`,
    `${droppedByKernel} packets dropped by kernel`,
    `${droppedByInterface} packets dropped by interface`,
  ]
  const [file, ...more] = files
  if (file !== undefined) {
    const where = file === '-' ? 'standard output' : more.length > 0 ? `${files.length} files` : printable(file)
    lines.push(`${written} packets written to ${where} (${formatSize(bytes)})`)
  }
  return lines
}
