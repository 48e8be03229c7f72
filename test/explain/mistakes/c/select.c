/* One process, select. usage: select PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	int l = listening(argv[argc - 1]), highest = l;
	fd_set all;

	FD_ZERO(&all);
	FD_SET(l, &all);
	for (;;) {
		fd_set ready = all;

		if (select(highest + 1, &ready, NULL, NULL, NULL) < 0)
			die("select");
		for (int s = 0; s <= highest; s++) {
			char buffer[1024];
			ssize_t n;

			if (!FD_ISSET(s, &ready))
				continue;
			if (s == l) {
				int c = accept(l, NULL, NULL);

				if (c < 0)
					die("accept");
				FD_SET(c, &all);
				if (c > highest)
					highest = c;
				continue;
			}
			n = read(s, buffer, sizeof(buffer));
			if (n > 0 && write_all(s, buffer, n) == 0)
				continue;
			FD_CLR(s, &all);
			close(s);
		}
	}
}
