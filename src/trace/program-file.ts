/** The file that a command names, found as execvp does: said before anything is started when there is none. */
import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { TraceError } from './errors.js'

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin'
const SET_ID = 0o6000

export interface ProgramFile {
  readonly path: string
  /** it would run as its owner, or with its group's rights: traced, it does not */
  readonly setsId: boolean
}

/** As a shell has it: not found, and not to be run. */
export const NOT_FOUND = 127
export const NOT_EXECUTABLE = 126

/** @throws TraceError NO_PROGRAM; `exitStatus` is the shell's */
export function findProgram(name: string, path = process.env['PATH'] ?? DEFAULT_PATH): ProgramFile {
  const candidates = name.includes('/') ? [name] : path.split(delimiter).map((folder) => join(folder || '.', name))
  let found: string | undefined
  for (const candidate of candidates) {
    const status = statusOf(candidate)
    if (status?.isFile() !== true) continue
    found ??= candidate
    if (isExecutable(candidate)) return { path: candidate, setsId: (status.mode & SET_ID) !== 0 }
  }
  if (found !== undefined) {
    throw new NoProgram(`${found} cannot be run: it is not executable`, NOT_EXECUTABLE, [`chmod +x ${found}`])
  }
  const hint = statusOf(name)?.isFile() ? [`did you mean ./${name}?`] : []
  throw new NoProgram(`there is no program ${name}`, NOT_FOUND, hint)
}

/** Undefined where there is nothing, or nothing that this user may reach: a folder of root's in PATH is passed over. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

class NoProgram extends TraceError {
  override readonly exitStatus: number

  constructor(message: string, exitStatus: number, remedy: readonly string[]) {
    super('NO_PROGRAM', message, remedy)
    this.exitStatus = exitStatus
  }
}
