/* Writes SIZE bytes and reads the answer. NON_BLOCKING: one write on a socket that does not block. usage: big_client HOST PORT SIZE */
#include "lab.h"

int main(int argc, char *argv[])
{
	size_t size = atoi(argv[3]);
	char *data = malloc(size), answer[100];
	int s = connected(argv[1], argv[2]);

	(void)argc;
	memset(data, 'x', size);
#ifdef NON_BLOCKING
	fcntl(s, F_SETFL, O_NONBLOCK);
	if (write(s, data, size) < 0)
		die("write");
	fcntl(s, F_SETFL, 0);
#else
	if (write_all(s, data, size) < 0)
		die("write");
#endif
	shutdown(s, SHUT_WR);
	while (read(s, answer, sizeof(answer)) > 0)
		;
	close(s);
	return 0;
}
