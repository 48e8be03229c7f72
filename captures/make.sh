#!/bin/sh
# Makes the captures of this folder again: the lab's own servers and clients between two network namespaces, as two
# machines on a host-only network. Linux, root, tcpdump, ethtool and editcap (Wireshark); build first (npm run build).
set -eu
cd "$(dirname "$0")"
synopsis=$PWD/../bin/synopsis.js
client=labcap-client server=labcap-server work=$(mktemp -d)

tidy() {
  ip netns pids $client 2>/dev/null | xargs -r kill 2>/dev/null || true
  ip netns pids $server 2>/dev/null | xargs -r kill 2>/dev/null || true
  ip netns delete $client 2>/dev/null || true
  ip netns delete $server 2>/dev/null || true
  rm -rf "$work"
}
tidy
trap tidy EXIT
mkdir -p "$work"

# the host's end of VMware's host-only network, and a virtual machine on it
ip netns add $client
ip netns add $server
ip -n $client link add vmnet1 address 00:50:56:c0:00:01 type veth peer name ens33 address 00:0c:29:5e:10:0a netns $server
for node in $client $server; do
  ip netns exec $node sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip -n $node link set lo up
done
ip -n $client address add 192.168.56.1/24 dev vmnet1
ip -n $server address add 192.168.56.10/24 dev ens33
# without this, frames would be captured with checksums that nobody filled in, and larger than the wire carries
ip netns exec $client ethtool -K vmnet1 tx off tso off gso off gro off >/dev/null
ip netns exec $server ethtool -K ens33 tx off tso off gso off gro off >/dev/null
ip -n $client link set vmnet1 up
ip -n $server link set ens33 up
ip netns exec $client ping -qc1 192.168.56.10 >/dev/null

# serve SERVICE PORT: starts a server for one client, and waits until it listens
serve() {
  ip netns exec $server "$synopsis" lab serve "$1" 192.168.56.10 "$2" --once >"$work/$1.server" 2>&1 &
  serving=$!
  until grep -q 'listens on' "$work/$1.server"; do sleep 0.1; done
}

# connect SERVICE PORT: a client, which takes its user's lines from standard input
connect() {
  ip netns exec $client "$synopsis" lab client "$1" 192.168.56.10 "$2"
}

# capture NAME COMMENT: begins to capture at the client; finish ends it
capture() {
  name=$1 comment=$2
  ip netns exec $client tcpdump -i vmnet1 -w "$work/$name.pcap" --immediate-mode -U --time-stamp-precision=nano -s 0 \
    'tcp or udp or icmp' 2>"$work/$name.tcpdump" &
  capturing=$!
  until grep -q 'listening on' "$work/$name.tcpdump"; do sleep 0.1; done
}
finish() {
  sleep 0.3
  kill -INT $capturing && wait $capturing
  editcap -F pcapng --discard-capture-comment --capture-comment "$comment" "$work/$name.pcap" "$name.pcapng"
}

serve message 51717
capture message 'The message server and its client: one line, one answer; the server closes first. The client waits about two seconds for its user.'
{ sleep 2.2; echo 'hello from the client'; } | connect message 51717
finish
wait $serving

serve echo 9877
capture echo 'The echo server: two lines, each answered, then end of file at the client, which closes first.'
{ sleep 0.5; echo 'first line'; sleep 0.7; echo 'and a second one'; sleep 0.4; } | connect echo 9877
finish
wait $serving

serve datagram 51718
capture datagram 'The datagram server over UDP: one datagram, one answer, no connection.'
{ sleep 0.5; echo 'hello by datagram'; } | connect datagram 51718
finish
wait $serving

capture refused 'A client whose server was never started: the SYN is answered with RST, and connect fails with ECONNREFUSED.'
connect message 51717 </dev/null || true
finish
