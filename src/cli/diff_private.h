/*
 * What `--diff` has read, and what writes it.
 */
#pragma once

#include "sources.h"
#include "vmview/difference_table.h"

/* One of the two. */
struct vm_moment {
	const char *word;      /* by which it was named */
	struct vm_visit visit; /* without its source */
	struct vm_buf reasons;
	struct vm_buf path; /* where the word names a frame of it */
	struct vm_look look;
	int64_t realtime_ns; /* when it was read; 0: a capture does not tell */
	FILE *out;
	bool is_whole; /* there is something to compare, and nothing of it missing */
};

struct vm_diff {
	const struct vm_options *options;
	FILE *out;
	struct vm_moment moments[VM_SIDE_COUNT];
	struct vm_difference difference;
	uint32_t *rows; /* those that are selected, in order */
	size_t count;
};

/* Both return 0, -ENOMEM, or the negative errno of a write. */
int vm_diff_write_table(const struct vm_diff *diff);
int vm_diff_write_json(const struct vm_diff *diff);
