/** Processes that run already, as /proc shows them. */
import { readdirSync, readFileSync } from 'node:fs'
import { TraceError } from './errors.js'

/** A process and all that descend from it, itself first. @throws TraceError when there is no such process */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  let isThere = false
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(Number(name))
    if (parent === undefined) continue
    isThere ||= Number(name) === pid
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  if (!isThere) throw new TraceError('NO_PROCESS', `there is no process ${pid}`, ['ps -e lists those that run'])
  const family = [pid]
  for (const one of family) family.push(...(children.get(one) ?? []))
  return family
}

function parentOf(pid: number): number | undefined {
  try {
    // the name, in parentheses, may have any character
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
