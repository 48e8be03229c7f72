/* A server on a path; the client is in the same program. usage: unix_server PATH */
#include "lab.h"

int main(int argc, char *argv[])
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int l = socket(AF_UNIX, SOCK_STREAM, 0);
	char buffer[100];

	(void)argc;
	strncpy(name.sun_path, argv[1], sizeof(name.sun_path) - 1);
	if (bind(l, (struct sockaddr *)&name, sizeof(name)) < 0 || listen(l, 5) < 0)
		die("bind");
	if (fork() == 0) {
		int s = socket(AF_UNIX, SOCK_STREAM, 0);

		close(l);
		if (connect(s, (struct sockaddr *)&name, sizeof(name)) < 0)
			die("connect");
		write_all(s, "hello", 5);
		if (read(s, buffer, sizeof(buffer)) < 0)
			die("read");
		close(s);
		exit(0);
	}
	int c = accept(l, NULL, NULL);
	if (read(c, buffer, sizeof(buffer)) < 0)
		die("read");
	write_all(c, "thanks", 6);
	close(c);
	wait(NULL);
	unlink(argv[1]);
	return 0;
}
