/*
 * Every process or capture that the command line names, in turn.
 */
#pragma once

#include <stdio.h>

#include "options.h"
#include "vmview/sample.h"

/* The one at hand. */
struct vm_visit {
	const struct vm_options *options;
	const struct vm_source *source;
	const char *path; /* of a capture, else NULL */
	struct vm_process process;
};

static inline bool vm_visit_is_saved(const struct vm_visit *visit)
{
	return visit->source->type != VM_SOURCE_LIVE;
}

/*
 * Call @each for every one; it returns an exit status. What cannot be found or opened is said, and the others are visited. It
 * ends early where @out has failed. Returns all statuses, joined.
 */
int vm_sources_visit(const struct vm_options *options, FILE *out,
		     int (*each)(struct vm_visit *visit, void *user), void *user);

/* Say why @visit could not be read or written: @r is the negative errno. Returns the exit status. */
int vm_visit_failed(const struct vm_visit *visit, int r, const struct vm_report *report, FILE *out);

/* The same of a failure that is the output's alone. */
int vm_output_failed(const struct vm_options *options, int r);

/* What heads it in text: its number and its command, or the capture's name. Both are safe for a terminal. */
void vm_visit_name(const struct vm_visit *visit, struct vm_buf *number, struct vm_buf *command);

/* What else is to be said of a reading that went well: what was left out, why there is nothing. Returns the exit status. */
int vm_visit_done(const struct vm_visit *visit, const struct vm_report *report);

/* Where an address was asked for that nothing holds, say so. Returns the exit status. */
int vm_visit_missed(const struct vm_visit *visit, const struct vm_snapshot *snapshot);

/* A snapshot of it, and what became of the reading. */
struct vm_look {
	struct vm_snapshot snapshot;
	struct vm_report report;
	bool unreadable; /* its maps only: smaps could not be read, which has been said */
	int status;      /* exit status so far */
};

void vm_look_deinit(struct vm_look *look);

/*
 * Read @visit. 0, or a negative errno when there is nothing to show: then vm_visit_failed() tells why. @look must be zeroed.
 */
int vm_visit_look(const struct vm_visit *visit, enum vm_detail detail, struct vm_look *look);
