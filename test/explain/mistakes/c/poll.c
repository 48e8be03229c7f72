/* One process, poll, accept4. usage: poll PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	struct pollfd all[64] = { { listening(argv[argc - 1]), POLLIN, 0 } };
	int count = 1;

	for (;;) {
		if (poll(all, count, -1) < 0)
			die("poll");
		for (int i = count - 1; i > 0; i--) {
			char buffer[1024];
			ssize_t n;

			if (!all[i].revents)
				continue;
			n = read(all[i].fd, buffer, sizeof(buffer));
			if (n > 0 && write_all(all[i].fd, buffer, n) == 0)
				continue;
			close(all[i].fd);
			all[i] = all[--count];
		}
		if (all[0].revents & POLLIN) {
			int c = accept4(all[0].fd, NULL, NULL, SOCK_CLOEXEC);

			if (c < 0)
				die("accept4");
			all[count++] = (struct pollfd){ c, POLLIN, 0 };
		}
	}
}
