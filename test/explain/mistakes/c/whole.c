/* Reads a message of SIZE bytes and answers; with PART it believes that one read is all. usage: whole SIZE PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	size_t size = atoi(argv[1]), got = 0;
	char *message = malloc(size);
	int l = listening(argv[argc - 1]), c = accept(l, NULL, NULL);

	if (c < 0)
		die("accept");
	while (got < size) {
		ssize_t n = read(c, message + got, size - got);

		if (n <= 0)
			die("read");
		got += n;
#ifdef PART
		break;
#endif
	}
	write_all(c, "thanks", 6);
	close(c);
	close(l);
	return 0;
}
