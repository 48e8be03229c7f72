/** Which virtual lab a command is about. */
import type { Command } from 'commander'
import { UsageError } from '../errors.js'
import { DEFAULT_NAME, type Lab, labNamed, NODES, type Node } from '../labs/virtual/names.js'

export interface NameOptions {
  readonly name: string
}

export function takesName(command: Command): Command {
  return command.option('--name <name>', 'which lab, where several are up at once', DEFAULT_NAME)
}

export function labOf({ name }: NameOptions): Lab {
  return labNamed(name)
}

/** @throws UsageError */
export function parseNode(text: string): Node {
  const node = NODES.find((name) => name === text)
  if (node === undefined) throw new UsageError(`${text} is no node: there are ${NODES.join(' and ')}`)
  return node
}
