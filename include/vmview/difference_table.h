/*
 * Differences of two snapshots, as a table for people or as JSON for programs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "vmview/difference.h"
#include "vmview/json_mapping.h"
#include "vmview/size.h"

struct vm_difference_table {
	const enum vm_column *columns; /* borrowed */
	size_t count;
	enum vm_size_style units;
	bool headings; /* titles above, totals below */
	/* smaps of one of the two could not be read: what is unknown is n/a instead of - */
	bool unreadable;
};

/*
 * Write those of @rows, @row_count indexes of rows in this order, that differ in a column of @table: the mark of what happened
 * to the mapping, or a dot where only numbers changed; then the columns. Of what can be summed it is what was won or lost,
 * under a title that begins with `d`; of permissions both, where they changed (rw-p>r--p). By name, a column tells first how
 * many mappings came or went. Names are made safe for a terminal. 0, -ENOMEM, or the negative errno of a write to @out.
 */
int vm_difference_write(const struct vm_difference_table *table,
			const struct vm_difference *difference, const uint32_t *rows,
			size_t row_count, FILE *out);

struct vm_difference_json {
	struct vm_json *json;
	const struct vm_difference *difference;
	enum vm_column columns[VM_COLUMN_COUNT]; /* that can be summed, each once */
	size_t count;
	struct vm_json_mappings one,
		several; /* what is told of a mapping, and of some of one name */
};

/* Those of @columns, @count of them, that can be summed; where there are none, all. */
void vm_difference_json_init(struct vm_difference_json *writer, struct vm_json *json,
			     const struct vm_difference *difference, const enum vm_column *columns,
			     size_t count);
void vm_difference_json_deinit(struct vm_difference_json *writer);

/*
 * The members of a row, into the object that is open: what happened, the mapping, and of each column what there was, what there
 * is and what was won. What is not known of a side is absent, and so is what was won then.
 */
void vm_difference_json_row(struct vm_difference_json *writer, const struct vm_difference_row *row);

/* The same of all of @rows together. */
void vm_difference_json_totals(struct vm_difference_json *writer, const uint32_t *rows,
			       size_t row_count);
