/* Connects without blocking, and waits for it with poll. usage: waiting_client HOST PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	struct sockaddr_in to = address_of(argv[1], argv[2]);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), error = 0;
	struct pollfd ready = { s, POLLOUT, 0 };
	socklen_t length = sizeof(error);
	char buffer[256];

	(void)argc;
	if (connect(s, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS)
		die("connect");
	poll(&ready, 1, 5000);
	getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &length);
	if (error != 0)
		return 1;
	write_all(s, "hello", 5);
	shutdown(s, SHUT_WR);
	for (;;) {
		ssize_t n = read(s, buffer, sizeof(buffer));

		if (n == 0)
			break;
		ready.events = POLLIN;
		if (n < 0 && errno == EAGAIN)
			poll(&ready, 1, 5000);
		else if (n < 0)
			die("read");
	}
	close(s);
	return 0;
}
