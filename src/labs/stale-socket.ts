/**
 * A server that was killed leaves its socket file behind, and bind says that the address is in use. The file is removed
 * when it is a socket and nobody answers on it; anything else that has the path stays.
 */
import { lstatSync, unlinkSync } from 'node:fs'
import type { Address } from './sockets/address.js'
import { failedWith } from './sockets/errno.js'
import { close, connect, socket } from './sockets/sockets.js'

export function removeStaleSocket(address: Address, type: number): void {
  if (!lstatSync(address.path, { throwIfNoEntry: false })?.isSocket()) return
  const probe = socket(address.family, type, 0)
  try {
    connect(probe, address)
  } catch (error) {
    if (failedWith(error, 'ECONNREFUSED')) unlinkSync(address.path)
  } finally {
    close(probe)
  }
}
