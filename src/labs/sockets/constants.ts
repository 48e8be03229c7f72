/**
 * The sockets API's constants. Linux and macOS agree on the functions and on few of the numbers: these come from each
 * one's <sys/socket.h>, <netinet/in.h>, <netinet/tcp.h>, <sys/poll.h> and <fcntl.h>.
 */
const macOS = process.platform === 'darwin'

function either(linux: number, darwin: number): number {
  return macOS ? darwin : linux
}

export const AF_UNSPEC = 0
export const AF_UNIX = 1
export const AF_INET = 2
export const AF_INET6 = either(10, 30)

export const SOCK_STREAM = 1
export const SOCK_DGRAM = 2

export const IPPROTO_TCP = 6
export const IPPROTO_IPV6 = 41

export const SOL_SOCKET = either(1, 0xffff)
export const SO_REUSEADDR = either(2, 4)
export const SO_TYPE = either(3, 0x1008)
export const SO_ERROR = either(4, 0x1007)
export const SO_SNDBUF = either(7, 0x1001)
export const SO_RCVBUF = either(8, 0x1002)
export const SO_KEEPALIVE = either(9, 8)
export const SO_LINGER = either(13, 0x1080) // macOS: SO_LINGER_SEC, in seconds as everywhere else
export const SO_RCVTIMEO = either(20, 0x1006)
export const SO_SNDTIMEO = either(21, 0x1005)
export const TCP_NODELAY = 1
/** Linux alone */
export const TCP_QUICKACK = 12
export const IPV6_V6ONLY = either(26, 27)

/** The process at the other end of a Unix-domain stream: SO_PEERCRED here, LOCAL_PEERPID there. */
export const SOL_PEER = either(1, 0)
export const SO_PEER_PROCESS = either(17, 2)

export const MSG_OOB = 1
export const MSG_PEEK = 2
export const MSG_DONTWAIT = either(0x40, 0x80)

export const SHUT_RD = 0
export const SHUT_WR = 1
export const SHUT_RDWR = 2

export const POLLIN = 1
export const POLLOUT = 4
export const POLLERR = 8
export const POLLHUP = 16

export const F_GETFL = 3
export const F_SETFL = 4
export const O_NONBLOCK = either(0x800, 4)

/** How many descriptors an fd_set holds; one beyond it would be written past its end. */
export const FD_SETSIZE = 1024

export const NI_NAMEREQD = either(8, 4)
export const EAI_NONAME = either(-2, 8)

const NAMES: Record<string, readonly (readonly [string, number])[]> = {
  family: [
    ['AF_UNIX', AF_UNIX],
    ['AF_INET', AF_INET],
    ['AF_INET6', AF_INET6],
  ],
  type: [
    ['SOCK_STREAM', SOCK_STREAM],
    ['SOCK_DGRAM', SOCK_DGRAM],
  ],
  level: [
    ['SOL_SOCKET', SOL_SOCKET],
    ['IPPROTO_TCP', IPPROTO_TCP],
    ['IPPROTO_IPV6', IPPROTO_IPV6],
  ],
  socketOption: [
    ['SO_REUSEADDR', SO_REUSEADDR],
    ['SO_TYPE', SO_TYPE],
    ['SO_ERROR', SO_ERROR],
    ['SO_SNDBUF', SO_SNDBUF],
    ['SO_RCVBUF', SO_RCVBUF],
    ['SO_KEEPALIVE', SO_KEEPALIVE],
    ['SO_LINGER', SO_LINGER],
    ['SO_RCVTIMEO', SO_RCVTIMEO],
    ['SO_SNDTIMEO', SO_SNDTIMEO],
  ],
  tcpOption: [
    ['TCP_NODELAY', TCP_NODELAY],
    ['TCP_QUICKACK', TCP_QUICKACK],
  ],
  how: [
    ['SHUT_RD', SHUT_RD],
    ['SHUT_WR', SHUT_WR],
    ['SHUT_RDWR', SHUT_RDWR],
  ],
}

/** The name that C gives a number, for the log of calls; the number itself where there is none. */
export function constantName(group: keyof typeof NAMES, value: number): string {
  return NAMES[group]?.find(([, number]) => number === value)?.[0] ?? String(value)
}

/** The option's name, which depends on its level. */
export function optionName(level: number, option: number): string {
  if (level === SOL_SOCKET) return constantName('socketOption', option)
  if (level === IPPROTO_TCP) return constantName('tcpOption', option)
  return level === IPPROTO_IPV6 && option === IPV6_V6ONLY ? 'IPV6_V6ONLY' : String(option)
}

/** MSG_ flags as C writes them: `MSG_OOB|MSG_DONTWAIT`, `0`. */
export function flagNames(flags: number): string {
  const names = []
  if (flags & MSG_OOB) names.push('MSG_OOB')
  if (flags & MSG_PEEK) names.push('MSG_PEEK')
  if (flags & MSG_DONTWAIT) names.push('MSG_DONTWAIT')
  return names.join('|') || '0'
}
