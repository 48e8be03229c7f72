/** The two ends of a session. */
import type { Role } from './summary.js'

export function otherRole(role: Role): Role {
  return role === 'client' ? 'server' : 'client'
}
