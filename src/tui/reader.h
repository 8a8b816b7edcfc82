/*
 * Complete readings of one process, one after the other: which of them is whole, which is the last one, and which is of
 * another program. Runs in the sampler's thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/program.h"
#include "vmview/recording.h"
#include "vmview/sample.h"

/* One reading, complete. Whoever takes it owns it. */
struct tui_sample {
	struct vm_snapshot snapshot;
	struct vm_snapshot
		lender; /* a reading that was begun before it: numbers may have been merged from it */
	struct vm_process process;
	struct vm_report report;
	enum vm_detail detail;
	int error;           /* 0, or why not everything could be read: a negative errno */
	unsigned program;    /* another number after the process has executed a program */
	bool gone;           /* no such process any more: the snapshot may be half of it */
	uint64_t begun_ns;   /* when it was begun, by a clock that nobody sets */
	int64_t realtime_ns; /* when it was complete, or recorded */
	uint64_t cost_ns;    /* how long the reading took */
	uint64_t
		interval_ns; /* until the next one; longer than asked for where that would cost too much */
	bool is_frame; /* of a recording: */
	size_t frame;
	struct vm_recording_fault fault; /* why it could not be opened */
	uint64_t max_map_count;          /* as it was then; 0: not known */
};

void tui_sample_deinit(struct tui_sample *sample);

/* Who wants to know what is being read while it is. */
struct tui_reader_hooks {
	/* The snapshot that is filled from now on; NULL: none. */
	void (*fill)(struct vm_snapshot *snapshot, void *user);
	/* A mapping for it. Not 0: the reading is to be given up. */
	int (*add)(const struct vm_mapping *mapping, void *user);
	/* Wait a moment between two looks at something that is about to change. False: do not go on. */
	bool (*rest)(void *user);
	void *user;
};

struct tui_reader {
	struct vm_source source; /* borrowed */
	struct tui_reader_hooks hooks;
	bool begins;   /* it has just begun and may end at once: mappings before facts */
	bool has_seen; /* the process had mappings */
	struct vm_program program;
};

void tui_reader_init(struct tui_reader *reader, const struct vm_source *source,
		     const struct tui_reader_hooks *hooks);
void tui_reader_deinit(struct tui_reader *reader);

/*
 * What is to lie between the beginnings of two readings, nanoseconds: @interval_ns, or, where one takes @cpu_ns of a
 * processor's time, so much that reading takes at most a twentieth of it.
 */
uint64_t tui_pace(uint64_t interval_ns, uint64_t cpu_ns);

void tui_reader_read(struct tui_reader *reader, enum vm_detail detail, struct tui_sample *sample);
