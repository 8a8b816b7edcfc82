#include "keys.h"

#include "screen.h"
#include "term.h"

#define CONTROL(letter) ((letter)&0x1f)
#define F(number) (TUI_KEY_F1 + (number)-1)

/* clang-format off */
static const struct tui_binding bindings[] = {
	{ TUI_KEY_UP, TUI_UP, 0 }, { 'k', TUI_UP, 0 },
	{ TUI_KEY_DOWN, TUI_DOWN, 0 }, { 'j', TUI_DOWN, 0 },
	{ TUI_KEY_PAGE_UP, TUI_PAGE_UP, 0 }, { CONTROL('b'), TUI_PAGE_UP, 0 },
	{ TUI_KEY_PAGE_DOWN, TUI_PAGE_DOWN, 0 }, { CONTROL('f'), TUI_PAGE_DOWN, 0 },
	{ CONTROL('u'), TUI_HALF_UP, 0 },
	{ CONTROL('d'), TUI_HALF_DOWN, 0 },
	{ TUI_KEY_HOME, TUI_FIRST, 0 }, { 'g', TUI_FIRST, 0 },
	{ TUI_KEY_END, TUI_LAST, 0 }, { 'G', TUI_LAST, 0 },
	{ TUI_KEY_LEFT, TUI_LEFT, 0 },
	{ TUI_KEY_RIGHT, TUI_RIGHT, 0 },
	{ '\r', TUI_ENTER, 0 }, { '\n', TUI_ENTER, 0 },
	{ '\033', TUI_BACK, 0 },
	{ F(1), TUI_HELP, 0 }, { '?', TUI_HELP, 0 }, { 'h', TUI_HELP, 0 },
	{ F(2), TUI_COLUMNS, 0 }, { 'c', TUI_COLUMNS, 0 },
	{ F(3), TUI_SEARCH, 0 }, { '/', TUI_SEARCH, 0 },
	{ 'n', TUI_SEARCH_NEXT, 0 },
	{ 'N', TUI_SEARCH_PREVIOUS, 0 },
	{ F(4), TUI_FILTER, 0 }, { '\\', TUI_FILTER, 0 },
	{ F(5), TUI_GROUP, 0 },
	{ F(6), TUI_SORT_NEXT, 0 }, { '>', TUI_SORT_NEXT, 0 },
	{ '<', TUI_SORT_PREVIOUS, 0 },
	{ 'I', TUI_INVERT, 0 },
	{ F(7), TUI_SAVE, 0 }, { 's', TUI_SAVE, 0 },
	{ F(8), TUI_BASELINE, 0 }, { 'b', TUI_BASELINE, 0 },
	{ F(9), TUI_EXPLAIN, 0 }, { 'i', TUI_EXPLAIN, 0 },
	{ ' ', TUI_PAUSE, 0 },
	{ 'r', TUI_REFRESH, 0 },
	{ 'm', TUI_MAPS_ONLY, 0 },
	{ 'u', TUI_UNITS, 0 },
	{ 't', TUI_THEME, 0 },
	{ '-', TUI_FASTER, 0 },
	{ '+', TUI_SLOWER, 0 },
	{ '\t', TUI_NEXT_SCREEN, 0 },
	{ TUI_KEY_BACK_TAB, TUI_PREVIOUS_SCREEN, 0 },
	{ '1', TUI_SCREEN, TUI_SCREEN_LIST },
	{ '2', TUI_SCREEN, TUI_SCREEN_TOTALS },
	{ '3', TUI_SCREEN, TUI_SCREEN_FILES },
	{ '4', TUI_SCREEN, TUI_SCREEN_LOG },
	{ '[', TUI_FRAME_BACK, 1 }, { '{', TUI_FRAME_BACK, 10 },
	{ ']', TUI_FRAME_FORWARD, 1 }, { '}', TUI_FRAME_FORWARD, 10 },
	{ '(', TUI_FRAME_BACK, SIZE_MAX }, { ')', TUI_FRAME_FORWARD, SIZE_MAX },
	{ 'p', TUI_PLAY, 0 },
	{ CONTROL('l'), TUI_REDRAW, 0 },
	{ CONTROL('z'), TUI_SUSPEND, 0 },
	{ 'q', TUI_QUIT, 0 }, { F(10), TUI_QUIT, 0 }, { CONTROL('c'), TUI_QUIT, 0 },
	{ TUI_KEY_LOST, TUI_QUIT, 0 },
	{ TUI_KEY_WHEEL_UP, TUI_WHEEL_UP, 0 },
	{ TUI_KEY_WHEEL_DOWN, TUI_WHEEL_DOWN, 0 },
};

static const struct tui_key_help helps[] = {
	{ TUI_UP, "Up Down  k j", "move by a row" },
	{ TUI_PAGE_UP, "PgUp PgDn", "move by a page; Ctrl-U Ctrl-D by half of one" },
	{ TUI_FIRST, "Home End  g G", "first and last row" },
	{ TUI_NEXT_SCREEN, "Tab  1 2 3 4", "screens: mappings, totals, files, log; Shift-Tab: backwards" },
	{ TUI_EXPLAIN, "F9  i", "explain the selected mapping; Left Right: scroll the words" },
	{ TUI_SEARCH, "F3  /", "search a name; n N: next, previous" },
	{ TUI_FILTER, "F4  \\", "show only: text, kind:heap, perm:w, rss>1M, addr:7f12..." },
	{ TUI_GROUP, "F5", "Files; there: group by file, kind or permissions" },
	{ TUI_SORT_NEXT, "F6  < >", "sort by another column; I: the other way round" },
	{ TUI_COLUMNS, "F2  c", "choose columns" },
	{ TUI_SAVE, "F7  s", "save the mappings to a file that --from reads" },
	{ TUI_BASELINE, "F8  b", "count changes from now on" },
	{ TUI_PAUSE, "Space", "pause and go on; r: read now" },
	{ TUI_MAPS_ONLY, "m", "maps only: no numbers, costs the process hardly anything" },
	{ TUI_FASTER, "- +", "shorter and longer interval" },
	{ TUI_FRAME_BACK, "[ ]  { }  ( )", "recording: by a frame, by ten, to the first and last one" },
	{ TUI_PLAY, "p", "recording: play from here, and stop; Space too" },
	{ TUI_UNITS, "u", "sizes for people, or kB" },
	{ TUI_THEME, "t", "next theme" },
	{ TUI_ENTER, "Enter", "explain; Totals: filter; Files: open and close; Log: go there" },
	{ TUI_BACK, "Esc", "close what is open, clear the filter, back to the processes" },
	{ TUI_REDRAW, "Ctrl-L", "draw the screen anew" },
	{ TUI_SUSPEND, "Ctrl-Z", "stop; fg brings it back" },
	{ TUI_HELP, "F1  ?  h", "this help" },
	{ TUI_QUIT, "q  F10  Ctrl-C", "quit" },
};

static const struct tui_key_bar bars[] = {
	{ "F1", "Help", TUI_HELP },
	{ "F2", "Cols", TUI_COLUMNS },
	{ "F3", "Find", TUI_SEARCH },
	{ "F4", "Filter", TUI_FILTER },
	{ "F5", "Group", TUI_GROUP },
	{ "F6", "Sort", TUI_SORT_NEXT },
	{ "F7", "Save", TUI_SAVE },
	{ "F8", "Base", TUI_BASELINE },
	{ "F9", "What?", TUI_EXPLAIN },
	{ "F10", "Quit", TUI_QUIT },
};
/* clang-format on */

const struct tui_binding *tui_find_binding(uint32_t key)
{
	for (size_t i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++) {
		if (bindings[i].key == key)
			return &bindings[i];
	}
	return NULL;
}

const struct tui_key_help *tui_key_helps(size_t *count)
{
	*count = sizeof(helps) / sizeof(helps[0]);
	return helps;
}

const struct tui_key_bar *tui_key_bars(size_t *count)
{
	*count = sizeof(bars) / sizeof(bars[0]);
	return bars;
}
