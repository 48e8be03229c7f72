import type { TcpSummary } from '../../sessions/summary.js'

/**
 * Whether windows are known in bytes: both SYNs were captured, or one without the option, after which neither end scales
 * (RFC 7323 §2.2). Otherwise what a segment says is the least that there can be.
 */
export function isScaleKnown({ handshake: { client, server, negotiated } }: TcpSummary): boolean {
  if (negotiated !== undefined) return true
  return [client, server].some((opening) => opening !== undefined && opening.windowScale === undefined)
}
