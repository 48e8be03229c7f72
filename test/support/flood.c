/*
 * flood: sends COUNT Ethernet frames out of an interface as fast as it can, or at RATE a second, and says how many the
 * kernel took and how long that took. Each frame is a UDP datagram from 192.168.56.1 to 192.168.56.10 whose payload
 * begins with its sequence number (big-endian, from 0), so that a test can tell which ones a capture lost.
 *
 *   flood INTERFACE COUNT [LENGTH [RATE [PID...]]]
 *
 * Its frames go 64 to a system call (sendmmsg), past the queueing discipline, and before whatever else the machine does,
 * where root may have that: the load is to be the same, whoever else is there. What goes out so is not seen by a capture on
 * the same interface, only by one at the other end of the wire. A frame that the kernel has no room for is sent again, so
 * what is printed as sent has gone through the interface. After the last one, every PID gets a SIGINT, at once.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, LARGEST = 65535, SEQUENCE = 42 };

static uint8_t frames[BATCH][LARGEST];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint16_t header_checksum(const uint8_t *header) {
  uint32_t sum = 0;
  for (int i = 0; i < 20; i += 2) sum += header[i] << 8 | header[i + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum;
}

static void build(uint8_t *frame, unsigned length) {
  static const uint8_t head[42] = {
      0x00, 0x0c, 0x29, 0x00, 0x00, 0x02, 0x00, 0x50, 0x56, 0xc0, 0x00, 0x01, 0x08, 0x00, /* Ethernet */
      0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 168, 56, 1, 192, 168, 56, 10,      /* IPv4 */
      0x9c, 0x40, 0x00, 0x09, 0, 0, 0, 0,                                                 /* UDP to discard */
  };
  memset(frame, 0, length);
  memcpy(frame, head, sizeof head);
  uint16_t total = htons(length - 14), datagram = htons(length - 34);
  memcpy(frame + 16, &total, 2);
  memcpy(frame + 38, &datagram, 2);
  uint16_t sum = htons(header_checksum(frame + 14));
  memcpy(frame + 24, &sum, 2);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: flood INTERFACE COUNT [LENGTH [RATE [PID...]]]\n");
    return 2;
  }
  unsigned long count = strtoul(argv[2], 0, 10);
  unsigned length = argc > 3 ? atoi(argv[3]) : 60;
  double rate = argc > 4 ? atof(argv[4]) : 0;
  if (length < 60 || length > LARGEST) return 2;

  sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = 1});
  int fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0) fail("socket");
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(argv[1]), .sll_protocol = 0};
  if (!to.sll_ifindex) fail(argv[1]);
  if (bind(fd, (struct sockaddr *)&to, sizeof to)) fail("bind");
  int yes = 1, room = 4 << 20;
  setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);

  struct iovec iov[BATCH];
  struct mmsghdr messages[BATCH];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < BATCH; i++) {
    build(frames[i], length);
    iov[i] = (struct iovec){frames[i], length};
    messages[i].msg_hdr.msg_iov = &iov[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }

  double begin = now();
  unsigned long sent = 0;
  while (sent < count) {
    if (rate > 0) {
      double early = begin + sent / rate - now();
      if (early > 0.0005) usleep(early * 1e6);
    }
    int batch = count - sent < BATCH ? count - sent : BATCH;
    for (int i = 0; i < batch; i++) {
      uint32_t sequence = htonl(sent + i);
      memcpy(frames[i] + SEQUENCE, &sequence, 4);
    }
    int n = sendmmsg(fd, messages, batch, 0);
    if (n < 0) {
      if (errno == ENOBUFS || errno == EAGAIN || errno == EINTR) continue;
      fail("sendmmsg");
    }
    sent += n;
  }
  for (int i = 5; i < argc; i++) kill(atoi(argv[i]), SIGINT);
  double seconds = now() - begin;
  printf("{\"sent\":%lu,\"seconds\":%.6f,\"rate\":%.0f}\n", sent, seconds, sent / seconds);
  return 0;
}
