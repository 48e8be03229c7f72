/* A stream client as a student writes it: sends its standard input line by line, prints each answer.
   usage: lab-client ADDRESS PORT */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char *argv[])
{
	struct sockaddr_in server;
	char line[1000], answer[1000];
	int s;

	if (argc != 3) {
		fprintf(stderr, "usage: lab-client ADDRESS PORT\n");
		return 2;
	}
	memset(&server, 0, sizeof(server));
	server.sin_family = AF_INET;
	server.sin_port = htons(atoi(argv[2]));
	if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1)
		fail("inet_pton");
	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		fail("socket");
	if (connect(s, (struct sockaddr *)&server, sizeof(server)) < 0)
		fail("connect");
	while (fgets(line, sizeof(line), stdin)) {
		ssize_t n;

		if (write(s, line, strlen(line)) < 0)
			fail("write");
		n = read(s, answer, sizeof(answer) - 1);
		if (n < 0)
			fail("read");
		answer[n] = 0;
		printf("answer: %s\n", answer);
	}
	close(s);
	return 0;
}
