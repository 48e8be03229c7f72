/** What `synopsis sessions --problems` must say of each scenario's capture. */
import { readFileSync } from 'node:fs'

/** The worst problem of each session that went wrong, in the order of the ranking. None: nothing went wrong. */
const CAUSES: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'restart-without-reuseaddr': ['refused'],
  'reset-on-close': ['reset'],
  'close-unread': ['closed with unread data'],
  refused: ['refused'],
  'udp-refused': ['port unreachable'],
  'no-such-host': ['ARP unanswered'],
  'host-silent': ['never answered'],
  alarm: ['never answered'],
  'server-killed': ['written after close'],
  'server-crashes': ['vanished'],
  'server-reboots': ['forgotten'],
  'client-crashes': ['vanished'],
  'network-back': ['outage'],
  'backlog-full': ['backlog full or SYN lost'],
  'reset-before-accept': ['reset'],
  'slow-reader': ['stalled'],
  nagle: ['Nagle'],
  'lost-segment': ['retransmitted'],
  'lost-last-segment': ['retransmitted'],
  'lost-ack': ['needless retransmission'],
  'lost-syn': ['SYN lost'],
  'lost-syn-ack': ['SYN/ACK lost'],
  'lost-fin': ['FIN lost'],
  reordering: ['reordered'],
  duplication: ['duplicated'],
  corruption: ['damaged'],
}

/** @param wire what the wire did: where chance decides, it is what tells the truth */
export function causesOf(scenario: string, wire: string): readonly (string | RegExp)[] {
  if (scenario !== 'lossy-wire') return CAUSES[scenario] ?? []
  const losses = readFileSync(wire, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"did":["loss"]'))
  // whoever misses an acknowledgment alone gets the next one, or sends its FIN once more: nobody is harmed
  const isHarmful = losses.some((line) => !(JSON.parse(line) as { kinds: string[] }).kinds.includes('ack'))
  return isHarmful ? [/^(retransmitted|outage|SYN lost|FIN lost)$/] : []
}
