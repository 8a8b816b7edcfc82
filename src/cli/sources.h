/*
 * Every process or capture that the command line names, in turn.
 */
#pragma once

#include <stdio.h>

#include "options.h"
#include "vmview/sample.h"
#include "vmview/space.h"

/* The one at hand. */
struct vm_visit {
	const struct vm_options *options;
	const struct vm_source *source;
	const char *path; /* of a capture, else NULL */
	struct vm_process process;
	struct vm_space space;  /* what it had before anything of it was read; of a capture none */
	struct vm_buf *reasons; /* what has been said of it: sentences, a NUL behind each */
};

static inline bool vm_visit_is_saved(const struct vm_visit *visit)
{
	return visit->path;
}

/* Returns an exit status. */
typedef int (*vm_visit_fn)(struct vm_visit *visit, void *user);

/*
 * Call @each for every one. What cannot be found or opened is said, and the others are visited. It ends early where
 * @out has failed. Returns all statuses, joined.
 */
int vm_sources_visit(const struct vm_options *options, FILE *out, vm_visit_fn each, void *user);

/*
 * The same, and @absent for what cannot be found or opened: nothing is known of it but the PID or the path, and the
 * reason. A name that no process has is nobody.
 */
int vm_sources_visit_all(const struct vm_options *options, FILE *out, vm_visit_fn each,
			 vm_visit_fn absent, void *user);

/* What columns and selection ask for; kinds do for hugetlb pages. Without columns all is asked for. */
enum vm_detail vm_options_detail(const struct vm_options *options);

/* Say why @visit could not be read or written: @r is the negative errno. Returns the exit status. */
int vm_visit_failed(const struct vm_visit *visit, int r, const struct vm_report *report, FILE *out);

/* The same of a failure that is the output's alone. */
int vm_output_failed(const struct vm_options *options, int r);

/* What heads it in text: its number and its command, or the capture's name. Both are safe for a terminal. */
void vm_visit_name(const struct vm_visit *visit, struct vm_buf *number, struct vm_buf *command);

/* What else is to be said of a reading that went well: what was left out, why there is nothing. Returns the exit status. */
int vm_visit_done(const struct vm_visit *visit, const struct vm_report *report);

/* The rows that are selected, to be freed. NULL: memory ran out. */
uint32_t *vm_visit_rows(const struct vm_visit *visit, const struct vm_snapshot *snapshot,
			size_t *count);

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

/*
 * Hand out its mappings one by one, classified, without keeping them; the snapshot stays empty. Else like
 * vm_visit_look(), but what comes before a failure has been handed out.
 */
int vm_visit_stream(const struct vm_visit *visit, enum vm_detail detail, vm_mapping_fn take,
		    void *user, struct vm_look *look);
