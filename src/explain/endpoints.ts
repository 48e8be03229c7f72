/** Endpoints and roles, as sentences name them. */
import type { EndpointName, Role, SessionSummary } from '../sessions/summary.js'
import type { UnixSummary } from '../timeline/unix/model.js'
import { unixEndName, unixKind } from './unix.js'

export { otherRole } from '../sessions/roles.js'

/** `192.0.2.1:80`, `[2001:db8::1]:80` (RFC 3986 §3.2.2). */
export function formatEndpoint(endpoint: EndpointName): string {
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`
}

/** Any session that can be drawn. */
export type AnySummary = SessionSummary | UnixSummary

export function endName(summary: AnySummary, role: Role): string {
  return summary.protocol === 'unix' ? unixEndName(summary[role]) : formatEndpoint(summary[role])
}

/** `TCP`, `Unix-domain stream` */
export function protocolName(summary: AnySummary): string {
  return summary.protocol === 'unix' ? unixKind(summary) : summary.protocol.toUpperCase()
}
