/** The name of a socket's end as a log has it, and as an endpoint. */
import type { EndpointName } from '../../sessions/summary.js'

/**
 * `192.0.2.1:80`, `[2001:db8::1]:80`; `*` stands for any of the host's addresses. IPv4 in a socket of IPv6 has its address
 * mapped (RFC 4291 §2.5.5.2). Undefined for what is neither: a path.
 */
export function parseSocketName(name: string): EndpointName | undefined {
  const [, host, port] = /^\[?(?:::ffff:(?=\d+\.))?([^\]]*?)\]?:(\d{1,5})$/.exec(name) ?? []
  if (host === undefined || port === undefined || host.includes('/')) return undefined
  return { address: host === '0.0.0.0' || host === '::' ? '*' : host, port: Number(port) }
}

/** An endpoint as logs, and netstat, name it: `192.0.2.1:80`, `[2001:db8::1]:80`. */
export function socketName({ address, port }: EndpointName): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
