/*
 * Uses every call that is followed, correctly: over TCP the parent sends a line with each call that can, and the child takes it
 * with each that can, having waited with each that can; then over UDP; then children, and signals. usage: every-call PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(what) do { if ((what) < 0) { write(2, #what "\n", sizeof(#what)); _exit(9); } } while (0)
#define LINE 10

static char text[] = "123456789\n";
static struct sockaddr_in name;

static void on_signal(int signal)
{
	(void)signal;
}

static void wait_for(int s, int how)
{
	struct pollfd one = { s, POLLIN, 0 };
	struct timespec second = { 5, 0 };
	struct timeval five = { 5, 0 };
	sigset_t mask;
	fd_set set;

	sigemptyset(&mask);
	FD_ZERO(&set);
	FD_SET(s, &set);
	if (how == 0)
		CHECK(select(s + 1, &set, NULL, NULL, &five));
	else if (how == 1)
		CHECK(pselect(s + 1, &set, NULL, NULL, &second, &mask));
	else if (how == 2)
		CHECK(poll(&one, 1, 5000));
	else if (how == 3)
		CHECK(ppoll(&one, 1, &second, &mask));
	else {
		struct epoll_event event = { EPOLLIN, { .u64 = 0x1234567890 } };
		int e = epoll_create1(0);

		CHECK(e);
		CHECK(epoll_ctl(e, EPOLL_CTL_ADD, s, &event));
		CHECK(how == 5 ? epoll_pwait(e, &event, 1, 5000, &mask) : epoll_wait(e, &event, 1, 5000));
		close(e);
	}
}

static void take(int s, int how)
{
	char line[LINE], rest[LINE];
	struct iovec parts[2] = { { line, 4 }, { rest, LINE - 4 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	wait_for(s, how);
	if (how == 0)
		CHECK(read(s, line, LINE));
	else if (how == 1)
		CHECK(readv(s, parts, 2));
	else if (how == 2)
		CHECK(recv(s, line, LINE, 0));
	else if (how == 3)
		CHECK(recvfrom(s, line, LINE, 0, NULL, NULL));
	else if (how == 4)
		CHECK(recvmsg(s, &message, 0));
	else if (how == 5)
		CHECK(read(s, line, LINE));
	else {
		int ends[2];

		CHECK(pipe(ends));
		CHECK(splice(s, NULL, ends[1], NULL, 4096, 0));
		close(ends[0]);
		close(ends[1]);
	}
}

static void give(int s, int how, int file)
{
	struct iovec parts[2] = { { text, 4 }, { text + 4, LINE - 4 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	if (how == 0)
		CHECK(write(s, text, LINE));
	else if (how == 1)
		CHECK(writev(s, parts, 2));
	else if (how == 2)
		CHECK(send(s, text, LINE, 0));
	else if (how == 3)
		CHECK(sendto(s, text, LINE, 0, NULL, 0));
	else if (how == 4)
		CHECK(sendmsg(s, &message, 0));
	else if (how == 5)
		CHECK(sendfile(s, file, NULL, LINE));
	else {
		int ends[2];

		CHECK(pipe(ends));
		CHECK(write(ends[1], text, LINE));
		CHECK(splice(ends[0], NULL, s, NULL, 4096, 0));
		close(ends[0]);
		close(ends[1]);
	}
}

static void client(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), error;
	socklen_t length = sizeof(error);

	CHECK(s);
	CHECK(connect(s, (struct sockaddr *)&name, sizeof(name)));
	CHECK(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &length));
	for (int how = 0; how < 7; how++) {
		take(s, how);
		CHECK(write(s, "ok\n", 3));
	}
	CHECK(shutdown(s, SHUT_WR));
	close(s);
	_exit(0);
}

static void datagrams(void)
{
	int r = socket(AF_INET, SOCK_DGRAM, 0), s = socket(AF_INET, SOCK_DGRAM, 0);
	char in[2][LINE];
	struct iovec sent[2] = { { text, LINE }, { text, LINE - 3 } }, taken[2] = { { in[0], LINE }, { in[1], LINE } };
	struct mmsghdr out[2] = { 0 }, back[2] = { 0 };

	CHECK(r | s);
	CHECK(bind(r, (struct sockaddr *)&name, sizeof(name)));
	CHECK(connect(s, (struct sockaddr *)&name, sizeof(name)));
	for (int i = 0; i < 2; i++) {
		out[i].msg_hdr.msg_iov = sent + i;
		back[i].msg_hdr.msg_iov = taken + i;
		out[i].msg_hdr.msg_iovlen = back[i].msg_hdr.msg_iovlen = 1;
	}
	CHECK(sendmmsg(s, out, 2, 0));
	usleep(20000);
	CHECK(recvmmsg(r, back, 2, 0, NULL));
	close(r);
	close(s);
}

static void children(void)
{
	struct clone_args own = { .exit_signal = SIGCHLD };
	siginfo_t information;
	char *words[] = { "true", NULL };
	pid_t child;

	if ((child = vfork()) == 0) {
		execve("/bin/true", words, words + 1);
		_exit(1);
	}
	CHECK(wait4(child, NULL, 0, NULL));
	child = syscall(SYS_clone3, &own, sizeof(own));
	if (child == 0)
		_exit(3);
	if (child > 0)
		CHECK(waitid(P_PID, child, &information, WEXITED));
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	int l = socket(AF_INET, SOCK_STREAM, 0), one = 1, file, s;
	char answer[3], path[] = "/tmp/every-call-XXXXXX";
	pid_t child;

	(void)argc;
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGCHLD, &action, NULL);
	name.sin_family = AF_INET;
	name.sin_port = htons(atoi(argv[1]));
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(file = mkstemp(path));
	unlink(path);
	CHECK(write(file, text, LINE));
	lseek(file, 0, SEEK_SET);
	CHECK(setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	CHECK(bind(l, (struct sockaddr *)&name, sizeof(name)));
	CHECK(listen(l, 5));
	if ((child = fork()) == 0) {
		close(l);
		client();
	}
	CHECK(s = accept4(l, NULL, NULL, SOCK_CLOEXEC));
	close(l);
	CHECK(getsockname(s, (struct sockaddr *)&peer, &length));
	CHECK(getpeername(s, (struct sockaddr *)&peer, &length));
	for (int how = 0; how < 7; how++) {
		usleep(3000);
		give(s, how, file);
		CHECK(recv(s, answer, sizeof(answer), MSG_WAITALL));
	}
	if (read(s, answer, 1) != 0)
		return 2;
	close(s);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	datagrams();
	action.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &action, NULL);
	children();
	alarm(1);
	pause();
	kill(getpid(), SIGINT);
	return 0;
}
