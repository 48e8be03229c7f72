/* So many echo exchanges of growing length: echo-client PORT COUNT [6|udp]. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  int port = atoi(argv[1]);
  int count = atoi(argv[2]);
  int v6 = argc > 3 && strcmp(argv[3], "6") == 0;
  int udp = argc > 3 && strcmp(argv[3], "udp") == 0;
  struct sockaddr_storage address;
  socklen_t length = v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
  memset(&address, 0, sizeof address);
  if (v6) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    six->sin6_addr = in6addr_loopback;
  } else {
    struct sockaddr_in *four = (struct sockaddr_in *)&address;
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  int fd = socket(v6 ? AF_INET6 : AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (!udp && connect(fd, (struct sockaddr *)&address, length) < 0) fail("connect");
  char line[256], answer[4096];
  for (int i = 0; i < count; i++) {
    int size = snprintf(line, sizeof line, "exchange %d %.*s\n", i, i, "....................................................................................................");
    if (udp) {
      if (sendto(fd, line, size, 0, (struct sockaddr *)&address, length) < 0) fail("sendto");
      if (recvfrom(fd, answer, sizeof answer, 0, NULL, NULL) < 0) fail("recvfrom");
      continue;
    }
    if (write(fd, line, size) != size) fail("write");
    for (int got = 0; got < size;) {
      ssize_t now = read(fd, answer + got, sizeof answer - got);
      if (now <= 0) fail("read");
      got += now;
    }
  }
  if (udp) sendto(fd, "", 0, 0, (struct sockaddr *)&address, length);
  close(fd);
  return 0;
}
