#!/bin/sh
# How much slower an echo exchange is while its server is traced: three rounds, microseconds an exchange. Linux, gcc, strace.
set -e
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for name in echo-server echo-client; do gcc -O1 -o "$folder/$name" "test/trace/c/$name.c"; done
calls=$(node -e "import('./dist/calls/strace/system-calls.js').then((calls) => console.log(calls.TRACE_EXPRESSION))")
exchanges=1000
port=$((20000 + $$ % 20000))

# round LABEL COMMAND... runs the server with that command before it
round() {
  label=$1
  shift
  port=$((port + 1))
  "$@" "$folder/echo-server" $port &
  sleep 1
  from=$(date +%s%N)
  "$folder/echo-client" $port $exchanges
  until=$(date +%s%N)
  wait
  echo "$label $(((until - from) / 1000 / exchanges)) µs"
}

for _ in 1 2 3; do
  round untraced env
  round traced strace -f -q -yy -s 65536 --absolute-timestamps=unix,ns --syscall-times=ns -e "$calls" \
    -o "$folder/log" -I 4 --seccomp-bpf --
done
