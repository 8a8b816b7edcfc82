#include "term.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "draw.h"

bool tui_term_is_utf8(void)
{
	return strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int check_terminal(void)
{
	const char *term = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return -ENOTTY;
	return !term || !term[0] || strcmp(term, "dumb") == 0 ? -EINVAL : 0;
}

static void do_nothing(int signal)
{
	(void)signal;
}

/*
 * Curses ignores SIGTSTP while it draws, and then the kernel forgets one that waits to be read. It leaves the signal
 * alone for good where it finds a handler at its start.
 */
static bool start_curses(void)
{
	struct sigaction nothing = { .sa_handler = do_nothing }, before;
	bool started;

	sigaction(SIGTSTP, &nothing, &before);
	started = newterm(NULL, stdout, stdin);
	sigaction(SIGTSTP, &before, NULL);
	return started;
}

int tui_term_init(const struct tui_term_options *options, struct tui_pen *pen)
{
	int r = check_terminal();

	if (r < 0)
		return r;
	set_escdelay(25);
	if (!start_curses())
		return -EINVAL;
	/* Control characters are keys here; signals come from outside only. */
	raw();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	curs_set(0);
	if (options->mouse) {
		mouseinterval(0);
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	}
	tui_pen_init(pen, options->theme, options->colour);
	return 0;
}

void tui_term_deinit(void)
{
	if (stdscr && !isendwin())
		endwin();
}

static uint32_t function_key(wint_t code)
{
	static const struct {
		wint_t from;
		uint32_t to;
	} table[] = {
		{ KEY_UP, TUI_KEY_UP },
		{ KEY_DOWN, TUI_KEY_DOWN },
		{ KEY_LEFT, TUI_KEY_LEFT },
		{ KEY_RIGHT, TUI_KEY_RIGHT },
		{ KEY_PPAGE, TUI_KEY_PAGE_UP },
		{ KEY_NPAGE, TUI_KEY_PAGE_DOWN },
		{ KEY_HOME, TUI_KEY_HOME },
		{ KEY_END, TUI_KEY_END },
		{ KEY_A1, TUI_KEY_HOME },
		{ KEY_C1, TUI_KEY_END },
		{ KEY_BACKSPACE, TUI_KEY_BACKSPACE },
		{ KEY_DC, TUI_KEY_DELETE },
		{ KEY_BTAB, TUI_KEY_BACK_TAB },
		{ KEY_ENTER, '\r' },
	};

	if (code >= KEY_F(1) && code <= KEY_F(12))
		return TUI_KEY_F1 + (uint32_t)(code - KEY_F(1));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].from == code)
			return table[i].to;
	}
	return TUI_KEY_NONE;
}

static struct tui_key mouse_key(const MEVENT *event)
{
	struct tui_key key = { TUI_KEY_NONE, event->y, event->x };

	if (event->bstate & BUTTON1_PRESSED)
		key.code = TUI_KEY_CLICK;
	else if (event->bstate & BUTTON4_PRESSED)
		key.code = TUI_KEY_WHEEL_UP;
	else if (event->bstate & BUTTON5_PRESSED)
		key.code = TUI_KEY_WHEEL_DOWN;
	return key;
}

/* Of clicks that arrive together curses makes one key, and hands them out from the last to the first. */
static void take_mouse(struct tui_keys *keys)
{
	MEVENT event;

	while (keys->count < sizeof(keys->waiting) / sizeof(keys->waiting[0]) &&
	       getmouse(&event) == OK) {
		keys->waiting[keys->count] = mouse_key(&event);
		if (keys->waiting[keys->count].code != TUI_KEY_NONE)
			keys->count++;
	}
}

/* Keys that mean nothing here are passed over. */
struct tui_key tui_term_key(struct tui_keys *keys)
{
	for (;;) {
		struct tui_key key = { .code = TUI_KEY_NONE };
		wint_t code;
		int r;

		if (keys->count)
			return keys->waiting[--keys->count];
		r = get_wch(&code);
		if (r == ERR)
			return key;
		if (r == OK && code == 0x7f)
			key.code = TUI_KEY_BACKSPACE;
		else if (r == OK)
			key.code = (uint32_t)code;
		else if (code == KEY_MOUSE)
			take_mouse(keys);
		else
			key.code = function_key(code);
		if (key.code != TUI_KEY_NONE)
			return key;
	}
}

void tui_term_measure(int *width, int *height)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col &&
	    (size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
	*width = COLS;
	*height = LINES;
}

/*
 * The whole job stops, as at Ctrl-Z, and only where a shell is there to wake it: the kernel sees to that
 * for SIGTSTP with its default action. Who started us with the signal ignored does not want any of it.
 */
void tui_term_suspend(void)
{
	struct sigaction action;
	sigset_t only, mask;

	if (sigaction(SIGTSTP, NULL, &action) < 0 || action.sa_handler == SIG_IGN)
		return;
	endwin();
	sigemptyset(&only);
	sigaddset(&only, SIGTSTP);
	kill(0, SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &only, &mask);
	/* Stopped here. */
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	tui_term_redraw();
}

void tui_term_redraw(void)
{
	clearok(curscr, TRUE);
	refresh();
}
