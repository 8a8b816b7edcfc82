/*
 * What a sampler's thread and those who ask it share. Of no concern to others.
 */
#pragma once

#include "sampler.h"
#include "worker.h"

/* What somebody wants to know, and then the answer. */
struct question {
	uint64_t start, end; /* of a mapping */
	char build_id[TUI_BUILD_ID_SIZE];
};

struct tui_sampler {
	struct tui_worker worker;
	struct tui_reader reader; /* the thread's */
	struct vm_source source;  /* a descriptor of its own */
	uid_t user;               /* the thread's: whose name was looked up */
	bool knows_user;

	int (*go)(int link); /* NULL: it has begun long ago */
	int link;

	/* Under the worker's lock: */
	bool paused, maps_only;
	unsigned hurry; /* readings that were asked for at once */
	uint64_t interval_ns;
	uint64_t early_ns; /* the interval as long as this is shorter; 0: it is not */
	int go_error;
	struct tui_sample ready;
	bool has_ready;
	struct vm_snapshot *building; /* smaps under way, or NULL */
	size_t merged;                /* mappings of @building that have been merged */
	uint64_t told_ns;             /* when progress was last told */
	struct question question;
	bool asked, answered;
	char user_name[TUI_USER_SIZE];
	bool has_user_name; /* a new one */
};

/* The thread. */
void tui_sampler_run(void *sampler);
