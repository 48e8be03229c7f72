/* Answers datagrams. usage: udp_server PORT */
#include "lab.h"

#ifndef ROOM
#define ROOM 65536
#endif

int main(int argc, char *argv[])
{
	static char buffer[ROOM];
	int s = bound(SOCK_DGRAM, argv[argc - 1]);

	for (;;) {
		struct sockaddr_in from;
		socklen_t length = sizeof(from);
		ssize_t n;

#ifdef BY_RECVMSG
		struct iovec part = { buffer, ROOM };
		struct msghdr message = { .msg_name = &from, .msg_namelen = length, .msg_iov = &part, .msg_iovlen = 1 };

		n = recvmsg(s, &message, 0);
#else
		n = recvfrom(s, buffer, ROOM, 0, (struct sockaddr *)&from, &length);
#endif
		if (n < 0)
			die("recvfrom");
		if (sendto(s, buffer, n, 0, (struct sockaddr *)&from, sizeof(from)) < 0)
			die("sendto");
	}
}
