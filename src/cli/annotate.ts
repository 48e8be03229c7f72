/** `synopsis annotate FILE`: lists notes, adds, changes and removes them, in the pcapng or in a YAML file beside it. */
import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { rangeOf } from '../bytes/lists.js'
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import { UsageError } from '../errors.js'
import { copyAsPcapng } from '../files/copy.js'
import { openCapture } from '../files/open.js'
import { readNotes, writeNotes } from '../notes/capture-notes.js'
import { type Note, parsePackets, parseSession, parseTime, type Target, targetName } from '../notes/note.js'
import { fingerprint, noteFileOf, readNoteFile, readNotesBeside, writeNoteFile } from '../notes/note-file.js'
import { placesOf } from '../notes/places.js'
import { askForNotes } from './annotate-interactive.js'
import { type Run, run } from './run.js'
import { complain } from './screen.js'
import type { ColourChoice } from './terminal.js'

interface Options {
  readonly list?: boolean
  readonly packet?: string
  readonly session?: string
  readonly phase?: string
  readonly at?: string
  readonly capture?: boolean
  readonly change?: number
  readonly remove?: readonly number[]
  readonly from?: string
  readonly interactive?: boolean
  readonly yaml?: boolean
  readonly output?: string
  readonly json?: boolean
  readonly color: ColourChoice
}

const EXAMPLES = `
Examples:
  synopsis annotate lab.pcapng                                    the notes that are there (--list)
  synopsis annotate lab.pcapng -p 7 "server's FIN: it closed first"
  synopsis annotate lab.pcapng -p 4-7 "one question, one answer"
  synopsis annotate lab.pcapng -s 0 --phase teardown "an orderly release"
  synopsis annotate lab.pcapng --at 2.311391 "the user presses Enter"
  synopsis annotate lab.pcapng --capture "exercise 3, done by two"
  synopsis annotate lab.pcapng --change 2 "better said so"
  synopsis annotate lab.pcapng --remove 2
  synopsis annotate lab.pcapng --from notes.yaml
  synopsis annotate lab.pcapng -i                                 step through the first session, and be asked

Notes are comments in the pcapng file: Wireshark shows them, and tshark as frame.comment. Those on a range, a session, a
phase or a moment stand on its first packet and begin with what they are about, as in [session 0, teardown]. What others
wrote is listed too, and stays. With --yaml they are kept, and listed, in FILE.notes.yaml instead, and the capture is not
touched:

  notes:
    - packet: 7
      text: "server's FIN: it closed first"
    - session: 0
      phase: teardown
      text: an orderly release
    - at: 2.311391
      text: the user presses Enter
    - capture: true
      text: exercise 3

A .pcap has no room for notes: a pcapng is written beside it (-o names it), or the YAML.`

export function configure(command: Command): void {
  command
    .argument('<file>', 'a capture')
    .argument('[text]', 'the note')
    .option('-l, --list', 'list the notes; what happens when nothing else is asked for')
    .option('-p, --packet <n>', 'about this packet, or this range: 7-12')
    .option('-s, --session <n>', 'about this session: 0, udp:0')
    .option('--phase <phase>', "with -s: about the session's handshake, data or teardown")
    .option('--at <seconds>', "about a moment, in seconds since the capture's first packet")
    .option('--capture', 'about the whole capture')
    .option('--change <n>', 'give the nth note of the list another text', parseNumber)
    .option('--remove <n>', 'take the nth note of the list away; may be given again', collectNumbers)
    .option('--from <yaml>', 'apply a file of notes')
    .option('-i, --interactive', 'step through a session (-s N, else the first) and ask')
    .option('--yaml', 'keep the notes in FILE.notes.yaml, or list those there, and leave the capture as it is')
    .option('-o, --output <pcapng>', 'of a .pcap: the pcapng that gets the notes')
    .option('--json', 'list as JSON')
    .addHelpText('after', EXAMPLES)
    .action((file: string, text: string | undefined) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => annotate(file, text, options, run))
    })
}

async function annotate(file: string, text: string | undefined, options: Options, run: Run): Promise<void> {
  const home = await Home.of(file, options)
  const added = await newNotes(file, text, options, run)
  const changes = options.change === undefined ? new Map<number, string>() : new Map([[options.change, needed(text)]])
  const remove = new Set(options.remove ?? [])
  if (added.length === 0 && changes.size === 0 && remove.size === 0) {
    list(await home.notes(), options, run)
    return
  }
  await home.apply(added, changes, remove)
  const done = [
    added.length > 0 && `${countOf(added.length, 'note')} added`,
    changes.size > 0 && `${countOf(changes.size, 'note')} changed`,
    remove.size > 0 && `${countOf(remove.size, 'note')} removed`,
  ].filter((part) => part !== false)
  complain(printable(`${home.name}: ${done.join(', ')}`))
}

async function newNotes(file: string, text: string | undefined, options: Options, run: Run): Promise<Note[]> {
  if (options.change !== undefined) return []
  if (options.from !== undefined) return notesFrom(options.from, file)
  if (options.interactive) return askForNotes(file, options.session, run)
  const target = targetOf(options)
  if (target === undefined && text === undefined) return []
  if (target === undefined) throw new UsageError('what is the note about? Say -p N, -s N, --at SECONDS or --capture')
  return [{ target, text: needed(text), ours: true }]
}

async function notesFrom(yaml: string, file: string): Promise<Note[]> {
  const { packets, notes } = await readNoteFile(yaml)
  if (packets !== undefined && packets !== (await fingerprint(await openCapture(file)))) {
    throw new UsageError(`${yaml} was written for other packets than ${file} has: the capture has changed since`)
  }
  return [...notes]
}

function targetOf({ packet, session, phase, at, capture }: Options): Target | undefined {
  if (phase !== undefined && session === undefined) throw new UsageError('--phase needs the session too: -s N')
  const targets: Target[] = []
  if (packet !== undefined) targets.push(parsePackets(packet))
  if (session !== undefined) targets.push(parseSession(session, phase))
  if (at !== undefined) targets.push(parseTime(at))
  if (capture) targets.push({ kind: 'capture' })
  if (targets.length > 1) throw new UsageError('one thing at a time: -p, -s, --at or --capture')
  return targets[0]
}

function needed(text: string | undefined): string {
  if (text === undefined || text.trim() === '')
    throw new UsageError('the text of the note is missing: give it in quotes')
  return text
}

function parseNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a note in the list.')
  return Number(text)
}

function collectNumbers(text: string, before: readonly number[] | undefined): readonly number[] {
  return [...(before ?? []), parseNumber(text)]
}

function list(notes: readonly Note[], options: Options, { screen }: Run): void {
  if (options.json) {
    notes.forEach((note, i) => {
      screen.json({ number: i + 1, ...note })
    })
    return
  }
  if (notes.length === 0) screen.line('no notes')
  const [, width] = rangeOf(notes.map((note) => targetName(note.target).length))
  notes.forEach((note, i) => {
    const about = targetName(note.target).padEnd(width)
    screen.line(
      `${String(i + 1).padStart(3)}  ${about}  ${printable(note.text)}${note.ours ? '' : '  (not by synopsis)'}`,
    )
  })
}

/** Where the notes of a capture are kept. */
abstract class Home {
  readonly name: string
  protected readonly capture: string

  constructor(name: string, capture: string) {
    this.name = name
    this.capture = capture
  }

  static async of(file: string, options: Options): Promise<Home> {
    const source = await openCapture(file)
    const { format, compressed } = source.info
    await source.close()
    if (options.yaml) return new YamlHome(noteFileOf(file), file)
    if (compressed)
      throw new UsageError(`${file} is compressed: unpack it first (gzip -d), or keep the notes beside it with --yaml`)
    if (format === 'pcapng') return new PcapngHome(file, file)
    const output = options.output ?? file.replace(/\.(pcap|cap|dmp)$|$/, '.pcapng')
    return new PcapngHome(output, file)
  }

  abstract notes(): Promise<readonly Note[]>
  abstract apply(add: readonly Note[], change: ReadonlyMap<number, string>, remove: ReadonlySet<number>): Promise<void>

  protected check(notes: readonly Note[], numbers: Iterable<number>): void {
    for (const number of numbers) {
      const note = notes[number - 1]
      if (note === undefined)
        throw new UsageError(`there is no note ${number}: synopsis annotate ${this.capture} lists them`)
      if (!note.ours) throw new UsageError(`note ${number} was not written by synopsis: it stays as it is`)
    }
  }
}

class PcapngHome extends Home {
  async notes(): Promise<readonly Note[]> {
    return existsSync(this.name) ? readNotes(this.name) : []
  }

  async apply(add: readonly Note[], change: ReadonlyMap<number, string>, remove: ReadonlySet<number>): Promise<void> {
    this.check(await this.notes(), [...change.keys(), ...remove])
    const targets = add.map(({ target }) => target)
    const frames = add.length === 0 ? [] : await placesOf(targets, () => openCapture(this.capture))
    if (this.name !== this.capture && !existsSync(this.name)) await copyAsPcapng(this.capture, this.name)
    await writeNotes(this.name, { add: add.map((note, i) => ({ note, frame: frames[i] ?? 0 })), change, remove })
  }
}

class YamlHome extends Home {
  notes(): Promise<readonly Note[]> {
    return readNotesBeside(this.capture)
  }

  async apply(add: readonly Note[], change: ReadonlyMap<number, string>, remove: ReadonlySet<number>): Promise<void> {
    const before = await this.notes()
    this.check(before, [...change.keys(), ...remove])
    const targets = add.map(({ target }) => target)
    if (add.length > 0) await placesOf(targets, () => openCapture(this.capture))
    const kept = before.flatMap((note, i) =>
      remove.has(i + 1) ? [] : [{ ...note, text: change.get(i + 1) ?? note.text }],
    )
    await writeNoteFile(this.name, {
      packets: await fingerprint(await openCapture(this.capture)),
      notes: [...kept, ...add],
    })
  }
}
