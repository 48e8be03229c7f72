/* A thread a connection. usage: threads PORT */
#include "lab.h"

static void *serve(void *argument)
{
	int c = (int)(long)argument;

	echo(c);
	close(c);
	return NULL;
}

int main(int argc, char *argv[])
{
	int l = listening(argv[argc - 1]);

	for (;;) {
		pthread_t thread;
		int c = accept(l, NULL, NULL);

		if (c < 0)
			die("accept");
		if (pthread_create(&thread, NULL, serve, (void *)(long)c) != 0)
			die("pthread_create");
		pthread_detach(thread);
	}
}
