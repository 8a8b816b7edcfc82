#include "reader.h"

#include <errno.h>
#include <time.h>

#include "vmview/clock.h"

/* Reading may take one part in so many of a processor's time: with what drawing takes, not above 5 %. */
#define DUTY 22

/* A process between two states is looked at again so often. */
#define LOOKS 200

void tui_sample_deinit(struct tui_sample *sample)
{
	vm_snapshot_deinit(&sample->snapshot);
	vm_snapshot_deinit(&sample->lender);
	vm_process_deinit(&sample->process);
	*sample = (struct tui_sample){ 0 };
}

void tui_reader_init(struct tui_reader *reader, const struct vm_source *source,
		     const struct tui_reader_hooks *hooks)
{
	*reader = (struct tui_reader){
		.source = *source,
		.hooks = *hooks,
		.program = VM_PROGRAM_NONE,
	};
}

void tui_reader_deinit(struct tui_reader *reader)
{
	vm_program_deinit(&reader->program);
}

uint64_t tui_pace(uint64_t interval_ns, uint64_t cpu_ns)
{
	return cpu_ns > interval_ns / DUTY ? cpu_ns * DUTY : interval_ns;
}

static void read_mappings(struct tui_reader *reader, struct tui_sample *sample)
{
	const struct tui_reader_hooks *hooks = &reader->hooks;
	size_t dropped;
	int finished;

	hooks->fill(&sample->snapshot, hooks->user);
	sample->error = vm_sample_whole_stream(&reader->source, sample->detail, hooks->add,
					       hooks->user, &sample->report);
	hooks->fill(NULL, hooks->user);
	finished = vm_sample_finish(&reader->source, &sample->snapshot, &dropped);
	sample->report.dropped += dropped;
	if (sample->error == 0)
		sample->error = finished;
	if (sample->report.lacks_smaps)
		sample->detail = VM_DETAIL_MAPS;
}

/*
 * The process may go between two reads: what was read while it went may be half of it, and the snapshot before
 * is worth more. One that has none has ended, whoever is slow to notice, even where it is not yet a zombie: its memory
 * goes first. Unless one of its threads lives.
 */
static bool has_gone(const struct tui_reader *reader, const struct tui_sample *sample)
{
	if (sample->report.ended || sample->error == -ESRCH || sample->error == -ENOENT)
		return true;
	return !sample->error && !sample->snapshot.count && !vm_sample_lives(&reader->source);
}

static void read_process(struct tui_reader *reader, struct tui_sample *sample)
{
	uint64_t begin = vm_now_ns(CLOCK_MONOTONIC);
	bool begins = reader->begins;
	int error;

	reader->begins = false;
	if (begins)
		read_mappings(reader, sample);
	vm_program_follow(&reader->program, &reader->source);
	vm_process_deinit(&sample->process);
	error = vm_sample_whole_process(&reader->source, &sample->process);
	vm_program_see(&reader->program, &reader->source, &sample->process);
	if (error)
		sample->error = error;
	else if (!begins)
		read_mappings(reader, sample);
	sample->program = reader->program.count;
	sample->cost_ns = vm_now_ns(CLOCK_MONOTONIC) - begin;
}

/*
 * The memory of a process with threads goes when the last of them has let go of it, and each shows nothing from when it
 * has: what had mappings and has none, though a thread lives, is about to show which of the two it will be.
 */
static bool is_undecided(const struct tui_reader *reader, const struct tui_sample *sample)
{
	return reader->has_seen && !sample->gone && !sample->error && !sample->snapshot.count;
}

void tui_reader_read(struct tui_reader *reader, enum vm_detail detail, struct tui_sample *sample)
{
	bool live = reader->source.type == VM_SOURCE_LIVE;

	*sample = (struct tui_sample){ .detail = detail, .begun_ns = vm_now_ns(CLOCK_MONOTONIC) };
	read_process(reader, sample);
	if (live && sample->error == 0 &&
	    vm_program_has_changed(&reader->program, &reader->source)) {
		/* Numbers of it may have been merged while it was made. */
		sample->lender = sample->snapshot;
		sample->snapshot = (struct vm_snapshot){ 0 };
		read_process(reader, sample);
	}
	sample->gone = live && has_gone(reader, sample);
	for (int i = 0; live && i < LOOKS && is_undecided(reader, sample); i++) {
		if (!reader->hooks.rest(reader->hooks.user))
			break;
		read_process(reader, sample);
		sample->gone = has_gone(reader, sample);
	}
	reader->has_seen |= sample->snapshot.count > 0;
	sample->realtime_ns = (int64_t)vm_now_ns(CLOCK_REALTIME);
}
