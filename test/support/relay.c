/*
 * relay: a wire between two interfaces. Every frame that comes in on one goes out on the other, until it is killed.
 *
 *   relay INTERFACE INTERFACE
 *
 * A TCP segment that goes straight from one namespace to another keeps the time of its sending (Linux's earliest departure
 * time), and the kernel then has no place for that of its arrival: each capture gets a reading of the clock of its own. What
 * comes out of a relay is a new frame, as on a real wire: it is stamped when it arrives, once for all. With each frame goes
 * the header of virtio-net, which says what of its checksum is still to be filled in.
 */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static char frame[1 << 17];

static int end_at(const char *interface) {
  int yes = 1, fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  struct sockaddr_ll at = {
      .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(interface)};
  if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof yes) ||
      setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) ||
      bind(fd, (struct sockaddr *)&at, sizeof at)) {
    perror(interface);
    exit(1);
  }
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  struct pollfd ends[2] = {{end_at(argv[1]), POLLIN, 0}, {end_at(argv[2]), POLLIN, 0}};
  puts("ready");
  fflush(stdout);
  for (;;) {
    poll(ends, 2, -1);
    for (int i = 0; i < 2; i++) {
      ssize_t length;
      while ((length = recv(ends[i].fd, frame, sizeof frame, MSG_DONTWAIT)) > 0)
        if (send(ends[1 - i].fd, frame, length, 0) < 0) perror("send");
    }
  }
}
