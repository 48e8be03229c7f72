/* One process, epoll, sockets that do not block. usage: epoll PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	int l = listening(argv[argc - 1]), e = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { EPOLLIN, { .fd = l } };

	fcntl(l, F_SETFL, O_NONBLOCK);
	epoll_ctl(e, EPOLL_CTL_ADD, l, &event);
	for (;;) {
		struct epoll_event ready[8];
		int n = epoll_wait(e, ready, 8, -1);

		for (int i = 0; i < n; i++) {
			int s = ready[i].data.fd;
			char buffer[1024];
			ssize_t got;

			if (s == l) {
				int c;

				while ((c = accept4(l, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
					event.data.fd = c;
					epoll_ctl(e, EPOLL_CTL_ADD, c, &event);
				}
				continue;
			}
			while ((got = read(s, buffer, sizeof(buffer))) > 0)
				write_all(s, buffer, got);
			if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
				close(s);
		}
	}
}
