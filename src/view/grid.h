/*
 * A small table of text, kept until all of it is there: each column is as wide as what is in it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/buf.h"

struct vm_grid {
	size_t columns;
	const bool *left;    /* of each column: its cells stand on the left; borrowed */
	struct vm_buf cells; /* line by line, each with a closing NUL */
	size_t count;        /* of the cells that are closed */
};

void vm_grid_deinit(struct vm_grid *grid);

/* What has been put into grid->cells since the last one was a cell: safe text, or nothing. */
void vm_grid_close(struct vm_grid *grid);

/* Append the lines to @text, without blanks at their ends. Running out of memory is @text's to tell. */
void vm_grid_put(const struct vm_grid *grid, struct vm_buf *text);

/* How many characters safe text has. */
size_t vm_text_width(struct vm_str text);
