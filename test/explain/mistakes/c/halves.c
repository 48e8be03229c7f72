/* Sends a message in two halves, and waits for the answer. usage: halves HOST PORT SIZE */
#include "lab.h"

int main(int argc, char *argv[])
{
	size_t size = atoi(argv[3]);
	char *data = calloc(1, size), answer[100];
	int s = connected(argv[1], argv[2]);

	(void)argc;
	signal(SIGPIPE, SIG_IGN);
	memset(data, 'x', size);
	write_all(s, data, size / 2);
	pause_ms(300);
	write_all(s, data + size / 2, size - size / 2);
	read(s, answer, sizeof(answer));
	close(s);
	return 0;
}
