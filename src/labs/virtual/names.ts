/** What the things of a virtual lab are called: two nodes, their adapters and addresses, and where its files are. */
import { join } from 'node:path'
import { UsageError } from '../../errors.js'

export const NODES = ['client', 'server'] as const
export type Node = (typeof NODES)[number]

export interface Adapter {
  readonly name: string
  readonly mac: string
  readonly address: string
  readonly address6: string
}

/** The client is the host on VMware's host-only network, the server a virtual machine on it: MACs of VMware's own ranges. */
export const ADAPTERS: Readonly<Record<Node, Adapter>> = {
  client: { name: 'vmnet1', mac: '00:50:56:c0:00:01', address: '192.168.56.1', address6: 'fd00:56::1' },
  server: { name: 'ens33', mac: '00:0c:29:5e:10:0a', address: '192.168.56.10', address6: 'fd00:56::10' },
}

/** The port of the programs that make a scenario's calls one by one: the echo server's of the books. */
export const PORT = 9877
/** The message and the datagram server's ports in the course. */
export const MESSAGE_PORT = 51717
export const DATAGRAM_PORT = 51718

/** Set, in the environment, for programs that run on a node: which. */
export const ON_NODE = 'SYNOPSIS_NODE'

export function otherNode(node: Node): Node {
  return node === 'client' ? 'server' : 'client'
}

/** One virtual lab: several can be up at once under different names. */
export interface Lab {
  readonly name: string
  readonly folder: string
  /** the socket over which the wire is told what to do */
  readonly control: string
  /** what it did to every frame */
  readonly wireLog: string
  /** what it complained about */
  readonly wireNotes: string
  /** the process of `lab run` that the lab is for */
  readonly owner: string
}

export const DEFAULT_NAME = 'lab'
export const LABS = '/run/synopsis'

/** What to do where the lab is not up. */
export function setUpFirst(lab: Lab): string {
  return `set it up first: synopsis lab up${optionOf(lab)}`
}

/** What to do where a part of it is gone. */
export function setUpAnew(lab: Lab): string {
  return `set it up anew: synopsis lab down${optionOf(lab)}, then synopsis lab up${optionOf(lab)}`
}

/** What to do where it is up, and is not to be. */
export function removeFirst(lab: Lab): string {
  return `synopsis lab down${optionOf(lab)} removes it`
}

function optionOf({ name }: Lab): string {
  return name === DEFAULT_NAME ? '' : ` --name ${name}`
}

/** @throws UsageError */
export function labNamed(name: string): Lab {
  if (!/^[a-z\d][a-z\d-]{0,31}$/i.test(name))
    throw new UsageError(`${JSON.stringify(name)} is no name for a lab: use letters, digits and -`)
  const folder = join(LABS, name)
  return {
    name,
    folder,
    control: join(folder, 'wire.socket'),
    wireLog: join(folder, 'wire.ndjson'),
    wireNotes: join(folder, 'wire.notes'),
    owner: join(folder, 'owner'),
  }
}

/** The network namespace of a node: `synopsis-client`, and with a name of its own `synopsis-NAME-client`. */
export function namespaceOf({ name }: Lab, node: Node): string {
  return name === DEFAULT_NAME ? `synopsis-${node}` : `synopsis-${name}-${node}`
}
