/** Endpoints and roles, as sentences name them. */
import type { EndpointName, Role } from '../sessions/summary.js'

/** `192.0.2.1:80`, `[2001:db8::1]:80` (RFC 3986 §3.2.2). */
export function formatEndpoint(endpoint: EndpointName): string {
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`
}

export function otherRole(role: Role): Role {
  return role === 'client' ? 'server' : 'client'
}
