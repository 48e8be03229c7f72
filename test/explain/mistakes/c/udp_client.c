/* Sends a datagram, waits for the answer. usage: udp_client HOST PORT TEXT */
#include "lab.h"

int main(int argc, char *argv[])
{
	struct sockaddr_in to = address_of(argv[1], argv[2]);
	char answer[65536];
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	(void)argc;
#ifdef CONNECTED
	connect(s, (struct sockaddr *)&to, sizeof(to));
	if (send(s, argv[3], strlen(argv[3]), 0) < 0)
		die("send");
#elif defined(TOO_LONG)
	alarm(1);
	sendto(s, answer, 65536, 0, (struct sockaddr *)&to, sizeof(to));
#else
	if (sendto(s, argv[3], strlen(argv[3]), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("sendto");
#endif
	if (recv(s, answer, sizeof(answer), 0) < 0)
		die("recv");
	close(s);
	return 0;
}
