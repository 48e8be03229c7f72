/* Two processes share a connection: the child reads it, the parent writes. usage: chat_client HOST PORT WORD... */
#include "lab.h"

int main(int argc, char *argv[])
{
	int s = connected(argv[1], argv[2]);
	pid_t child = fork();

	if (child == 0) {
		char buffer[256];

		while (read(s, buffer, sizeof(buffer)) > 0)
			;
		exit(0);
	}
	for (int i = 3; i < argc; i++) {
		write_all(s, argv[i], strlen(argv[i]));
		pause_ms(50);
	}
	shutdown(s, SHUT_WR);
	waitpid(child, NULL, 0);
	close(s);
	return 0;
}
