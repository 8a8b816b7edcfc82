/*
 * Chosen columns of mappings, as a table for people or as comma-separated values for programs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "vmview/column.h"
#include "vmview/size.h"
#include "vmview/snapshot.h"

struct vm_table {
	const enum vm_column *columns; /* borrowed */
	size_t count;
	enum vm_size_style units;
	bool headings; /* titles above, totals below */
	/* smaps could not be read, so that its numbers are unknown rather than not reported: n/a instead of - */
	bool unreadable;
};

/*
 * Write the mappings @rows of @snapshot, @row_count of them, in this order: each column as wide as what is in it, the last
 * one without blanks behind it, below them the sums of what can be summed. Names are made safe for a terminal. 0, -ENOMEM, or the
 * negative errno of a write to @out.
 */
int vm_table_write(const struct vm_table *table, const struct vm_snapshot *snapshot,
		   const uint32_t *rows, size_t row_count, FILE *out);

/* Comma-separated values (RFC 4180), one record after the other. */
struct vm_csv {
	const enum vm_column *columns; /* borrowed */
	size_t count;
	bool terminal; /* @out is one: names are made safe for it, else they are written as they are */
	FILE *out;
	struct vm_buf text; /* not written yet; the caller flushes and frees it */
};

/*
 * The record of names, and one for each mapping, the PID in front (nothing where it is 0: not known). Sizes are bytes, addresses and
 * offsets hexadecimal with 0x, what is true or false is written so, and what is not reported is empty. Flags are separated by
 * commas, VmFlags by blanks. All return 0, -ENOMEM, or the negative errno of a write.
 */
int vm_csv_begin(struct vm_csv *csv);
int vm_csv_add(struct vm_csv *csv, pid_t pid, const struct vm_mapping *mapping);
