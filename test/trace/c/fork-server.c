/* A child for each client, then it waits for them: fork-server PORT CLIENTS. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void serve(int fd) {
  char buffer[4096];
  ssize_t got;
  while ((got = read(fd, buffer, sizeof buffer)) > 0)
    if (write(fd, buffer, got) != got) fail("write");
  if (got < 0) fail("read");
  close(fd);
}

int main(int argc, char **argv) {
  int clients = argc > 2 ? atoi(argv[2]) : 1;
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons(atoi(argv[1]));
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(fd, 5) < 0) fail("listen");
  for (int i = 0; i < clients; i++) {
    int connected = accept(fd, NULL, NULL);
    if (connected < 0) fail("accept");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
      close(fd);
      serve(connected);
      exit(0);
    }
    close(connected);
  }
  close(fd);
  while (wait(NULL) > 0) {
  }
  return 0;
}
