/** What goes wrong in a lab, in the course's words, with the remedy beside it. */
import { SynopsisError } from '../errors.js'

export class LabError extends SynopsisError {
  /** what to do about it, in one sentence */
  readonly remedy: string

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(code, message, 1, options)
    this.remedy = remedy
  }
}

/** The message, and the remedy on the line below. */
export function describeFailure(error: Error): string {
  return error instanceof LabError ? `${error.message}\n  ${error.remedy}` : error.message
}

/** A call of the C library that returned -1. `code` is errno's name. */
export class CallError extends LabError {
  /** the function, as C spells it */
  readonly call: string

  constructor(call: string, errno: string, description: string) {
    super(errno, `${COMPLAINTS[call] ?? `ERROR in ${call}`}: ${description}`, remedyFor(call, errno))
    this.call = call
  }
}

/** What the course's programs say, by the call that failed. */
const COMPLAINTS: Readonly<Record<string, string>> = {
  socket: 'ERROR opening socket',
  bind: 'ERROR on binding',
  listen: 'ERROR on listen',
  accept: 'ERROR on accept',
  connect: 'ERROR connecting',
  read: 'ERROR reading from socket',
  write: 'ERROR writing to socket',
  sendto: 'ERROR in sendto',
  recvfrom: 'ERROR in recvfrom',
  execve: 'ERROR starting the program',
}

const REMEDIES: Readonly<Record<string, string>> = {
  'execve ENOENT': 'there is no such program: give its path, or install it',
  'execve EACCES': 'the file is not executable: `chmod +x` it',
  'bind EADDRINUSE':
    'another program has this address (or, with --no-reuseaddr, an old connection is still in TIME_WAIT): see which with `ss -anp`, stop it, or choose another port',
  'bind EACCES': 'ports below 1024 are for root: choose one from 1024 to 65535',
  'bind EADDRNOTAVAIL':
    'a server binds an address of this machine: see which there are with `ip address`, or leave HOST out',
  'bind ENOENT': 'the directory of the socket file does not exist: make it first',
  'connect ECONNREFUSED': 'nobody listens there: start the server first, and give the client its port',
  'connect ETIMEDOUT':
    'no answer at all: check the address, that the other machine is up, and that no firewall drops the port',
  'connect EHOSTUNREACH': 'nobody on this network has that address: check it, and that the other machine is up',
  'connect ENETUNREACH': 'there is no route to that network: check the address and `ip route`',
  'connect ENOENT': 'there is no such socket file: start the server first, and give the client the same path',
  'connect EADDRNOTAVAIL': 'no local port is left: too many connections are in TIME_WAIT; wait a minute',
  'sendto EMSGSIZE': 'a UDP datagram carries at most 65507 bytes over IPv4: send less',
  'accept EMFILE': 'too many descriptors are open in this process: raise `ulimit -n`, or close what you no longer need',
}

/** What any call on a connected socket may meet. */
const ON_ANY_CALL: Readonly<Record<string, string>> = {
  ECONNRESET: 'the other end threw the connection away (RST): it crashed, or closed with bytes unread',
  ECONNREFUSED: 'an ICMP error came back: no program has that UDP port; start the server first',
  EPIPE: 'the other end had closed already, and answered the write before with a reset',
}

function remedyFor(call: string, errno: string): string {
  return REMEDIES[`${call} ${errno}`] ?? ON_ANY_CALL[errno] ?? `see \`man 2 ${call}\`, ${errno}`
}
