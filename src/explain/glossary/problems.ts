/** What goes wrong, by the names that `sessions --problems` gives it. Where the cause is a term of its own, that has the name. */
import type { Entry } from './entry.js'

export const problemTerms: readonly Entry[] = [
  {
    term: 'never answered',
    source: 'RFC 9293 §3.8.3',
    see: ['SYN lost', 'ETIMEDOUT', 'ECONNREFUSED'],
    text: 'The SYN was sent again and again, and nothing came back, not even a reset: the host is down, the address wrong, or a firewall drops what it does not want. A port that is merely closed answers with a reset.',
  },
  {
    term: 'SYN lost',
    also: ['SYN/ACK lost', 'ACK lost', 'backlog full or SYN lost'],
    source: 'RFC 9293 §3.8.1, RFC 6298 §2',
    see: ['backlog', 'three-way handshake', 'RTO'],
    text: 'A segment of the handshake got no answer and was sent again, 1 s later at first: connect takes that long. A server whose backlog is full drops SYNs too, which looks the same unless the capture was taken there.',
  },
  {
    term: 'vanished',
    source: 'RFC 9293 §3.8.3',
    see: ['keep-alive', 'ETIMEDOUT', 'RTO'],
    text: 'One end is not heard of any more, without FIN or reset, and all that the other sends again is in vain: its host or the network is down. A program that ends or crashes does not vanish: its system closes for it.',
  },
  {
    term: 'rejected',
    also: ['firewall'],
    source: 'RFC 1812 §5.2.7.1, RFC 4443 §3.1',
    see: ['never answered', 'ECONNREFUSED', 'EHOSTUNREACH'],
    text: 'A firewall does not let a packet pass, and says so with an ICMP error: "administratively prohibited", or "port unreachable" about TCP, for which a host itself sends a reset. Others are unreachable: a router knows no way to the network, or does not find the host. Of an open connection these are soft errors: TCP goes on trying, since the way may come back (RFC 1122 §4.2.3.9).',
  },
  {
    term: 'path MTU black hole',
    also: ['black hole'],
    source: 'RFC 2923 §2.1, RFC 4821',
    see: ['path MTU', 'MSS', 'fragment'],
    text: 'Long packets never arrive, short ones do: a link on the way takes only shorter ones, and the ICMP message that would say so is filtered. The handshake and small requests work, the first full segment hangs. Let the message through, or offer a smaller MSS.',
  },
  {
    term: 'older connection',
    also: ['half-open discovery', 'challenge ACK'],
    source: 'RFC 9293 §3.5.1, RFC 5961 §4',
    see: ['half-open', 'RST', 'TIME_WAIT'],
    text: 'A client that has restarted, or a device on the way, has forgotten a connection that the server still has, and a SYN comes from the same port. The server answers with an ACK of the older connection, the client resets that one, and its next SYN goes through.',
  },
  {
    term: 'slow reply',
    source: 'RFC 9293 §3.8.6.3',
    see: ['delayed ACK', 'RTT', 'silence'],
    text: "The server's system acknowledged a request at once, and its program took long to answer: the time went into the program, or into what that waited for, and not into the network.",
  },
  {
    term: 'foreign reset',
    also: ['foreign_reset', 'forged reset', 'injected reset'],
    printedAs: ['another TTL'],
    source: 'RFC 3360',
    see: ['RST', 'TTL'],
    text: "A reset whose time to live differs from that of all other packets of its end has another way behind it, or began with another number: a firewall or a filter on the way sent it in that end's name, mostly to both ends at once. Some systems send their own resets so.",
  },
  {
    term: 'never arrived',
    source: 'RFC 9293 §3.8',
    see: ['path MTU black hole', 'SACK', 'duplicate ACK'],
    text: 'The receiver asked for bytes that were missing, or a later segment is numbered behind bytes that were not seen, and they never came: they were lost each time, or their sender gave up. Or, seen from their sender: it sent them again and again, and the other end, which was there, never had them: a firewall drops them, or a network on the way.',
  },
  {
    term: 'outage',
    source: 'RFC 6298 §5',
    see: ['RTO', 'vanished'],
    text: 'The same bytes were sent several times in vain, and then answered: the network was down for so long, or sent them round in a loop of routes, and the connection lived on. Where the capture was taken behind the fault, nothing comes for long, and then what was sent meanwhile, once more.',
  },
  {
    term: 'forgotten',
    source: 'RFC 9293 §3.5.1, §3.10.7.1',
    see: ['half-open', 'RST'],
    text: 'A host answers a segment of an open connection with a reset that has no ACK flag: it does not know the connection. It has restarted, or a device on the way (NAT, firewall) has dropped it.',
  },
  {
    term: 'written after close',
    source: 'RFC 1122 §4.2.2.13',
    see: ['EPIPE', 'RST', 'half-close'],
    text: 'One end had closed its socket, or its program had ended, and the other still wrote: what comes is answered with a reset, and is lost.',
  },
  {
    term: 'closed with unread data',
    source: 'RFC 9293 §3.6.1, RFC 2525 §2.17',
    see: ['RST', 'SO_LINGER'],
    text: 'A program closes a socket while data is there that it has not read: its system sends a reset instead of a FIN, to say that data was lost. The reset can also destroy what was sent before it. Read to the end of file before close.',
  },
  {
    term: 'reset in mid-data',
    source: 'RFC 9293 §3.5.2',
    see: ['RST', 'ECONNRESET'],
    text: 'A reset ended the connection while data was on its way and not acknowledged: nobody knows whether it arrived.',
  },
  {
    term: 'no reply',
    source: 'synopsis',
    see: ['hangs', 'ETIMEDOUT'],
    text: 'A request was delivered and not a byte came back before the server closed, or the client gave up: the program has ended, failed, is busy or stuck. Of UDP: nothing came back at all, and no ICMP error says why; a client needs a time-out of its own.',
  },
  {
    term: 'unanswered',
    source: 'synopsis',
    see: ['no reply', 'asked again'],
    text: 'Of UDP: a request that has no reply while others to the same server have. Either of the two was lost: UDP sends nothing again, so that the program has to.',
  },
  {
    term: 'asked again',
    source: 'RFC 1035 §4.2.1, RFC 8489 §6.2.1',
    see: ['no reply', 'RTO'],
    text: 'Of UDP: a program sent the same request once more since no reply had come in time: the first or its reply was lost, or its time-out is shorter than the server takes. It is one request, and its reply time counts from the first.',
  },
  {
    term: 'hangs',
    source: 'synopsis',
    see: ['silence', 'no reply'],
    text: "The server's system acknowledged a request, so its host is alive, and the program does not reply: it is busy, stuck, or waits for more, perhaps for an end of the message that the client never sends.",
  },
]
