/*
 * What the user chose and wants to find again: a plain commented file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "column.h"
#include "theme.h"
#include "vmview/selection.h"
#include "vmview/size.h"

#define TUI_INTERVAL_MIN_NS 50000000      /* 0.05 s */
#define TUI_INTERVAL_MAX_NS 3600000000000 /* an hour */

struct tui_settings {
	uint64_t interval_ns;
	enum tui_theme theme;
	enum vm_size_style units;
	enum vm_sort_key sort;
	bool reverse;
	uint32_t columns; /* bit per enum tui_column_id */
};

struct tui_settings tui_settings_default(void);

/* Seconds, with a fraction or not. False: not a number, or out of bounds. */
bool tui_interval_parse(struct vm_str text, uint64_t *interval_ns);

/* Told of each line that is not understood: its number and what is wrong, foreign text made safe. */
typedef void (*tui_settings_warn_fn)(size_t line, const char *what, void *user);

/* Take what @text says; what it does not mention stays. */
void tui_settings_parse(struct tui_settings *settings, struct vm_str text,
			tui_settings_warn_fn warn, void *user);

/* The text of a file that says what @settings says, with a comment for each line. */
void tui_settings_write(const struct tui_settings *settings, struct vm_buf *text);

/* Whether they say the same in a file. */
bool tui_settings_equal(const struct tui_settings *a, const struct tui_settings *b);

/*
 * Change a file's @text to say what @after says other than @before: values in their places, what is missing at the end.
 * All else stays as it is, comments, blank and wrong lines, and settings that did not change.
 */
void tui_settings_update(const struct tui_settings *before, const struct tui_settings *after,
			 struct vm_buf *text);
