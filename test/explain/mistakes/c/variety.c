/* A server that does rarer things, and does them right: a double close, a file by sendfile, writev, popen. usage: variety PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	int l = listening(argv[argc - 1]);

	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 2; i++) {
		struct iovec parts[] = { { "from ", 5 }, { "two parts\n", 10 } };
		char line[256];
		int c = accept4(l, NULL, NULL, SOCK_CLOEXEC), file = open("/etc/hostname", O_RDONLY);
		FILE *pipe;
		struct stat status;

		if (c < 0)
			die("accept4");
		while (read(c, line, 1) == 1 && line[0] != '\n')
			;
		writev(c, parts, 2);
		if (file >= 0 && fstat(file, &status) == 0)
			sendfile(c, file, NULL, status.st_size + 100);
		close(file);
		pipe = popen("echo a line of the shell", "r");
		while (pipe && fgets(line, sizeof(line), pipe))
			write_all(c, line, strlen(line));
		pclose(pipe);
		shutdown(c, SHUT_WR);
		while (read(c, line, sizeof(line)) > 0)
			;
		close(c);
		close(c);
	}
	close(l);
	return 0;
}
