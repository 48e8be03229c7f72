/** The programs that are measured on the same file: the project's commands, and its peers. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Profile } from './generator/profiles.js'

export interface Contestant {
  /** how `--only` names it */
  readonly name: string
  readonly isOurs: boolean
  readonly command: string
  readonly args: (capture: string) => string[]
  /** GiB that it takes on the whole of a profile, where that is much */
  readonly memory?: Partial<Record<Profile['name'], number>>
}

const script = (name: string) => fileURLToPath(new URL(`peers/${name}.js`, import.meta.url))
const ours = (name: string, args: string[]): Contestant => ({
  name,
  isOurs: true,
  command: process.execPath,
  args: (capture) => ['bin/synopsis.js', ...args, capture],
})
const peer = (
  name: string,
  command: string,
  args: Contestant['args'],
  memory: Contestant['memory'] = {},
): Contestant => ({
  name,
  isOurs: false,
  command,
  args,
  memory,
})

export const contestants: readonly Contestant[] = [
  ours('sessions', ['sessions', '--json']),
  ours('packets', ['packets']),
  peer('read', process.execPath, (capture) => [script('read'), capture]),
  peer('pcap-parser', process.execPath, (capture) => ['--no-deprecation', script('pcap-parser'), capture]),
  peer('tcpdump', 'tcpdump', (capture) => ['-r', capture, '-w', '/dev/null']),
  peer('tcptrace', 'tcptrace', (capture) => ['-n', capture], { synflood: 16 }),
  peer('tshark', 'tshark', (capture) => ['-q', '-z', 'conv,tcp', '-r', capture], { small: 3, bulk: 1.5, synflood: 4 }),
]

/** What is run, for people: `tcptrace -n FILE`. */
export function commandLine({ name, isOurs, command, args }: Contestant): string {
  if (isOurs) return ['synopsis', ...args('FILE').slice(1)].join(' ')
  if (command !== process.execPath) return [command, ...args('FILE')].join(' ')
  return name === 'read' ? 'node, reading FILE only' : `${name}, counting only`
}

/** Why it cannot run here, or undefined if it can. */
export function whyAbsent(
  contestant: Contestant,
  profile: Profile['name'],
  scale: number,
  free: number,
): string | undefined {
  // half as much again, so that nothing else on the machine has to give way
  const needed = (contestant.memory?.[profile] ?? 0) * scale * 1.5
  if (needed * 2 ** 30 > free)
    return `it wants ${needed.toFixed(1)} GiB of memory to itself, and ${(free / 2 ** 30).toFixed(1)} are free`
  // any argument will do: all that matters is whether there is such a program
  const { error } = spawnSync(contestant.command, ['--version'], { stdio: 'ignore' })
  return error === undefined ? undefined : `${contestant.command} is not installed (${error.message})`
}
