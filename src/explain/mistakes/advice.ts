/** Of each mistake: its title, what the RFC or the manual page says, and what to change. */
import type { Mistake, MistakeName } from './mistake.js'

type Advice = Pick<Mistake, 'title' | 'rule' | 'reference' | 'advice'>

export const ADVICE: Readonly<Record<MistakeName, Advice>> = {
  'parent-keeps-connection': {
    title: 'the parent never closes the connected socket',
    rule: 'after fork, parent and child each have a descriptor of the same socket; the connection is only ended, and the FIN only sent, when the last one is closed',
    reference: 'fork(2), close(2); Stevens, UNP 1, §4.8',
    advice: 'close the descriptor that accept returned in the parent, right after fork',
  },
  'child-keeps-listener': {
    title: 'the child never closes the listening socket',
    rule: 'a child inherits the listening socket too; as long as any process has it open, the port stays taken and the kernel goes on completing handshakes that nobody will accept',
    reference: 'fork(2), listen(2); Stevens, UNP 1, §4.8',
    advice: 'close the listening socket in the child before it serves its client',
  },
  'unreaped-children': {
    title: 'children are never waited for',
    rule: 'a child that has ended stays a zombie, with its entry in the process table, until its parent has fetched its status',
    reference: 'waitpid(2), NOTES',
    advice:
      'in a handler of SIGCHLD call waitpid(-1, NULL, WNOHANG) until it returns no more children: several signals can come as one; or ignore SIGCHLD (SIG_IGN)',
  },
  'leaked-descriptor': {
    title: 'a descriptor is leaked',
    rule: 'a descriptor stays open until it is closed or the process ends; without close no FIN is sent, the connection stays in CLOSE_WAIT, and in the end accept and socket fail with EMFILE',
    reference: 'close(2); RFC 9293 §3.3.2 (CLOSE-WAIT)',
    advice: 'close the descriptor once the connection is over, on every path, the one after an error too',
  },
  'no-reuseaddr': {
    title: 'bind without SO_REUSEADDR, and TIME_WAIT in the way',
    rule: 'the end that closed first keeps the address for twice the maximum segment lifetime (60 s on Linux), and bind refuses it meanwhile unless SO_REUSEADDR was set',
    reference: 'ip(7), SO_REUSEADDR; RFC 9293 §3.3.2 (TIME-WAIT)',
    advice: 'set SO_REUSEADDR with setsockopt between socket and bind',
  },
  'byte-order': {
    title: 'a port number in the wrong byte order',
    rule: 'sin_port is in network byte order, the most significant byte first; this machine stores the least significant one first',
    reference: 'htons(3), ip(7)',
    advice: 'put htons(port) into sin_port, and use ntohs to print it',
  },
  'partial-read': {
    title: 'a part of a message is taken for the whole',
    rule: 'TCP carries bytes, not messages: read returns what has arrived, which may be less than was asked for and less than the other end wrote at once',
    reference: 'read(2); RFC 9293 §3.9.1.3 (RECEIVE)',
    advice: 'read in a loop until the message is whole: its length, its end mark or the end of file says when',
  },
  'partial-write': {
    title: 'a part of what was to be written is taken for the whole',
    rule: 'write may take fewer bytes than it was given, where the send buffer is full and the socket does not block, or a signal came',
    reference: 'write(2), send(2)',
    advice: 'write the rest, from where write stopped, in a loop; on a non-blocking socket wait for POLLOUT first',
  },
  'segment-boundaries': {
    title: 'a message is taken to be what one read returns',
    rule: 'TCP keeps no boundaries between writes: two of them can come with one read, and one of them with two',
    reference: 'RFC 9293 §2.2 (a stream of bytes), tcp(7)',
    advice: 'give messages a length or an end mark, keep what is read beyond it, and look there before reading again',
  },
  'unread-at-close': {
    title: 'a socket is closed with data unread',
    rule: 'closing a connection with received data that nobody read sends a RST instead of a FIN, and the RST can destroy what was sent before it',
    reference: 'RFC 9293 §3.6.1, RFC 2525 §2.17',
    advice:
      'read until the end of file, or until the message is whole, before close; or shutdown(SHUT_WR) and read the rest away',
  },
  'string-terminator': {
    title: "a string's terminating NUL: one end sends it, the other does not expect it",
    rule: 'the NUL behind a C string is a byte like any other to write, and read puts none behind what it returns',
    reference: 'write(2), strlen(3)',
    advice: 'agree on what ends a message; send strlen(s) bytes, and put the NUL behind what was read: buffer[n] = 0',
  },
  'write-after-reset': {
    title: 'a write on a connection that the other end has reset',
    rule: 'a RST means that the connection is gone; the next write fails with EPIPE and raises SIGPIPE, which ends a process that does not handle it',
    reference: 'write(2), EPIPE; send(2), MSG_NOSIGNAL; RFC 9293 §3.5.3',
    advice:
      'ignore SIGPIPE (or send with MSG_NOSIGNAL), look at what every call returns, and close the socket at the first ECONNRESET or EPIPE',
  },
  'cut-datagram': {
    title: 'a datagram is cut by a buffer that is too small',
    rule: 'a datagram that does not fit into the buffer is cut, and the rest is lost: the next call returns the next datagram',
    reference: 'recv(2), MSG_TRUNC; udp(7)',
    advice:
      'give room for the largest datagram that can come (65,507 bytes over IPv4), or look at msg_flags for MSG_TRUNC',
  },
  'interrupted-call': {
    title: 'an interrupted call is not made again',
    rule: 'a signal handler can end a blocked call with EINTR, which is no failure of the socket',
    reference: 'signal(7), Interruption of system calls; sigaction(2), SA_RESTART',
    advice: 'install the handler with SA_RESTART, and call again when errno is EINTR',
  },
  backlog: {
    title: 'the backlog is too small for what came',
    rule: 'when as many connections wait for accept as listen was told, and one more, Linux drops further SYNs, and clients try again, at first after 1 s',
    reference: 'listen(2); tcp(7), tcp_abort_on_overflow',
    advice: 'give listen a larger backlog (SOMAXCONN), and accept faster',
  },
  'ignored-failure': {
    title: "a call's failure is ignored",
    rule: 'a call that returns -1 has done nothing, and errno says why; what is done with its descriptor afterwards is done with another socket than the program believes',
    reference: 'errno(3), and the ERRORS of each call’s manual page',
    advice: 'look at what every call returns, say why it failed (perror), and do not go on',
  },
}
