#include "screen.h"

#include <assert.h>

static const struct tui_screen *const screens[TUI_SCREEN_COUNT] = {
	[TUI_SCREEN_LIST] = &tui_screen_list,   [TUI_SCREEN_TOTALS] = &tui_screen_totals,
	[TUI_SCREEN_FILES] = &tui_screen_files, [TUI_SCREEN_LOG] = &tui_screen_log,
	[TUI_SCREEN_HELP] = &tui_screen_help,   [TUI_SCREEN_COLUMNS] = &tui_screen_columns,
};

const struct tui_screen *tui_screen(enum tui_screen_id id)
{
	assert(id < TUI_SCREEN_COUNT);
	return screens[id];
}
