/**
 * Nodes whose network cards have segmentation offload, as most have: the kernel hands them segments of up to 64 KiB, which they
 * cut up, and those that come in are put together before the kernel, and a capture, sees them. A veth pair is such a card:
 * behind it, a bridge leads to the lab's wire, which takes only what is cut up.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ADAPTERS, type Lab, type Node, namespaceOf } from '../../src/labs/virtual/names.js'

const run = promisify(execFile)

/** Nanoseconds for which what came in waits for more that goes with it. */
const WAITS = 200_000
/** What the kernel would take for its own, it does not pass on. */
const FOREIGN: Readonly<Record<Node, string>> = { client: '02:00:00:00:00:01', server: '02:00:00:00:00:02' }

/** Puts such a card in place of a node's adapter, under its name and addresses. Needs ethtool. */
export async function plugInOffload(lab: Lab, node: Node): Promise<void> {
  const { name, mac, address, address6 } = ADAPTERS[node]
  // the bridge has no address, and is not to answer for those of the node; a veth puts together only what comes from one without TSO
  const script = `
    echo 1 > /proc/sys/net/ipv4/conf/default/arp_ignore
    ip link set ${name} down
    ip link set ${name} name wire
    ip address flush dev wire
    ip link add ${name} type veth peer name plug
    ip link add bridge type bridge
    ip link set wire master bridge
    ip link set plug master bridge
    ip link set ${name} address ${mac} addrgenmode none
    for one in wire plug bridge; do
      echo 1 > /proc/sys/net/ipv6/conf/$one/disable_ipv6
      [ $one = plug ] || ip link set $one address ${FOREIGN[node]}
      ip link set $one up
    done
    ip address add ${address}/24 dev ${name}
    ip link set ${name} up
    ip address add ${address6}/64 dev ${name} nodad
    ethtool -K plug tso off
    ethtool -K ${name} gro on
    ip netns exec ${namespaceOf(lab, node)} sh -c 'echo ${WAITS} > /sys/class/net/${name}/gro_flush_timeout'`
  await run('nsenter', [`--net=/run/netns/${namespaceOf(lab, node)}`, 'sh', '-ec', script])
}
