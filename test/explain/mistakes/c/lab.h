/* What the programs of these tests share: sockets as a course teaches them. A mistake is turned on by its macro. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef BACKLOG
#define BACKLOG 5
#endif

static inline void die(const char *what)
{
	perror(what);
	exit(1);
}

static inline void pause_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static inline struct sockaddr_in address_of(const char *host, const char *port)
{
	struct sockaddr_in a;

	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
#ifdef NO_HTONS
	a.sin_port = atoi(port);
#else
	a.sin_port = htons(atoi(port));
#endif
	if (inet_pton(AF_INET, host, &a.sin_addr) != 1)
		die(host);
	return a;
}

static inline int bound(int type, const char *port)
{
	struct sockaddr_in a = address_of("0.0.0.0", port);
	int one = 1, s = socket(AF_INET, type, 0);

	if (s < 0)
		die("socket");
#ifndef NO_REUSE
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0)
		die("setsockopt");
#else
	(void)one;
#endif
#ifdef SMALL_RECEIVE_BUFFER
	int size = 2048;
	setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
#endif
#ifdef IGNORE_BIND
	bind(s, (struct sockaddr *)&a, sizeof(a));
#else
	if (bind(s, (struct sockaddr *)&a, sizeof(a)) < 0)
		die("bind");
#endif
	return s;
}

static inline int listening(const char *port)
{
	int s = bound(SOCK_STREAM, port);

	if (listen(s, BACKLOG) < 0)
		die("listen");
	return s;
}

static inline int connected(const char *host, const char *port)
{
	struct sockaddr_in a = address_of(host, port);
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s < 0)
		die("socket");
#ifdef IGNORE_CONNECT
	connect(s, (struct sockaddr *)&a, sizeof(a));
#else
	if (connect(s, (struct sockaddr *)&a, sizeof(a)) < 0)
		die("connect");
#endif
	return s;
}

static inline int write_all(int s, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(s, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		size -= n;
	}
	return 0;
}

/* sends back what comes, to the end of file */
static inline void echo(int s)
{
	char buffer[1024];
	ssize_t n;

	while ((n = read(s, buffer, sizeof(buffer))) > 0)
		if (write_all(s, buffer, n) < 0)
			break;
}
