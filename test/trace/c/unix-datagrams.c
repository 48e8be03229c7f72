/*
 * Datagrams between Unix-domain sockets. usage: unix-datagrams server PATH COUNT | client PATH [OWN-PATH]
 * The server answers those who have a name. Without one, a client sends two and hears nothing.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int s = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sockaddr_un there = { AF_UNIX }, own = { AF_UNIX }, peer;
	char buffer[100];

	if (s < 0 || argc < 3)
		return 1;
	strncpy(there.sun_path, argv[2], sizeof(there.sun_path) - 1);
	if (strcmp(argv[1], "server") == 0) {
		if (bind(s, (struct sockaddr *)&there, sizeof(there)) < 0)
			return 2;
		for (int i = 0; i < atoi(argv[3]); i++) {
			socklen_t length = sizeof(peer);

			if (recvfrom(s, buffer, sizeof(buffer), 0, (struct sockaddr *)&peer, &length) < 0)
				return 3;
			if (length > sizeof(sa_family_t) && sendto(s, "got it\n", 7, 0, (struct sockaddr *)&peer, length) < 0)
				return 4;
		}
		unlink(argv[2]);
		return 0;
	}
	if (argc > 3) {
		strncpy(own.sun_path, argv[3], sizeof(own.sun_path) - 1);
		if (bind(s, (struct sockaddr *)&own, sizeof(own)) < 0)
			return 2;
	}
	for (int i = argc > 3; i < 2; i++)
		if (sendto(s, "hello", 5, 0, (struct sockaddr *)&there, sizeof(there)) < 0)
			return 4;
	if (argc > 3) {
		if (recv(s, buffer, sizeof(buffer), 0) < 0)
			return 3;
		unlink(argv[3]);
	}
	return 0;
}
