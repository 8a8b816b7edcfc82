#include "session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* These come by descriptor, so that nothing happens in between. */
static const int handled[] = { SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,  SIGALRM, SIGUSR1,
			       SIGUSR2, SIGTSTP, SIGCONT, SIGWINCH, SIGCHLD };

static void fill_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
		sigaddset(set, handled[i]);
}

int tui_session_init(struct tui_session *session, const struct tui_options *options,
		     const struct tui_settings *settings)
{
	struct tui_term_options term = { settings->theme, options->mouse, options->colour };
	sigset_t set;
	int r;

	*session = (struct tui_session){ .options = *options, .settings = *settings };
	snprintf(session->note, sizeof(session->note), "%s", options->note ? options->note : "");
	session->options.note = NULL;
	session->utf8 = tui_term_is_utf8() && !options->ascii;
	fill_set(&set);
	pthread_sigmask(SIG_BLOCK, &set, &session->old_mask);
	session->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	r = session->signals < 0 ? -errno : tui_term_init(&term, &session->pen);
	if (r < 0) {
		if (session->signals >= 0)
			close(session->signals);
		pthread_sigmask(SIG_SETMASK, &session->old_mask, NULL);
	}
	return r;
}

void tui_session_deinit(struct tui_session *session)
{
	tui_term_deinit();
	close(session->signals);
	pthread_sigmask(SIG_SETMASK, &session->old_mask, NULL);
}

static unsigned take_signal(struct tui_session *session, int signal)
{
	switch (signal) {
	case SIGWINCH:
		return TUI_WAKE_SIZE;
	case SIGCONT:
		tui_term_redraw();
		return TUI_WAKE_SIZE;
	case SIGTSTP:
		return TUI_WAKE_SUSPEND;
	case SIGCHLD:
		return TUI_WAKE_CHILD;
	default:
		session->quits = true;
		session->end_signal = signal;
		return TUI_WAKE_QUIT;
	}
}

static unsigned take_signals(struct tui_session *session)
{
	struct signalfd_siginfo info;
	unsigned wake = 0;

	while (read(session->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		wake |= take_signal(session, (int)info.ssi_signo);
	return wake;
}

unsigned tui_session_wait(struct tui_session *session, int fd, int timeout_ms)
{
	struct pollfd polled[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = session->signals, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	unsigned wake = 0;

	if (poll(polled, fd < 0 ? 2 : 3, timeout_ms) <= 0)
		return 0;
	if (polled[1].revents)
		wake |= take_signals(session);
	/* A terminal that has gone says so in front of every read, at times before its signal comes. */
	if (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		session->quits = true;
		if (!session->end_signal)
			session->end_signal = SIGHUP;
		wake |= TUI_WAKE_QUIT;
	} else if (polled[0].revents) {
		wake |= TUI_WAKE_KEY;
	}
	if (fd >= 0 && polled[2].revents)
		wake |= TUI_WAKE_DATA;
	return wake;
}

void tui_session_suspend(struct tui_session *session)
{
	(void)session;
	tui_term_suspend();
}
