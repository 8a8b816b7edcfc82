/*
 * A thread that reads the process, so that the interface never waits for it.
 *
 * The first reading is of maps, which is cheap at any size; smaps follows, and then again at every interval. The interval
 * is stretched so that reading takes at most a twentieth of one processor.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/sample.h"

/* One reading, complete. Whoever takes it owns it. */
struct tui_sample {
	struct vm_snapshot snapshot;
	struct vm_process process;
	struct vm_report report;
	enum vm_detail detail;
	int error;           /* 0, or why not everything could be read: a negative errno */
	unsigned program;    /* another number after the process has executed a program */
	bool gone;           /* no such process any more: the snapshot may be half of it */
	int64_t realtime_ns; /* when it was complete */
	uint64_t cost_ns;    /* how long the reading took */
	uint64_t
		interval_ns; /* until the next one; longer than asked for where that would cost too much */
};

void tui_sample_deinit(struct tui_sample *sample);

struct tui_sampler;

/* @source is borrowed and must outlive the sampler. 0 or a negative errno. */
int tui_sampler_new(const struct vm_source *source, uint64_t interval_ns, bool maps_only,
		    struct tui_sampler **sampler);

/* Waits until a reading that is under way has been given up. NULL: nothing. Returns NULL. */
struct tui_sampler *tui_sampler_free(struct tui_sampler *sampler);

/*
 * For the end of the program: wait a second at most. False: the thread is still reading, a pipe that nobody writes to or memory
 * that takes long to walk; the sampler stays as it is, and what it has lent stays readable.
 */
bool tui_sampler_give_up(struct tui_sampler *sampler);

/* Readable when there is something to take or to merge; tui_sampler_take() makes it silent. */
int tui_sampler_fd(const struct tui_sampler *sampler);

/* Move the latest complete reading to @sample. False: there is none. */
bool tui_sampler_take(struct tui_sampler *sampler, struct tui_sample *sample);

/*
 * While smaps is being read: copy the numbers that are there to the mappings of @snapshot at the same addresses. They are borrowed
 * from the reading under way, and stay valid until the sample after it has been taken. Returns how many mappings have been read,
 * 0 where no reading of smaps is under way.
 */
size_t tui_sampler_merge(struct tui_sampler *sampler, struct vm_snapshot *snapshot);

void tui_sampler_set_interval(struct tui_sampler *sampler, uint64_t interval_ns);
void tui_sampler_set_maps_only(struct tui_sampler *sampler, bool maps_only);
void tui_sampler_set_paused(struct tui_sampler *sampler, bool paused);

/* Read now, whatever the interval. */
void tui_sampler_hurry(struct tui_sampler *sampler);
