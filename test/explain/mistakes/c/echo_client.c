/* Sends a line, reads it back whole, ends its side, reads to the end of file. usage: echo_client HOST PORT [LINE] */
#include "lab.h"

int main(int argc, char *argv[])
{
	const char *line = argc > 3 ? argv[3] : "hello from the client\n";
	size_t size = strlen(line), got = 0;
	char answer[4096];
	ssize_t n;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all, *one;
	int s = -1, error = getaddrinfo(argv[1], argv[2], &hints, &all);

	if (error)
		return 1;
	for (one = all; one != NULL; one = one->ai_next) {
		s = socket(one->ai_family, one->ai_socktype, one->ai_protocol);
		if (s < 0)
			continue;
		if (connect(s, one->ai_addr, one->ai_addrlen) == 0)
			break;
		close(s);
		s = -1;
	}
	freeaddrinfo(all);
	if (s < 0)
		die("connect");
	if (write_all(s, line, size) < 0)
		die("write");
	while (got < size && (n = read(s, answer, sizeof(answer))) > 0)
		got += n;
	shutdown(s, SHUT_WR);
	while (read(s, answer, sizeof(answer)) > 0)
		;
	close(s);
	return 0;
}
