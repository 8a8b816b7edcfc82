/*
 * The terminal: the one place where keys come from. Of this program's files only term.c and draw.c know curses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "draw.h"
#include "theme.h"

/* Keys that are not characters, beyond Unicode. */
enum tui_key_code {
	TUI_KEY_NONE = 0x110000,
	TUI_KEY_UP,
	TUI_KEY_DOWN,
	TUI_KEY_LEFT,
	TUI_KEY_RIGHT,
	TUI_KEY_PAGE_UP,
	TUI_KEY_PAGE_DOWN,
	TUI_KEY_HOME,
	TUI_KEY_END,
	TUI_KEY_BACKSPACE,
	TUI_KEY_DELETE,
	TUI_KEY_BACK_TAB,
	TUI_KEY_CLICK,
	TUI_KEY_WHEEL_UP,
	TUI_KEY_WHEEL_DOWN,
	TUI_KEY_F1,                    /* and F2 to F12 behind it */
	TUI_KEY_LOST = TUI_KEY_F1 + 12 /* the terminal is gone */
};

struct tui_key {
	uint32_t code; /* a character, a control character, or an enum tui_key_code */
	int row, col;  /* of the mouse */
};

struct tui_term_options {
	enum tui_theme theme;
	bool mouse;
	bool colour;
};

/*
 * Take the terminal over and make @pen ready for it. 0, or -ENOTTY, -EINVAL (TERM is not set, not known, or
 * dumb); nothing has changed then.
 */
int tui_term_init(const struct tui_term_options *options, struct tui_pen *pen);

/* Give it back as it was. Of a terminal that was not taken over: nothing. */
void tui_term_deinit(void);

/* Whether the locale lets characters beyond ASCII be shown. */
bool tui_term_is_utf8(void);

/* Keys that came together with the last one and wait for their turn, the next one last. Zeroed at first. */
struct tui_keys {
	struct tui_key waiting[8]; /* as many as curses keeps */
	size_t count;
};

/* The next key that has arrived; TUI_KEY_NONE: none. Does not wait. */
struct tui_key tui_term_key(struct tui_keys *keys);

/* Ask how large it is now; after SIGWINCH. */
void tui_term_measure(int *width, int *height);

/* Stop this program as Ctrl-Z does and come back: the shell finds its own screen in between. */
void tui_term_suspend(void);

/* Draw everything anew: something else has written on the screen. */
void tui_term_redraw(void);
