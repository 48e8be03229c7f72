/** Which packets are compared with tshark: those of the protocols that the project sets out to read. */
const LINK =
  /^(?:(?:eth:(?:llc:)?ethertype(?::vlan:(?:llc:)?ethertype)*|sll(?::ethertype)?|raw|null):)?(?:(?:ip|ipv6(?::ipv6\.(?:hopopts|routing|fraghdr|dstopts))*)(?::tcp|:udp|:icmp|:icmpv6)?|arp)(?=:|$)/
const TUNNEL = /:(ip|ipv6|eth|gre|vxlan|geneve|teredo|gtp|mpls|pppoes|ppp|ayiya|6in4|l2tp|capwap)(:|$)/

/** Whether tshark's stack of protocols is one that is read here, with no tunnel in it. */
export function isClaimed(stack: string): boolean {
  const claimed = LINK.exec(stack)?.[0]
  return claimed !== undefined && !TUNNEL.test(stack.slice(claimed.length - 1)) && !/icmp(v6)?:ipv?6?(:|$)/.test(stack)
}
