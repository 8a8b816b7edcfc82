/*
 * The lines of `--watch`: text for people, JSON for programs.
 */
#pragma once

#include <stdio.h>

#include "options.h"
#include "tui/reader.h"
#include "vmview/buf.h"
#include "vmview/json_mapping.h"

struct vm_watch_lines {
	const struct vm_options *options;
	FILE *out;
	bool several; /* processes: lines of text begin with the PID */
	bool objects; /* JSON */

	/* the lines' own */
	struct vm_buf text; /* not written yet */
	struct vm_json json;
	struct vm_json_mappings mappings;
};

void vm_watch_lines_init(struct vm_watch_lines *lines, const struct vm_options *options, FILE *out);
void vm_watch_lines_deinit(struct vm_watch_lines *lines);

/* All that follow return 0, -ENOMEM, or the negative errno of a write. */

/* What stands above the columns, where they have titles. */
int vm_watch_begin(struct vm_watch_lines *lines);

/* What turned @before into @after. */
int vm_watch_changes(struct vm_watch_lines *lines, const struct tui_sample *before,
		     const struct tui_sample *after);

/* Sums of what is selected. */
int vm_watch_sums(struct vm_watch_lines *lines, const struct tui_sample *sample);

/* The process executed the program that @sample is of. */
int vm_watch_executed(struct vm_watch_lines *lines, const struct tui_sample *sample);

int vm_watch_ended(struct vm_watch_lines *lines, pid_t pid, int64_t realtime_ns);

/* Let the reader have all that has been told so far. */
int vm_watch_flush(struct vm_watch_lines *lines);
