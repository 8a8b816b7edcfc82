/*
 * The terminal for as long as the program has it: taken over once, shared by the list of processes and the view of one.
 */
#pragma once

#include <signal.h>

#include "draw.h"
#include "settings.h"
#include "term.h"

struct tui_options {
	const char *program;
	bool mouse, ascii, colour;
	const char *
		note; /* to be shown before anything else; made safe when it is; NULL or empty: none */
};

struct tui_session {
	struct tui_options options;
	struct tui_settings settings;
	struct tui_pen pen;
	struct tui_keys keys;
	int signals; /* signalfd */
	sigset_t old_mask;
	bool utf8;
	char note[200]; /* has not been shown yet */
	bool quits;     /* asked to end by a signal or by the terminal's end */
	int end_signal; /* which, or 0 */
};

/* What woke a session that waited. */
enum tui_wake {
	TUI_WAKE_KEY = 1,
	TUI_WAKE_DATA = 2, /* the descriptor that was given */
	TUI_WAKE_SIZE = 4, /* the terminal's size, or all that was on it, may have changed */
	TUI_WAKE_QUIT = 8,
	TUI_WAKE_SUSPEND = 16,
	TUI_WAKE_CHILD = 32
};

/* 0, or what tui_term_init() says, then nothing is to be undone. */
int tui_session_init(struct tui_session *session, const struct tui_options *options,
		     const struct tui_settings *settings);
void tui_session_deinit(struct tui_session *session);

/* Wait at most @timeout_ms (-1: for ever) for keys, @fd (-1: none), or signals. Returns enum tui_wake bits, 0 after the time. */
unsigned tui_session_wait(struct tui_session *session, int fd, int timeout_ms);

/* Stop as Ctrl-Z does, and come back. */
void tui_session_suspend(struct tui_session *session);
