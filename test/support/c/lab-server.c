/* A stream server as a student writes it: one client, whose lines are echoed until its end of file. Prints its port first.
   usage: lab-server */
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

int main(void)
{
	struct sockaddr_in self, peer;
	socklen_t size = sizeof(self);
	char data[500];
	ssize_t n;
	int s, c;

	s = socket(AF_INET, SOCK_STREAM, 0);
	if (s < 0)
		fail("socket");
	memset(&self, 0, sizeof(self));
	self.sin_family = AF_INET;
	self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(s, (struct sockaddr *)&self, sizeof(self)) < 0)
		fail("bind");
	listen(s, 5);
	if (getsockname(s, (struct sockaddr *)&self, &size) < 0)
		fail("getsockname");
	printf("port %d\n", ntohs(self.sin_port));
	fflush(stdout);
	size = sizeof(peer);
	c = accept(s, (struct sockaddr *)&peer, &size);
	if (c < 0)
		fail("accept");
	while ((n = read(c, data, sizeof(data))) > 0) {
		printf("read %zd\n", n);
		if (write(c, data, n) != n)
			fail("write");
	}
	if (n < 0)
		fail("read");
	printf("end of file\n");
	close(c);
	close(s);
	return 0;
}
