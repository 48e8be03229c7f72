/* Both ends of a Unix-domain exchange: unix-pair server|client PATH. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sockaddr_un address;
  char buffer[100];
  if (argc < 3) return 2;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  strncpy(address.sun_path, argv[2], sizeof address.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (strcmp(argv[1], "server") == 0) {
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 5) < 0) return 1;
    int connected = accept(fd, NULL, NULL);
    if (connected < 0 || read(connected, buffer, sizeof buffer) != 5) return 1;
    if (write(connected, "you", 3) != 3) return 1;
    close(connected);
  } else {
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return 1;
    if (write(fd, "hello", 5) != 5 || read(fd, buffer, sizeof buffer) != 3) return 1;
  }
  close(fd);
  return 0;
}
