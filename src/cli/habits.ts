/** Options that whoever knows tshark and tcpdump tries here, where they are none: what to say instead. */

const NO_FILTER =
  "there are no display filters: -s N picks a session, packets -T fields -e FIELD prints what awk can filter, capture -f takes libpcap's filters"
const IN_FULL = 'synopsis packet FILE N shows one packet in full'

const INSTEAD: Readonly<Record<string, string>> = {
  Y: NO_FILTER,
  R: NO_FILTER,
  V: IN_FULL,
  O: IN_FULL,
  x: IN_FULL,
  X: IN_FULL,
  n: 'leave it out: numbers are never turned into names',
  i: 'synopsis capture -i IF captures',
}

/** Commander's complaint, with what to say instead where the option is one of those, or a file whose name begins so. */
export function withInstead(complaint: string): string {
  const [, file] = /^unknown option '(-.+\.(?:pcap|pcapng|cap)(?:\.gz)?)'/.exec(complaint) ?? []
  if (file !== undefined) return `${complaint}: a file of that name is written ./${file}`
  const [, letter = ''] = /^unknown option '-(\w)/.exec(complaint) ?? []
  const instead = INSTEAD[letter]
  return instead === undefined ? complaint : `${complaint}: ${instead}`
}
