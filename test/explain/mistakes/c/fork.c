/* A process a connection. usage: fork PORT */
#include "lab.h"

static void reap(int signal)
{
	int saved = errno;

	(void)signal;
#ifdef ONE_WAIT
	/* so slow that the others end meanwhile, also on a busy machine: their signals are one */
	pause_ms(500);
	waitpid(-1, NULL, 0);
#else
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
#endif
	errno = saved;
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = reap, .sa_flags = SA_RESTART };
	int l = listening(argv[argc - 1]);

#ifdef NO_RESTART
	action.sa_flags = 0;
#endif
#ifdef IGNORE_CHILDREN
	action.sa_handler = SIG_IGN;
#endif
#ifndef NO_WAIT
	sigaction(SIGCHLD, &action, NULL);
#endif
	for (;;) {
		int c = accept(l, NULL, NULL);

		if (c < 0)
			die("accept");
		if (fork() == 0) {
#ifndef CHILD_KEEPS
			close(l);
#endif
#ifdef ONE_WAIT
			/* so that several end at once */
			echo(c);
			struct timespec now;
			clock_gettime(CLOCK_REALTIME, &now);
			pause_ms(1000 - now.tv_nsec / 1000000);
#else
			echo(c);
#endif
			close(c);
			exit(0);
		}
#ifndef PARENT_KEEPS
		close(c);
#endif
	}
}
