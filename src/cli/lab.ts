/** `synopsis lab`: the commands of the lab. */
import type { Command } from 'commander'
import { type Entry, offer } from './commands.js'

const commands: readonly Entry[] = [
  ['list', 'every server and scenario there is, and what each teaches', () => import('./lab-list.js')],
  ['serve', 'start a server', () => import('./lab-serve.js')],
  ['client', 'start a client', () => import('./lab-client.js')],
  ['run', 'play a scenario, capture it, show its timeline (Linux, root)', () => import('./lab-run.js')],
  ['up', 'set up the virtual lab: two nodes on a host-only wire (Linux, root)', () => import('./lab-up.js')],
  ['status', 'what is up, what runs on it, what the wire does', () => import('./lab-status.js')],
  ['exec', 'run a program on a node', () => import('./lab-exec.js')],
  ['wire', 'make the wire lossy, slow, cut: for both directions, or --to one node', () => import('./lab-wire.js')],
  ['down', 'remove the virtual lab, and what a crash left of one', () => import('./lab-down.js')],
]

const EXAMPLES = `
Examples:
  synopsis lab list                              every server there is, and what each teaches
  synopsis lab serve message 51717               the message server, on loopback
  synopsis lab client message localhost 51717    its client
  synopsis lab serve echo --model fork 192.168.56.10 9877
  synopsis lab serve echo --transport unix /tmp/echo.sock
  synopsis lab serve echo --model inetd --program cat 7777
  sudo synopsis lab up                           two virtual nodes on a host-only wire (Linux)
  sudo synopsis lab run lost-segment             a scenario: capture, timeline and all
  sudo synopsis lab exec server -- ./server 51717
  sudo synopsis lab wire --loss 5% --delay 20ms  what the wire does to frames, from now on

Ctrl-C ends a server, and leaves no child and no socket file behind.`

export function configure(command: Command): void {
  command.helpCommand(false)
  offer(command, commands)
  command.addHelpText('after', EXAMPLES)
}
