#include "sources.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "message.h"
#include "status.h"
#include "target.h"
#include "vmview/pmap.h"
#include "vmview/safe.h"

/* What executes programs faster than that ends up in none of them. */
#define SPACE_TRIES 16

int vm_output_failed(const struct vm_options *options, int r)
{
	/* A reader that has gone away has seen what it wanted. */
	if (r == -EPIPE)
		return VM_EXIT_OK;
	if (r == -ENOMEM)
		vm_say(options->program, "out of memory");
	else
		vm_say(options->program, "cannot write to standard output: %s", strerror(-r));
	return VM_EXIT_FAILURE;
}

/* @file of a capture, or nothing. */
static void keep_reason(const struct vm_visit *visit, const char *file, struct vm_str reason)
{
	vm_buf_put_text(visit->reasons, file);
	vm_buf_put_text(visit->reasons, file[0] ? ": " : "");
	vm_buf_put_str(visit->reasons, reason);
	vm_buf_put_char(visit->reasons, '\0');
}

/* Both say @reason, keep and free it. */
static void say_of_process(const struct vm_visit *visit, struct vm_buf *reason)
{
	vm_say_of(visit->options->program, &visit->process, vm_buf_str(reason));
	keep_reason(visit, "", vm_buf_str(reason));
	vm_buf_deinit(reason);
}

static void say_of_capture(const struct vm_visit *visit, const char *file, struct vm_buf *reason)
{
	vm_say(visit->options->program, "%s%s%s: %.*s", visit->path, file[0] ? "/" : "", file,
	       VM_TEXT(*reason));
	keep_reason(visit, file, vm_buf_str(reason));
	vm_buf_deinit(reason);
}

static void say_of(const struct vm_visit *visit, struct vm_buf *reason)
{
	if (visit->path)
		say_of_capture(visit, "", reason);
	else
		say_of_process(visit, reason);
}

/* What is not the fault of process or capture. */
static void say_general(const struct vm_visit *visit, const char *reason)
{
	vm_say(visit->options->program, "%s", reason);
	keep_reason(visit, "", vm_str_from(reason));
}

static void say_bad_capture(const struct vm_visit *visit, int r, const struct vm_report *report)
{
	struct vm_buf reason = { 0 };

	if (r == -ENOENT) {
		vm_putf(&reason, "there is neither a maps nor a smaps in it");
		say_of_capture(visit, "", &reason);
	} else {
		vm_put_bad_capture(&reason, r, report);
		say_of_capture(visit, report->entry, &reason);
	}
}

static void say_unreadable(const struct vm_visit *visit, int r, const struct vm_report *report)
{
	struct vm_buf reason = { 0 };

	vm_put_unreadable(&reason, &visit->process, r, report);
	say_of_process(visit, &reason);
}

/* Of a failure that is not the output's. */
static int reading_failed(const struct vm_visit *visit, int r, const struct vm_report *report)
{
	if (r == -ENOMEM)
		say_general(visit, "out of memory");
	else if (r == -E2BIG)
		say_general(visit, "the capture has more different fields than any kernel prints");
	else if (!vm_visit_is_saved(visit))
		say_unreadable(visit, r, report);
	else
		say_bad_capture(visit, r, report);
	return VM_EXIT_FAILURE;
}

int vm_visit_failed(const struct vm_visit *visit, int r, const struct vm_report *report, FILE *out)
{
	return ferror(out) ? vm_output_failed(visit->options, r) : reading_failed(visit, r, report);
}

/* Facts that are there and could not be read are missing in what was shown. */
static int say_unread(const struct vm_visit *visit)
{
	struct vm_report report = { .entry = visit->process.unread };

	return report.entry ? reading_failed(visit, visit->process.unread_error, &report) :
			      VM_EXIT_OK;
}

/* Asked in this order: the address space is left by those who end, too. */
static bool has_executed(const struct vm_visit *visit)
{
	return vm_space_left(&visit->space) && vm_sample_lives(visit->source);
}

static void say_changes(const struct vm_visit *visit, const struct vm_report *report)
{
	struct vm_buf reason = { 0 };

	if (report->dropped && vm_visit_is_saved(visit))
		vm_putf(&reason, "mappings that overlap others have been left out: %" PRIu64,
			report->dropped);
	else if (report->dropped)
		vm_putf(&reason,
			"its mappings changed while they were being read: %" PRIu64
			" left out that overlapped others",
			report->dropped);
	if (reason.len)
		say_of(visit, &reason);
	if (report->ended)
		vm_putf(&reason, "it ended while it was being read: the list may be incomplete");
	else if (has_executed(visit))
		vm_putf(&reason,
			"it executed another program while it was being read: what is shown may "
			"be of both");
	if (reason.len)
		say_of_process(visit, &reason);
}

int vm_visit_done(const struct vm_visit *visit, const struct vm_report *report)
{
	struct vm_buf reason = { 0 };
	int status = say_unread(visit);

	say_changes(visit, report);
	if (report->lacks_smaps) {
		say_unreadable(visit, -ENOENT, report);
		status = VM_EXIT_FAILURE;
	}
	if (report->mappings)
		return status;
	if (!vm_visit_is_saved(visit) || visit->process.has_stat) {
		vm_put_empty(&reason, visit->options->program, visit->source, &visit->process);
		say_of_process(visit, &reason);
		return status;
	}
	vm_putf(&reason, "it is empty: there is no mapping in it");
	say_of_capture(visit, report->entry, &reason);
	return VM_EXIT_FAILURE;
}

void vm_look_deinit(struct vm_look *look)
{
	vm_snapshot_deinit(&look->snapshot);
	*look = (struct vm_look){ 0 };
}

/* Read the mappings into the snapshot, or where there is @take hand them out one by one. */
static int read_once(const struct vm_visit *visit, enum vm_detail detail, vm_mapping_fn take,
		     void *user, struct vm_look *look)
{
	if (take)
		return vm_sample_stream_classified(visit->source, detail, take, user,
						   &look->report);
	vm_snapshot_deinit(&look->snapshot);
	return vm_sample_snapshot(visit->source, detail, &look->snapshot, &look->report);
}

/* What maps tells is better than nothing. */
static int read_mappings(const struct vm_visit *visit, enum vm_detail detail, vm_mapping_fn take,
			 void *user, struct vm_look *look)
{
	int r = read_once(visit, detail, take, user, look);
	struct vm_report why = look->report;
	int again;

	look->unreadable = why.lacks_smaps;
	if (r == 0 || r == -ENOMEM || why.mappings || detail != VM_DETAIL_SMAPS ||
	    vm_visit_is_saved(visit))
		return r;
	again = read_once(visit, VM_DETAIL_MAPS, take, user, look);
	if (again < 0 && !look->report.mappings) {
		look->report = why;
		return r;
	}
	say_unreadable(visit, r, &why);
	look->unreadable = true;
	look->status = VM_EXIT_FAILURE;
	return again;
}

int vm_visit_look(const struct vm_visit *visit, enum vm_detail detail, struct vm_look *look)
{
	return read_mappings(visit, detail, NULL, NULL, look);
}

int vm_visit_stream(const struct vm_visit *visit, enum vm_detail detail, vm_mapping_fn take,
		    void *user, struct vm_look *look)
{
	return read_mappings(visit, detail, take, user, look);
}

void vm_visit_name(const struct vm_visit *visit, struct vm_buf *number, struct vm_buf *command)
{
	const struct vm_process *process = &visit->process;
	pid_t pid = vm_process_number(process);

	if (pid)
		vm_buf_put_dec(number, (uint64_t)pid, 0, ' ');
	else
		vm_buf_put_char(number, '-');
	if (visit->path && !process->cmdline.len && !process->comm.len)
		vm_safe_put(command, vm_str_from(visit->path));
	else
		vm_pmap_command(command, process, strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0);
}

uint32_t *vm_visit_rows(const struct vm_visit *visit, const struct vm_snapshot *snapshot,
			size_t *count)
{
	uint32_t *rows = calloc(snapshot->count + 1, sizeof(*rows));

	if (rows)
		*count = vm_selection_rows(&visit->options->selection, snapshot, rows);
	return rows;
}

int vm_visit_missed(const struct vm_visit *visit, const struct vm_snapshot *snapshot)
{
	const struct vm_selection *selection = &visit->options->selection;
	struct vm_buf reason = { 0 };

	if (vm_selection_hits(selection, snapshot))
		return VM_EXIT_OK;
	vm_putf(&reason, "no mapping holds the address %" PRIx64, selection->at);
	say_of(visit, &reason);
	return VM_EXIT_FAILURE;
}

struct tour {
	const struct vm_options *options;
	FILE *out;
	vm_visit_fn each, absent;
	void *user;
	struct vm_buf *reasons;
	struct vm_buf *seen; /* pid_t of the processes so far */
};

/*
 * Whether the process has been visited before, be it through another of its threads; from now on it has. A list may be wanted
 * twice, but sums must not count anything twice.
 */
static bool is_repeated(const struct tour *tour, const struct vm_process *process)
{
	pid_t pid = vm_process_number(process);
	const pid_t *seen = (const void *)tour->seen->p;
	size_t count = tour->seen->len / sizeof(pid);

	if (tour->options->task == VM_TASK_LIST)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (seen[i] == pid)
			return true;
	}
	vm_buf_put(tour->seen, (const char *)&pid, sizeof(pid));
	return false;
}

static struct vm_visit begin_visit(const struct tour *tour, const struct vm_source *source)
{
	vm_buf_clear(tour->reasons);
	return (struct vm_visit){
		.options = tour->options,
		.source = source,
		.path = tour->options->from,
		.space = VM_SPACE_NONE,
		.reasons = tour->reasons,
	};
}

/* Why it cannot be found or opened is said here, whatever else is done about it. */
static int be_absent(const struct tour *tour, struct vm_visit *visit, struct vm_buf *reason,
		     int status)
{
	say_of(visit, reason);
	return tour->absent ? status | tour->absent(visit, tour->user) : status;
}

/* While it is entered it may be left: then there is another one. Kernel threads and zombies have none at all. */
static void enter_space(struct vm_visit *visit)
{
	for (int tries = 0; tries < SPACE_TRIES; tries++) {
		if (vm_space_enter(visit->source, 0, &visit->space) != -ESRCH)
			return;
	}
}

static int visit_source(const struct tour *tour, struct vm_visit *visit)
{
	struct vm_buf reason = { 0 };
	int r, status;

	if (!vm_visit_is_saved(visit))
		enter_space(visit);
	/* As pmap does, its formats show the main thread, even when it has ended. */
	r = visit->options->form == VM_FORM_PMAP ?
		    vm_sample_process(visit->source, &visit->process) :
		    vm_sample_whole_process(visit->source, &visit->process);
	if (r == -ESRCH) {
		vm_putf(&reason, "it ended before it could be read");
		status = be_absent(tour, visit, &reason, VM_EXIT_NOT_FOUND);
	} else if (r < 0) {
		status = vm_visit_failed(visit, r, &(struct vm_report){ .entry = "" }, tour->out);
	} else {
		status = is_repeated(tour, &visit->process) ? VM_EXIT_OK :
							      tour->each(visit, tour->user);
	}
	vm_space_leave(&visit->space);
	vm_process_deinit(&visit->process);
	return status;
}

static int visit_saved(const struct tour *tour)
{
	struct vm_source source = { 0 };
	struct vm_visit visit = begin_visit(tour, &source);
	struct vm_buf reason = { 0 };
	enum vm_frame_result frame = vm_frame_open(tour->options->program, visit.path,
						   tour->options->frame, &source, &reason);
	int r = frame == VM_FRAME_NO_RECORDING ? vm_source_open_saved(visit.path, &source) : 0;
	int status;

	if (frame == VM_FRAME_FAILED)
		return be_absent(tour, &visit, &reason, VM_EXIT_FAILURE);
	if (r < 0) {
		vm_putf(&reason, "%s",
			r == -EINVAL ? "it is neither a file nor a folder with a capture" :
				       strerror(-r));
		return be_absent(tour, &visit, &reason, VM_EXIT_FAILURE);
	}
	status = visit_source(tour, &visit);
	vm_source_close(&source);
	return status;
}

static int visit_process(const struct tour *tour, const struct vm_target *target)
{
	struct vm_source source = { 0 };
	struct vm_visit visit = begin_visit(tour, &source);
	int r = vm_target_open(target, &source);
	struct vm_buf reason = { 0 };
	int status;

	visit.process.pid = target->pid;
	if (r < 0) {
		status = vm_target_put_absent(target, r, &reason);
		return be_absent(tour, &visit, &reason, status);
	}
	status = visit_source(tour, &visit);
	vm_source_close(&source);
	return status;
}

static int visit_processes(const struct tour *tour)
{
	struct vm_targets targets = { 0 };
	int status = VM_EXIT_FAILURE;

	if (vm_targets_resolve(tour->options, &targets)) {
		status = targets.status;
		for (size_t i = 0; i < targets.count && !ferror(tour->out); i++)
			status |= visit_process(tour, &targets.items[i]);
	}
	vm_targets_deinit(&targets);
	return status;
}

int vm_sources_visit_all(const struct vm_options *options, FILE *out, vm_visit_fn each,
			 vm_visit_fn absent, void *user)
{
	struct vm_buf reasons = { 0 }, seen = { 0 };
	struct tour tour = { options, out, each, absent, user, &reasons, &seen };
	int status = options->from ? visit_saved(&tour) : visit_processes(&tour);

	if (seen.failed) {
		vm_say(options->program, "out of memory");
		status |= VM_EXIT_FAILURE;
	}
	vm_buf_deinit(&seen);
	vm_buf_deinit(&reasons);
	return status;
}

int vm_sources_visit(const struct vm_options *options, FILE *out, vm_visit_fn each, void *user)
{
	return vm_sources_visit_all(options, out, each, NULL, user);
}

enum vm_detail vm_options_detail(const struct vm_options *options)
{
	if (options->selects || !options->column_count)
		return VM_DETAIL_SMAPS;
	for (size_t i = 0; i < options->column_count; i++) {
		enum vm_column column = options->columns[i];

		if (vm_column_needs_smaps(column) || column == VM_COLUMN_KIND ||
		    column == VM_COLUMN_BACKING)
			return VM_DETAIL_SMAPS;
	}
	return VM_DETAIL_MAPS;
}
