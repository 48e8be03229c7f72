/* A client that sends each of its words as a line, and reads the answers. usage: client HOST PORT WORD... */
#include "lab.h"

int main(int argc, char *argv[])
{
	int s = connected(argv[1], argv[2]);
	char answer[256];

#ifdef TIMEOUT
	alarm(2);
#endif
	for (int i = 3; i < argc; i++) {
		char line[4096];
		int length = snprintf(line, sizeof(line), "%s\n", argv[i]);

#ifdef WITH_NUL
		length++;
#endif
#ifdef SLOW
		if (i > 3)
			pause_ms(200);
#endif
#ifdef ONE_LINE_ANSWER
		if (write(s, line, length) < 0)
			die("write");
#else
		if (write_all(s, line, length) < 0)
			die("write");
#endif
	}
#ifdef COUNT_ANSWERS
	for (int i = 3; i < argc; i++)
		if (read(s, answer, 3) <= 0)
			return 1;
#elif defined(READ_ONCE)
	if (read(s, answer, 255) < 0)
		die("read");
#else
	for (ssize_t n; (n = read(s, answer, sizeof(answer))) > 0;)
		fwrite(answer, 1, n, stdout);
#endif
	close(s);
	return 0;
}
