/* Answers each line with one; with ONE_READ it believes that a read returns one line. usage: requests PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	int l = listening(argv[argc - 1]), c = accept(l, NULL, NULL);
	char buffer[1000];
	ssize_t n;

	if (c < 0)
		die("accept");
	pause_ms(300);
	while ((n = read(c, buffer, sizeof(buffer))) > 0) {
#ifdef ONE_READ
		write_all(c, "ok\n", 3);
#else
		for (ssize_t i = 0; i < n; i++)
			if (buffer[i] == '\n')
				write_all(c, "ok\n", 3);
#endif
	}
	close(c);
	return 0;
}
