#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "sample_private.h"
#include "vmview/clock.h"
#include "vmview/kind.h"
#include "vmview/program.h"
#include "vmview/stat.h"
#include "vmview/totals.h"

/* A process that executes another program during so many readings of it does nothing else. */
#define TRIES 5

/* One frame in the making. */
struct making {
	const struct vm_source *source;
	struct vm_recorder *recorder;
	struct vm_frame *frame;
	struct vm_process process;
	struct vm_totals totals;
	struct vm_buf linked, text;
};

/* Leaves the bytes in making->text. 0, or the error with which it could not be read. */
static int copy_entry(struct making *making, const char *name, size_t limit)
{
	int r = vm_source_read_entry(making->source, name, limit, &making->text);

	if (r < 0)
		vm_buf_clear(&making->text);
	vm_recorder_put_fact(making->recorder, name, r, vm_buf_str(&making->text));
	return r;
}

static int copy_facts(struct making *making)
{
	struct vm_process *process = &making->process;
	int r = copy_entry(making, "stat", VM_SMALL_LIMIT);

	if (r < 0)
		return r == -ENOENT ? -ESRCH : r;
	process->pid = making->source->pid;
	if (vm_stat_parse(vm_buf_str(&making->text), process) == -ENOMEM)
		return -ENOMEM;
	if (copy_entry(making, "status", VM_SMALL_LIMIT) == 0)
		vm_status_parse(vm_buf_str(&making->text), process);
	copy_entry(making, "cmdline", VM_CMDLINE_LIMIT);
	copy_entry(making, "comm", VM_SMALL_LIMIT);
	copy_entry(making, "limits", VM_SMALL_LIMIT);
	return 0;
}

/* What vm_sample_whole_process() asks of another thread where the main one has ended. */
static void copy_thread(struct making *making, pid_t thread)
{
	static const struct {
		const char *name;
		size_t limit;
	} entries[] = {
		{ "stat", VM_SMALL_LIMIT },
		{ "status", VM_SMALL_LIMIT },
		{ "cmdline", VM_CMDLINE_LIMIT },
	};
	char name[40];

	for (size_t i = 0; thread && i < sizeof(entries) / sizeof(entries[0]); i++) {
		snprintf(name, sizeof(name), "task/%d/%s", (int)thread, entries[i].name);
		copy_entry(making, name, entries[i].limit);
	}
}

/* A line of VM_FACT_LINKED. */
static void put_linked(struct making *making, const struct vm_mapping *mapping)
{
	vm_buf_put_hex(&making->linked, mapping->start, 0, '0');
	vm_buf_put_char(&making->linked, '-');
	vm_buf_put_hex(&making->linked, mapping->end, 0, '0');
	vm_buf_put_char(&making->linked, '\n');
}

static int take_mapping(const struct vm_mapping *mapping, void *user)
{
	struct making *making = user;
	struct vm_mapping m = *mapping;

	if (making->totals.count == VM_RECORDING_MAPPINGS_MAX)
		return -EOVERFLOW;
	vm_totals_add(&making->totals, mapping);
	m.deleted = vm_name_says_deleted(mapping, vm_kind_of(mapping, NULL));
	if (m.deleted && !vm_sample_is_deleted(making->source, &m))
		put_linked(making, mapping);
	return making->linked.failed ? -ENOMEM : 0;
}

/* Why the text ended, where that was not its end, is a fact of the frame. */
static int copy_text(struct making *making, enum vm_detail detail)
{
	struct vm_report report;
	int r = vm_sample_copy_stream(making->source, detail, take_mapping, making,
				      making->recorder, &report);

	making->frame->thread = report.thread;
	making->frame->is_smaps &= !report.lacks_smaps;
	if (report.ended)
		return -ESRCH;
	if (r == 0 || r == -ENOMEM || r == -EOVERFLOW || making->recorder->error)
		return r;
	/* Text that this vmview cannot parse is text. */
	if (r != -EBADMSG && r != -E2BIG)
		making->frame->text_error = r;
	return 0;
}

static int copy_stack_pointer(pid_t tid, void *user)
{
	char name[48];

	snprintf(name, sizeof(name), "task/%d/syscall", (int)tid);
	copy_entry(user, name, VM_SMALL_LIMIT);
	return 0;
}

static bool reported(const struct making *making, enum vm_field field)
{
	return making->totals.present >> field & 1;
}

static void fill_frame(struct making *making)
{
	const struct vm_totals *totals = &making->totals;
	struct vm_frame *frame = making->frame;

	frame->start_time = making->process.start_time;
	frame->mappings = totals->count;
	frame->size = totals->size;
	frame->has_rss = reported(making, VM_FIELD_RSS) || making->process.has_memory;
	frame->rss = reported(making, VM_FIELD_RSS) ? totals->sums[VM_FIELD_RSS] :
						      making->process.vm_rss;
	frame->has_pss = reported(making, VM_FIELD_PSS);
	frame->pss = totals->sums[VM_FIELD_PSS];
	frame->has_swap = reported(making, VM_FIELD_SWAP);
	frame->swap = totals->sums[VM_FIELD_SWAP];
}

/* What a process that ended showed while it did may be half of it: the frame before is worth more. */
static int check_whole(const struct making *making, const struct vm_program *program)
{
	const struct vm_source *source = making->source;
	bool shows_none = !making->totals.count && !vm_process_is_kernel_thread(&making->process);

	if (!shows_none && !vm_program_has_changed(program, source))
		return 0;
	if (!vm_sample_lives(source))
		return -ESRCH;
	/* One that lives shows nothing where it may not be read, or for a moment. */
	return shows_none && making->frame->text_error ? 0 : -EAGAIN;
}

static int make(struct making *making, enum vm_detail detail, struct vm_program *program)
{
	const struct vm_source *source = making->source;
	struct vm_frame *frame = making->frame;
	int r;

	vm_program_follow(program, source);
	r = copy_facts(making);
	if (r < 0)
		return r;
	vm_program_see(program, source, &making->process);
	r = copy_text(making, detail);
	if (r == 0)
		r = check_whole(making, program);
	if (r < 0)
		return r;
	if (frame->thread || vm_process_is_zombie(&making->process))
		copy_thread(making, frame->thread ? frame->thread : vm_sample_other_thread(source));
	vm_recorder_put_fact(making->recorder, VM_FACT_LINKED, 0, vm_buf_str(&making->linked));
	r = vm_sample_copy_machine(source, making->recorder);
	if (r < 0)
		return r;
	/* The last, as of a crowd of threads not all may find room. */
	vm_source_each_task(source, copy_stack_pointer, making);
	frame->program = program->count;
	fill_frame(making);
	return making->text.failed ? -ENOMEM : 0;
}

static int record_once(const struct vm_source *source, enum vm_detail detail,
		       struct vm_program *program, struct vm_recorder *recorder,
		       struct vm_frame *frame)
{
	struct making making = { .source = source, .recorder = recorder, .frame = frame };
	int r = vm_recorder_begin(recorder);

	*frame = (struct vm_frame){
		.time_ns = (int64_t)vm_now_ns(CLOCK_REALTIME),
		.pid = source->pid,
		.is_smaps = detail == VM_DETAIL_SMAPS,
	};
	if (r == 0)
		r = make(&making, detail, program);
	if (r == 0)
		r = vm_recorder_end(recorder, frame);
	else
		vm_recorder_drop(recorder);
	vm_process_deinit(&making.process);
	vm_buf_deinit(&making.linked);
	vm_buf_deinit(&making.text);
	return r;
}

int vm_sample_record(const struct vm_source *source, enum vm_detail detail,
		     struct vm_program *program, struct vm_recorder *recorder,
		     struct vm_frame *frame)
{
	int r = -EAGAIN;

	for (int i = 0; r == -EAGAIN && i < TRIES; i++)
		r = record_once(source, detail, program, recorder, frame);
	return r;
}
