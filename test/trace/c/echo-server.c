/* An echo server for one client: echo-server PORT [6|udp]. */
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
  int v6 = argc > 2 && strcmp(argv[2], "6") == 0;
  int udp = argc > 2 && strcmp(argv[2], "udp") == 0;
  struct sockaddr_storage address;
  socklen_t length = v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
  memset(&address, 0, sizeof address);
  if (v6) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    six->sin6_addr = in6addr_any;
  } else {
    struct sockaddr_in *four = (struct sockaddr_in *)&address;
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
  }
  int fd = socket(v6 ? AF_INET6 : AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
  int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&address, length) < 0) fail("bind");
  char buffer[4096];
  if (udp) {
    for (;;) {
      struct sockaddr_storage from;
      socklen_t size = sizeof from;
      ssize_t got = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &size);
      if (got < 0) fail("recvfrom");
      if (got == 0) break;
      if (sendto(fd, buffer, got, 0, (struct sockaddr *)&from, size) < 0) fail("sendto");
    }
    close(fd);
    return 0;
  }
  if (listen(fd, 5) < 0) fail("listen");
  int connected = accept(fd, NULL, NULL);
  if (connected < 0) fail("accept");
  ssize_t got;
  while ((got = read(connected, buffer, sizeof buffer)) > 0)
    for (ssize_t sent = 0; sent < got;) {
      ssize_t now = write(connected, buffer + sent, got - sent);
      if (now < 0) fail("write");
      sent += now;
    }
  if (got < 0) fail("read");
  close(connected);
  close(fd);
  return 0;
}
