/* Children that all accept. usage: prefork PORT */
#include "lab.h"

int main(int argc, char *argv[])
{
	int l = listening(argv[argc - 1]);

	for (int i = 0; i < 3; i++)
		if (fork() == 0)
			for (;;) {
				int c = accept(l, NULL, NULL);

				if (c < 0)
					die("accept");
				echo(c);
				close(c);
			}
	while (wait(NULL) > 0)
		;
	return 0;
}
