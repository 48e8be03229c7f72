/** Terms of sockets, of UDP, and of what surrounds a session. */
import type { Entry } from './entry.js'

export const surroundingTerms: readonly Entry[] = [
  {
    term: 'socket',
    source: 'socket(2), POSIX.1-2017',
    see: ['connect', 'accept'],
    text: 'What a program holds of a connection: a descriptor to read and write. A TCP connection is known by four things, both addresses and both ports.',
  },
  {
    term: 'connect',
    source: 'connect(2), POSIX.1-2017',
    see: ['SYN_SENT', 'three-way handshake'],
    text: 'The call that sends the SYN and returns when the SYN/ACK has come; a reset makes it fail with ECONNREFUSED, silence with ETIMEDOUT. On a UDP socket it sends nothing: it only sets the peer.',
  },
  {
    term: 'accept',
    source: 'accept(2), POSIX.1-2017',
    see: ['backlog', 'LISTEN'],
    text: "The call that takes the next completed connection off the backlog. The handshake is the kernel's work: it is done before accept returns, and also when nobody calls it.",
  },
  {
    term: 'ephemeral port',
    also: ['port'],
    source: 'RFC 6335 §6',
    text: 'The port that the system picks for a client: 49152 to 65535 by the standard, 32768 to 60999 on Linux. Servers have fixed ones; those below 1024 need permission.',
  },
  {
    term: 'ECONNREFUSED',
    also: ['refused', 'connection refused'],
    source: 'connect(2), POSIX.1-2017',
    see: ['RST'],
    text: 'Nobody listens on that port: the SYN was answered with a reset, or a datagram with ICMP port unreachable.',
  },
  {
    term: 'ECONNRESET',
    also: ['connection reset by peer'],
    source: 'POSIX.1-2017',
    see: ['RST', 'EPIPE'],
    text: 'A reset came while the connection was open: read and write fail with this.',
  },
  {
    term: 'EPIPE',
    also: ['broken pipe', 'SIGPIPE'],
    source: 'write(2), POSIX.1-2017',
    see: ['RST'],
    text: "A write to a connection that is no more. The first write after the peer's close still goes out and draws a reset; the next one fails with EPIPE, and with SIGPIPE, which ends a program that does not ignore it.",
  },
  {
    term: 'ETIMEDOUT',
    source: 'POSIX.1-2017',
    see: ['RTO'],
    text: 'No answer, however often it was sent again: about two minutes of SYNs on Linux, some fifteen minutes of data.',
  },
  {
    term: 'EHOSTUNREACH',
    also: ['no route to host'],
    source: 'POSIX.1-2017',
    see: ['ARP', 'ICMP'],
    text: 'The host cannot be reached: ARP found nobody, or a router said so with ICMP.',
  },
  {
    term: 'UDP',
    also: ['datagram'],
    source: 'RFC 768',
    text: 'Datagrams with ports and a checksum, and nothing else: no connection, no order, nothing is sent again. The header has 8 bytes; Length counts them and the payload.',
  },
  {
    term: 'ICMP',
    also: ['port unreachable', 'host unreachable'],
    source: 'RFC 792, RFC 4443',
    text: 'How hosts and routers report that a packet could not be delivered. The message quotes the beginning of that packet, by which the session it belongs to is found.',
  },
  {
    term: 'ARP',
    also: ['address resolution'],
    source: 'RFC 826',
    text: 'How a host on the same link is found: a broadcast asks who has an IPv4 address, its owner answers with its hardware address. Without an answer no packet leaves, and connect fails with "No route to host".',
  },
  {
    term: 'fragment',
    also: ['fragmentation', 'MTU'],
    source: 'RFC 791 §3.2, RFC 8200 §4.5',
    text: 'An IP packet longer than the link takes is cut up, and put together at the destination. One lost piece loses the whole.',
  },
  {
    term: 'TTL',
    also: ['hop limit', 'time to live'],
    source: 'RFC 791 §3.2',
    text: 'A count that each router lowers by one, so that packets cannot circle for ever. It starts at 64 on most systems, so it tells how far away the sender is.',
  },
  {
    term: 'snap length',
    also: ['snaplen'],
    source: 'pcap(3PCAP)',
    text: 'How many bytes of each packet a capture keeps. What is beyond was on the wire and is not in the file.',
  },
  {
    term: 'vantage',
    also: ['capture point'],
    source: 'synopsis',
    see: ['RTT', 'out of order'],
    text: 'Where a capture was taken: at the client, at the server, or between. What it can show depends on it: at the sender nothing is out of order, at the receiver nothing that was lost is seen.',
  },
  {
    term: 'completeness',
    also: ['tcp.completeness'],
    source: "Wireshark User's Guide, TCP Analysis",
    text: 'Which turning points of a connection a capture has, as a sum: 1 SYN, 2 SYN/ACK, 4 ACK, 8 data, 16 FIN, 32 RST. 31 is a whole one that ended with FINs.',
  },
  {
    term: 'conn_state',
    source: "Zeek's documentation of conn.log",
    see: ['completeness'],
    text: "Zeek's word for how a connection went: SF from beginning to end, S0 never answered, REJ refused, RSTO and RSTR reset by its opener or its answerer, OTH seen only in the middle.",
  },
]
