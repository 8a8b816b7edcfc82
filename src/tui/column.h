/*
 * The columns of the list: one table of titles, widths and cells.
 */
#pragma once

#include <stdint.h>

#include "canvas.h"
#include "data.h"
#include "vmview/column.h"
#include "vmview/selection.h"
#include "vmview/size.h"

enum tui_column_id {
	TUI_COLUMN_ADDRESS,
	TUI_COLUMN_END,
	TUI_COLUMN_SIZE,
	TUI_COLUMN_RSS,
	TUI_COLUMN_RESIDENT, /* a small bar */
	TUI_COLUMN_PSS,
	TUI_COLUMN_USS,
	TUI_COLUMN_SHARED,
	TUI_COLUMN_DIRTY,
	TUI_COLUMN_SWAP,
	TUI_COLUMN_LOCKED,
	TUI_COLUMN_COPIED,
	TUI_COLUMN_OFFSET,
	TUI_COLUMN_DEVICE,
	TUI_COLUMN_INODE,
	TUI_COLUMN_PERMS,
	TUI_COLUMN_KIND,
	TUI_COLUMN_NAME,
	TUI_COLUMN_CHANGE,
	TUI_COLUMN_COUNT
};

/* A row of the list. */
struct tui_row {
	const struct vm_mapping *mapping;
	struct tui_mark mark;
	bool ghost; /* it is gone */
};

/* What a cell needs to know besides its row. */
struct tui_cell_context {
	const struct tui_data *data;
	enum vm_size_style units;
	bool utf8;
};

struct tui_column {
	enum vm_column column; /* what it shows; VM_COLUMN_COUNT: something of the view's own */
	const char *title;     /* above the column */
	int width;     /* human units; negative: aligned left; 0: what is left (one column only) */
	int kib_width; /* with kB */
	enum vm_sort_key sort; /* by which a click sorts; VM_SORT_COUNT: none */
	int keep;              /* the larger, the longer it stays where there is little room */
};

const struct tui_column *tui_column(enum tui_column_id id);

/* In the settings file and the dialog. */
const char *tui_column_name(enum tui_column_id id);

/* One line, for the dialog. */
const char *tui_column_help(enum tui_column_id id);

/* Its text, made safe. */
void tui_column_put(enum tui_column_id id, const struct tui_cell_context *context,
		    const struct tui_row *row, struct vm_buf *text);

/* Columns that are shown when nobody has chosen. */
#define TUI_COLUMNS_DEFAULT                                                          \
	(1u << TUI_COLUMN_ADDRESS | 1u << TUI_COLUMN_SIZE | 1u << TUI_COLUMN_RSS |   \
	 1u << TUI_COLUMN_RESIDENT | 1u << TUI_COLUMN_PSS | 1u << TUI_COLUMN_DIRTY | \
	 1u << TUI_COLUMN_SWAP | 1u << TUI_COLUMN_PERMS | 1u << TUI_COLUMN_KIND |    \
	 1u << TUI_COLUMN_NAME | 1u << TUI_COLUMN_CHANGE)

/* Of the @chosen columns those that fit into @width, as a mask, and how wide each one is. */
uint32_t tui_columns_fit(uint32_t chosen, enum vm_size_style units, int address_width, int width,
			 int widths[TUI_COLUMN_COUNT]);
