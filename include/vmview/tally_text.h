/*
 * Sums and limits as tables for people, as comma-separated values and as JSON for programs.
 *
 * All append to a buffer: whether memory ran out is the buffer's to tell. Names are made safe for a terminal, but for those of
 * comma-separated values that go elsewhere.
 */
#pragma once

#include <stdbool.h>

#include "vmview/buf.h"
#include "vmview/json.h"
#include "vmview/limits.h"
#include "vmview/size.h"
#include "vmview/tally.h"

struct vm_tally_style {
	enum vm_size_style units;
	bool headings; /* titles above, totals below */
	bool several;  /* of several processes: tell how many have any of it */
};

void vm_tally_put_table(struct vm_buf *text, const struct vm_tally *tally,
			const struct vm_tally_style *style);

/*
 * What is known of the limits, one a line: how much there is now, how much there may be, and how much of that is used, in per
 * cent.
 */
void vm_limits_put_table(struct vm_buf *text, const struct vm_limits *limits,
			 enum vm_size_style units);

/* The record of names, and one for each row, with the fields that the caller has put before it. Lines end in CR and LF. */
void vm_tally_put_csv_names(struct vm_buf *text);
void vm_tally_put_csv(struct vm_buf *text, const struct vm_tally_row *row, bool terminal);

/*
 * The rows as an array of objects, under @key, and the sums over all as an object. The number of mappings is "count"; with @several
 * there is that of processes as well.
 */
void vm_tally_put_json(struct vm_json *json, const char *key, const struct vm_tally *tally,
		       bool several);
void vm_tally_put_json_total(struct vm_json *json, const char *key, const struct vm_tally *tally,
			     bool several);

/* An object of what is known, under @key; nothing where nothing is. */
void vm_limits_put_json(struct vm_json *json, const char *key, const struct vm_limits *limits);
