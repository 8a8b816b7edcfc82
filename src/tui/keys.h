/*
 * What the user can do: one table of actions with their keys, from which the help screen and the key bar
 * are made too.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum tui_action {
	TUI_NONE,
	TUI_UP,
	TUI_DOWN,
	TUI_PAGE_UP,
	TUI_PAGE_DOWN,
	TUI_HALF_UP,
	TUI_HALF_DOWN,
	TUI_FIRST,
	TUI_LAST,
	TUI_LEFT,
	TUI_RIGHT,
	TUI_ENTER,
	TUI_BACK,
	TUI_HELP,
	TUI_COLUMNS,
	TUI_SEARCH,
	TUI_SEARCH_NEXT,
	TUI_SEARCH_PREVIOUS,
	TUI_FILTER,
	TUI_GROUP,
	TUI_SORT_NEXT,
	TUI_SORT_PREVIOUS,
	TUI_INVERT,
	TUI_SAVE,
	TUI_PAUSE,
	TUI_REFRESH,
	TUI_EXPLAIN,
	TUI_BASELINE,
	TUI_MAPS_ONLY,
	TUI_UNITS,
	TUI_THEME,
	TUI_FASTER,
	TUI_SLOWER,
	TUI_NEXT_SCREEN,
	TUI_PREVIOUS_SCREEN,
	TUI_SCREEN,     /* value: enum tui_screen_id */
	TUI_FRAME_BACK, /* value: how many */
	TUI_FRAME_FORWARD,
	TUI_PLAY,
	TUI_REDRAW,
	TUI_SUSPEND,
	TUI_QUIT,
	/* by mouse only */
	TUI_SELECT,         /* value: number of a row */
	TUI_SELECT_ADDRESS, /* value: an address of the mapping to select */
	TUI_SORT_BY,        /* value: enum vm_sort_key */
	TUI_FILTER_KIND,    /* value: enum vm_kind */
	TUI_TOGGLE,         /* value: number of a row, in a dialog */
	TUI_FRAME,          /* value: number of a frame */
	TUI_WHEEL_UP,
	TUI_WHEEL_DOWN,
	TUI_ACTION_COUNT
};

struct tui_binding {
	uint32_t key; /* as in struct tui_key */
	enum tui_action action;
	uint64_t value;
};

/* A line of the help: the keys as people write them and what they do. */
struct tui_key_help {
	enum tui_action action;
	const char *keys;
	const char *help;
};

/* A place in the key bar. */
struct tui_key_bar {
	const char *key; /* "F1" */
	const char *label;
	enum tui_action action;
};

/* The binding of @key, or NULL. */
const struct tui_binding *tui_find_binding(uint32_t key);

const struct tui_key_help *tui_key_helps(size_t *count);
const struct tui_key_bar *tui_key_bars(size_t *count);
