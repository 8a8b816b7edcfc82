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

/* What is asked for of a recording. */
struct frame_request {
	struct vm_frame frame;
	uint64_t end; /* of the recording */
	size_t index;
	unsigned program;
};

struct tui_sampler {
	struct tui_worker worker;
	struct tui_reader reader; /* the thread's */
	struct tui_reader_hooks hooks;
	struct vm_source source; /* a descriptor of its own; of a recording nothing but that */
	bool of_frames;          /* it is a recording */
	uid_t user;              /* the thread's: whose name was looked up */
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
	struct frame_request frame;
	bool wants_frame;
	struct question question;
	bool asked, answered;
	char user_name[TUI_USER_SIZE];
	bool has_user_name; /* a new one */
};

/* The thread, whose @user is the sampler. */
void tui_sampler_run(void *user);

/* The same of a recording. */
void tui_sampler_read_frames(struct tui_sampler *sampler);

/* Hand it over once there is room. False: the sampler is to stop. */
bool tui_sampler_post(struct tui_sampler *sampler, struct tui_sample *sample);

/* Looking up a user may ask a network: only when it is another one. */
void tui_sampler_name_user(struct tui_sampler *sampler, bool known, uid_t uid);
