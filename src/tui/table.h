/*
 * A table of names, each with a count and numbers, of which RSS is shown longest.
 */
#pragma once

#include <stddef.h>

#include "vmview/size.h"

/* The number that is shown where there is room for one only. */
#define TUI_TABLE_RSS 1

/* What there is room for, and how wide it is. */
struct tui_table {
	int name, count; /* count 0: not shown */
	int number;
	size_t first, end; /* numbers that are shown */
};

/*
 * Into @width columns, two at the left and one at the right among them. Names are to have @least columns, and need no more
 * than @longest; there are @numbers.
 */
struct tui_table tui_table_fit(int width, enum vm_size_style units, size_t numbers, int least,
			       int longest);
