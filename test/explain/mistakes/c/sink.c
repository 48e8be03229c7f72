/* Reads to the end of file, and closes. usage: sink PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	int l = listening(argv[argc - 1]), c = accept(l, NULL, NULL);
	char buffer[4096];

	if (c < 0)
		die("accept");
	while (read(c, buffer, sizeof(buffer)) > 0)
		;
	close(c);
	close(l);
	return 0;
}
