/**
 * The text of each command on each bundled capture, as it is kept beside this file. `npm run golden` writes it anew; look
 * at the difference, and say in the commit why it is better.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { root, synopsis } from '../cli/synopsis.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const { GOLDEN: golden } = process.env
const isWriting = golden === 'write'

interface Scene {
  readonly name: string
  readonly args: (capture: string) => readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** exit statuses that are as they should be; default: 0 */
  readonly statuses?: readonly number[]
}

const scenes: readonly Scene[] = [
  { name: 'replay.txt', args: (capture) => ['replay', capture] },
  { name: 'replay-80.txt', args: (capture) => ['replay', capture], env: { COLUMNS: '80' } },
  { name: 'replay-140-absolute.txt', args: (capture) => ['replay', '--absolute', capture], env: { COLUMNS: '140' } },
  { name: 'replay-ascii.txt', args: (capture) => ['replay', capture], env: { LANG: 'C' } },
  { name: 'replay-colour.txt', args: (capture) => ['replay', '--color=always', capture] },
  { name: 'replay.ndjson', args: (capture) => ['replay', '--json', capture] },
  { name: 'replay-calls.txt', args: (capture) => ['replay', '--calls', capture] },
  { name: 'explain.txt', args: (capture) => ['explain', capture] },
  { name: 'explain.ndjson', args: (capture) => ['explain', '--json', '--questions', capture] },
  { name: 'questions.txt', args: (capture) => ['explain', '--questions', capture] },
  { name: 'problems.txt', args: (capture) => ['sessions', '--problems', capture], statuses: [0, 3] },
  { name: 'problems.ndjson', args: (capture) => ['sessions', '--problems', '--json', capture], statuses: [0, 3] },
  { name: 'sessions.txt', args: (capture) => ['sessions', capture] },
  { name: 'sessions.ndjson', args: (capture) => ['sessions', '--json', capture] },
  { name: 'packets.txt', args: (capture) => ['packets', capture] },
  { name: 'packets.ndjson', args: (capture) => ['packets', '-T', 'ndjson', capture] },
  { name: 'packet-1.txt', args: (capture) => ['packet', capture, '1'] },
]

/** Captures on which every command is shown; of the others, the timeline. */
const EVERY_SCENE = ['message', 'echo', 'datagram', 'refused']

const captures = readdirSync(`${root}captures`).filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file))

describe.each(captures)('%s', (capture) => {
  const every = EVERY_SCENE.includes(capture.replace(/\..*/, ''))
  const shown = every ? scenes : scenes.filter(({ name }) => name === 'replay.txt')
  test.each(shown.map((scene) => [scene.name, scene] as const))('%s', (_, { name, args, env, statuses = [0] }) => {
    const path = `${folder}${capture.replace(/\..*/, '')}/${name}`
    const { stdout, stderr, status } = synopsis(args(`captures/${capture}`), env === undefined ? {} : { env })
    expect(stderr).toBe('')
    expect(statuses).toContain(status)
    if (isWriting) {
      mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true })
      writeFileSync(path, stdout)
    }
    expect(existsSync(path), `${path} is missing: npm run golden writes it`).toBe(true)
    expect(stdout).toBe(readFileSync(path, 'utf8'))
  })
})
