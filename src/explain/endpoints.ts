/** Endpoints and roles, as sentences name them. */
import type { EndpointName } from '../sessions/summary.js'

export { otherRole } from '../sessions/roles.js'

/** `192.0.2.1:80`, `[2001:db8::1]:80` (RFC 3986 §3.2.2). */
export function formatEndpoint(endpoint: EndpointName): string {
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`
}
