/*
 * A small program for the terminal, of which all is known: what the driver of the screen tests is
 * tested with.
 *
 *   probe [OPTION]
 *
 *   x10       asks for the mouse in the old encoding
 *   no-mouse  does not ask for it
 *   slow      writes its second row in two halves, with a pause between them
 *
 * Keys: q ends it with status 0, E with 3, L as well but leaves the terminal as it is, c shows and
 * C hides the cursor, f starts a process that stays, P says "late" after a pause, B writes for
 * ever. Every other key is named.
 */
#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct probe {
	int keys;
	char said[64];
	bool slow;
};

static void start_curses(bool mouse)
{
	setlocale(LC_ALL, "");
	initscr();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	mouseinterval(0);
	if (mouse)
		mousemask(ALL_MOUSE_EVENTS, NULL);
	if (has_colors() && !getenv("NO_COLOR")) {
		start_color();
		use_default_colors();
		init_pair(1, COLOR_RED, -1);
		init_pair(2, -1, COLOR_BLUE);
		init_pair(3, (short)(COLORS > 208 ? 208 : COLOR_YELLOW), -1);
	}
}

static void put_styled(const char *text, attr_t attributes, short pair)
{
	attr_set(attributes, pair, NULL);
	addstr(text);
	attr_set(A_NORMAL, 0, NULL);
	addch(' ');
}

static void draw_styles(void)
{
	move(1, 0);
	put_styled("red", A_NORMAL, 1);
	put_styled("on-blue", A_NORMAL, 2);
	put_styled("orange", A_BOLD, 3);
	put_styled("bold", A_BOLD, 0);
	put_styled("dim", A_DIM, 0);
	put_styled("under", A_UNDERLINE, 0);
	put_styled("inverse", A_REVERSE | A_BOLD, 0);
	put_styled("none", A_NORMAL, 0);
}

static void draw(const struct probe *probe)
{
	erase();
	mvprintw(0, 0, "probe %dx%d", COLS, LINES);
	draw_styles();
	mvaddstr(2, 0, "wide \u6f22\u5b57 box \u2502 block \u2587 end");
	mvprintw(3, 0, "key %d: %s", probe->keys, probe->said);
	mvaddstr(LINES - 1, 0, "last row");
	refresh();
}

/* Half a frame, as one sees it when a program is slow. */
static void draw_slowly(void)
{
	mvaddstr(4, 0, "first half");
	refresh();
	napms(300);
	addstr(", second half");
	refresh();
}

static const struct {
	mmask_t bit;
	const char *name;
} mouse_events[] = {
	/* clang-format off */
	{ BUTTON1_PRESSED, "press 1" },
	{ BUTTON1_RELEASED, "release 1" },
	{ BUTTON1_CLICKED, "click 1" },
	{ BUTTON3_PRESSED, "press 3" },
	{ BUTTON3_RELEASED, "release 3" },
	{ BUTTON3_CLICKED, "click 3" },
	{ BUTTON4_PRESSED, "wheel up" },
	{ BUTTON5_PRESSED, "wheel down" },
	/* clang-format on */
};

static void note_mouse(struct probe *probe)
{
	const char *what = "other";
	MEVENT event;

	if (getmouse(&event) != OK)
		return;
	for (size_t i = 0; i < sizeof(mouse_events) / sizeof(mouse_events[0]); i++) {
		if (event.bstate & mouse_events[i].bit)
			what = mouse_events[i].name;
	}
	snprintf(probe->said, sizeof(probe->said), "mouse %s at %d,%d", what, event.x + 1,
		 event.y + 1);
}

static void leave_process(struct probe *probe)
{
	pid_t pid = fork();

	if (pid == 0) {
		setsid();
		execlp("sleep", "sleep", "1000", (char *)NULL);
		_exit(127);
	}
	snprintf(probe->said, sizeof(probe->said), "child %d", (int)pid);
}

static void babble(void)
{
	for (unsigned i = 0;; i++) {
		mvprintw(5, 0, "babble %u", i);
		refresh();
	}
}

/* False: that was the end. */
static bool heed_key(struct probe *probe, int key)
{
	probe->keys++;
	switch (key) {
	case 'q':
		return false;
	case 'E':
		endwin();
		exit(3);
	case 'L':
		_exit(3);
	case 'c':
	case 'C':
		curs_set(key == 'c');
		break;
	case 'f':
		leave_process(probe);
		return true;
	case 'P':
		napms(200);
		snprintf(probe->said, sizeof(probe->said), "late");
		return true;
	case 'B':
		babble();
		break;
	case KEY_MOUSE:
		note_mouse(probe);
		return true;
	default:
		break;
	}
	snprintf(probe->said, sizeof(probe->said), "%s", keyname(key));
	return true;
}

/* The kernel may tell of a resize just before curses goes to sleep, which then forgets to look. */
static int await_key(void)
{
	int key;

	timeout(50);
	do
		key = getch();
	while (key == ERR);
	return key;
}

int main(int argc, char **argv)
{
	const char *option = argc > 1 ? argv[1] : "";
	struct probe probe = { .said = "none", .slow = strcmp(option, "slow") == 0 };
	bool goes_on = true;

	if (strcmp(option, "x10") == 0)
		setenv("TERM", "screen-256color", 1);
	start_curses(strcmp(option, "no-mouse") != 0);
	while (goes_on) {
		draw(&probe);
		if (probe.slow)
			draw_slowly();
		goes_on = heed_key(&probe, await_key());
	}
	endwin();
	puts("probe is done");
	return 0;
}
