/* Writes to a server that has closed: the first write makes it send a RST. With LOOK it ignores SIGPIPE and stops at the error. usage: late_writer HOST PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	int s = connected(argv[1], argv[2]);

	(void)argc;
#ifdef LOOK
	signal(SIGPIPE, SIG_IGN);
#endif
	for (int i = 0; i < 4; i++) {
		if (write(s, "hello\n", 6) < 0) {
			perror("write");
			break;
		}
		pause_ms(200);
	}
	close(s);
	return 0;
}
