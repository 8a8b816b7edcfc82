/*
 * A screen: a struct of functions in a file of its own. A new one touches its file, one row of the table in screen.c, and this enum.
 */
#pragma once

#include <stdbool.h>

#include "canvas.h"
#include "keys.h"

enum tui_screen_id {
	TUI_SCREEN_LIST,
	TUI_SCREEN_TOTALS,
	TUI_SCREEN_FILES,
	TUI_SCREEN_LOG,
	TUI_SCREEN_HELP, /* reached by its key, not by Tab */
	TUI_SCREEN_COLUMNS,
	TUI_SCREEN_COUNT
};

/* Those that Tab reaches come first. */
#define TUI_TAB_COUNT (TUI_SCREEN_LOG + 1)

struct tui_app;

/* A part of the canvas. */
struct tui_area {
	int row, col, width, height;
};

struct tui_screen {
	const char *title;
	/* Do @action. False: it is not this screen's. */
	bool (*step)(struct tui_app *app, enum tui_action action, uint64_t value);
	/* Draw into @area of the app's canvas. */
	void (*draw)(struct tui_app *app, struct tui_area area);
	/* The data changed: rows that point into it are made anew. May be NULL. */
	void (*renew)(struct tui_app *app);
};

extern const struct tui_screen tui_screen_list;
extern const struct tui_screen tui_screen_totals;
extern const struct tui_screen tui_screen_files;
extern const struct tui_screen tui_screen_log;
extern const struct tui_screen tui_screen_help;
extern const struct tui_screen tui_screen_columns;

/* The screen of @id. */
const struct tui_screen *tui_screen(enum tui_screen_id id);
