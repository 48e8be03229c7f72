/* The course's server, in a loop: reads once, says so, answers, closes. usage: iterative PORT */
#include "lab.h"

#ifndef ROOM
#define ROOM 255
#endif

int main(int argc, char *argv[])
{
	char buffer[ROOM + 1];
	int l = listening(argv[argc - 1]);

	setvbuf(stdout, NULL, _IOLBF, 0);
	memset(buffer, 0, sizeof(buffer));
#ifdef SLOW_TO_ACCEPT
	pause_ms(2500);
#endif
	for (;;) {
		int n, c = accept(l, NULL, NULL);

		if (c < 0)
			die("accept");
#ifdef SLOW_TO_READ
		pause_ms(300);
#endif
#ifndef NO_TERMINATOR
		memset(buffer, 0, sizeof(buffer));
#endif
		n = read(c, buffer, ROOM);
		if (n < 0)
			die("read");
		printf("Here is the message: %s\n", buffer);
		fflush(stdout);
		if (write(c, "I got your message", 18) < 0)
			die("write");
#ifdef LEAK
		pause_ms(100);
		read(c, buffer, ROOM);
#elif !defined(FORGET)
		close(c);
#endif
#ifdef ONCE
		break;
#endif
	}
	return 0;
}
