#include "stage_input.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool demo_input_init(struct demo_input *input)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t mask;

	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&mask, numbers[i]);
	input->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (input->signals < 0)
		return false;
	/* Children inherit the mask: Ctrl-C reaches all, the demo alone takes down the rest in order. */
	sigprocmask(SIG_BLOCK, &mask, &input->old_mask);
	sigaction(SIGPIPE, &ignore, NULL);
	input->terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &input->before) == 0;
	if (input->terminal) {
		input->keys = input->before;
		input->keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		input->keys.c_cc[VMIN] = 1;
		input->keys.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &input->keys);
	}
	return true;
}

void demo_input_deinit(struct demo_input *input)
{
	if (input->terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &input->before);
	close(input->signals);
}

/* Returns whether to end. */
static bool take_signals(struct demo_input *input)
{
	struct signalfd_siginfo info;

	while (read(input->signals, &info, sizeof(info)) == sizeof(info)) {
		/* While we were stopped the shell set the terminal as it likes it. */
		if (info.ssi_signo == SIGCONT && input->terminal)
			tcsetattr(STDIN_FILENO, TCSADRAIN, &input->keys);
		else if (info.ssi_signo != SIGCONT && !input->signal)
			input->signal = (int)info.ssi_signo;
	}
	return input->signal != 0;
}

bool demo_input_ends(struct demo_input *input)
{
	return take_signals(input);
}

/* 1: @fd can be read, 0: the time is over, -1: a signal told us to end. @fd may be -1. */
static int await(struct demo_input *input, int fd, int timeout_ms)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = input->signals, .events = POLLIN },
			{ .fd = fd, .events = POLLIN },
		};
		int n = poll(fds, 2, timeout_ms);

		if (n < 0 && errno != EINTR)
			return -1;
		if (take_signals(input))
			return -1;
		if (n == 0)
			return 0;
		if (n > 0 && fds[1].revents)
			return 1;
	}
}

bool demo_input_await(struct demo_input *input, int fd)
{
	return await(input, fd, -1) > 0;
}

static enum demo_key read_key(struct demo_input *input, bool *known)
{
	char c;
	ssize_t n = read(STDIN_FILENO, &c, 1);

	*known = true;
	if (n <= 0)
		/* A terminal that has gone, or a pipe at its end. */
		return input->terminal ? DEMO_KEY_QUIT : DEMO_KEY_NEXT;
	switch (c) {
	case '\n':
	case '\r':
	case ' ':
		return DEMO_KEY_NEXT;
	case 'n':
		return DEMO_KEY_SCENE;
	case 'q':
	case 'Q':
	case 4: /* Ctrl-D */
		return DEMO_KEY_QUIT;
	default:
		*known = false;
		return DEMO_KEY_NEXT;
	}
}

enum demo_key demo_input_key(struct demo_input *input)
{
	bool known;
	enum demo_key key;

	do {
		if (await(input, STDIN_FILENO, -1) < 0)
			return DEMO_KEY_QUIT;
		key = read_key(input, &known);
	} while (!known);
	return key;
}

enum demo_key demo_input_pause(struct demo_input *input, int ms)
{
	bool known;
	enum demo_key key;

	do {
		int n = await(input, input->terminal ? STDIN_FILENO : -1, ms);

		if (n <= 0)
			return n < 0 ? DEMO_KEY_QUIT : DEMO_KEY_NEXT;
		key = read_key(input, &known);
	} while (!known);
	return key;
}
