/** Runs the program as a user does: the built one, in a process of its own. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const program = `${root}bin/synopsis.js`

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Setting {
  readonly input?: Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

/** No colours, no terminal, and the locale that the tests are written for. */
const { PATH = '' } = process.env
const ENVIRONMENT = { PATH, LANG: 'C.UTF-8' }

export function synopsis(args: readonly string[], setting: Setting = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    env: { ...ENVIRONMENT, ...setting.env },
    input: setting.input ?? '',
    maxBuffer: 256 * 1024 * 1024,
  })
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

/** The same in a shell, with `synopsis` for the program: for pipes, signals and terminals. */
export function inShell(command: string, env: Readonly<Record<string, string>> = {}): Outcome {
  const script = command.replaceAll('synopsis ', `'${process.execPath}' '${program}' `)
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
    cwd: root,
    env: { ...ENVIRONMENT, ...env },
  })
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}
