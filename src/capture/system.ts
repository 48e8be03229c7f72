/** What a capture file says about where it was made. */
import { createRequire } from 'node:module'
import { arch, cpus, release, type } from 'node:os'

export interface System {
  readonly hardware: string
  readonly os: string
  /** this program */
  readonly application: string
}

export function thisSystem(): System {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }
  const [cpu] = cpus()
  return {
    hardware: `${cpu?.model.trim() ?? 'unknown processor'} (${arch()})`,
    os: `${type()} ${release()}`,
    application: `synopsis ${version}`,
  }
}
