/*
 * What `--watch` tells of a process from one reading to the next, as it happens (watch.c) or out of a recording
 * (watch_recording.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "options.h"
#include "tui/reader.h"
#include "vmview/source.h"
#include "watch_line.h"

/* Who tells, of however many processes. */
struct vm_teller {
	const struct vm_options *options;
	struct vm_watch_lines lines;
	uint64_t reports; /* so far */
	int status;       /* the exit status that has been earned so far */
};

/* One process. */
struct vm_story {
	const struct vm_source *source;
	struct tui_sample last; /* what the next reading is compared with */
	bool has_last;
	bool was_read;   /* at some time */
	bool unreadable; /* which has been said */
	bool over;       /* nothing more is to be told */
};

/* What is to be read for it. */
enum vm_detail vm_watch_detail(const struct vm_options *options);

/* Tells what @sample has that the last one has not, and takes it over. Returns 0, -ENOMEM or the negative errno of a write. */
int vm_story_take(struct vm_teller *teller, struct vm_story *story, struct tui_sample *sample);

/* The process has ended. Returns the like. */
int vm_story_end(struct vm_teller *teller, struct vm_story *story, int64_t realtime_ns);

/* After each reading, @first or not: whether it was the last one that was asked for. */
bool vm_teller_has_enough(struct vm_teller *teller, bool first);
