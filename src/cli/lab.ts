/** `synopsis lab`: the commands of the lab. */
import type { Command } from 'commander'
import * as client from './lab-client.js'
import * as down from './lab-down.js'
import * as exec from './lab-exec.js'
import * as list from './lab-list.js'
import * as run from './lab-run.js'
import * as serve from './lab-serve.js'
import * as status from './lab-status.js'
import * as up from './lab-up.js'
import * as wire from './lab-wire.js'

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
  list.configure(command.command('list'))
  serve.configure(command.command('serve'))
  client.configure(command.command('client'))
  run.configure(command.command('run'))
  up.configure(command.command('up'))
  status.configure(command.command('status'))
  exec.configure(command.command('exec'))
  wire.configure(command.command('wire'))
  down.configure(command.command('down'))
  command.addHelpText('after', EXAMPLES)
}
