#include "sources.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <string.h>

#include "message.h"
#include "status.h"
#include "target.h"
#include "vmview/pmap.h"
#include "vmview/safe.h"

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

/* Of a failure that is not the output's. */
static int reading_failed(const struct vm_visit *visit, int r, const struct vm_report *report)
{
	const char *program = visit->options->program;

	if (r == -ENOMEM)
		vm_say(program, "out of memory");
	else if (r == -E2BIG)
		vm_say(program, "the capture has more different fields than any kernel prints");
	else if (!vm_visit_is_saved(visit))
		vm_say_unreadable(program, &visit->process, r, report);
	else
		vm_say_bad_capture(program, visit->path, r, report);
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

int vm_visit_done(const struct vm_visit *visit, const struct vm_report *report)
{
	const char *program = visit->options->program;
	int status = say_unread(visit);

	vm_say_report(program, &visit->process, report);
	if (report->mappings)
		return status;
	if (!vm_visit_is_saved(visit) || visit->process.has_stat) {
		vm_say_empty(program, visit->source, &visit->process);
		return status;
	}
	vm_say(program, "%s%s%s: it is empty: there is no mapping in it", visit->path,
	       report->entry[0] ? "/" : "", report->entry);
	return VM_EXIT_FAILURE;
}

void vm_look_deinit(struct vm_look *look)
{
	vm_snapshot_deinit(&look->snapshot);
	*look = (struct vm_look){ 0 };
}

/* Kernels without CONFIG_PROC_PAGE_MONITOR have no smaps; what maps tells is better than nothing. */
static int look_at_maps(const struct vm_visit *visit, int r, struct vm_look *look)
{
	struct vm_report why = look->report;

	vm_snapshot_deinit(&look->snapshot);
	if (vm_sample_snapshot(visit->source, VM_DETAIL_MAPS, &look->snapshot, &look->report) < 0) {
		look->report = why;
		return r;
	}
	vm_say_unreadable(visit->options->program, &visit->process, r, &why);
	look->unreadable = true;
	look->status = VM_EXIT_FAILURE;
	return 0;
}

int vm_visit_look(const struct vm_visit *visit, enum vm_detail detail, struct vm_look *look)
{
	int r = vm_sample_snapshot(visit->source, detail, &look->snapshot, &look->report);

	if (r == 0 || look->snapshot.count)
		return r;
	if (detail == VM_DETAIL_SMAPS && !vm_visit_is_saved(visit) && r != -ENOMEM)
		return look_at_maps(visit, r, look);
	return r;
}

void vm_visit_name(const struct vm_visit *visit, struct vm_buf *number, struct vm_buf *command)
{
	const struct vm_process *process = &visit->process;
	pid_t pid = process->tgid ? process->tgid : process->pid;

	if (pid)
		vm_buf_put_dec(number, (uint64_t)pid, 0, ' ');
	else
		vm_buf_put_char(number, '-');
	if (visit->path && !process->cmdline.len && !process->comm.len)
		vm_safe_put(command, vm_str_from(visit->path));
	else
		vm_pmap_command(command, process, strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0);
}

int vm_visit_missed(const struct vm_visit *visit, const struct vm_snapshot *snapshot)
{
	const struct vm_selection *selection = &visit->options->selection;
	const struct vm_process *process = &visit->process;

	if (!selection->has_at)
		return VM_EXIT_OK;
	for (size_t i = 0; i < snapshot->count; i++) {
		if (snapshot->mappings[i].start <= selection->at &&
		    selection->at < snapshot->mappings[i].end)
			return VM_EXIT_OK;
	}
	if (visit->path)
		vm_say(visit->options->program, "%s: no mapping holds the address %" PRIx64,
		       visit->path, selection->at);
	else
		vm_say(visit->options->program, "%d (%.*s): no mapping holds the address %" PRIx64,
		       (int)process->pid, (int)process->comm.len,
		       process->comm.p ? process->comm.p : "", selection->at);
	return VM_EXIT_FAILURE;
}

struct tour {
	const struct vm_options *options;
	FILE *out;
	int (*each)(struct vm_visit *visit, void *user);
	void *user;
};

static int visit_source(const struct tour *tour, const struct vm_source *source)
{
	struct vm_visit visit = { tour->options, source, NULL, { 0 } };
	int status, r;

	if (vm_visit_is_saved(&visit))
		visit.path = tour->options->from;
	r = vm_sample_process(source, &visit.process);
	if (r == -ESRCH) {
		vm_say(tour->options->program, "%d: it ended before it could be read", source->pid);
		status = VM_EXIT_NOT_FOUND;
	} else if (r < 0) {
		status = vm_visit_failed(&visit, r, &(struct vm_report){ .entry = "" }, tour->out);
	} else {
		status = tour->each(&visit, tour->user);
	}
	vm_process_deinit(&visit.process);
	return status;
}

static int visit_saved(const struct tour *tour)
{
	const struct vm_options *options = tour->options;
	struct vm_source source = { 0 };
	int r = vm_source_open_saved(options->from, &source);
	int status;

	if (r == -EINVAL)
		vm_say(options->program, "%s: it is neither a file nor a folder with a capture",
		       options->from);
	else if (r < 0)
		vm_say(options->program, "%s: %s", options->from, strerror(-r));
	if (r < 0)
		return VM_EXIT_FAILURE;
	status = visit_source(tour, &source);
	vm_source_close(&source);
	return status;
}

static int visit_process(const struct tour *tour, pid_t pid)
{
	struct vm_source source = { 0 };
	int r = vm_source_open_process(pid, &source);
	int status;

	if (r == -ESRCH) {
		vm_say(tour->options->program, "%d: there is no such process", (int)pid);
		return VM_EXIT_NOT_FOUND;
	}
	if (r < 0) {
		vm_say(tour->options->program, "%d: cannot open its folder in /proc: %s", (int)pid,
		       strerror(-r));
		return VM_EXIT_FAILURE;
	}
	status = visit_source(tour, &source);
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
			status |= visit_process(tour, targets.pids[i]);
	}
	vm_targets_deinit(&targets);
	return status;
}

int vm_sources_visit(const struct vm_options *options, FILE *out,
		     int (*each)(struct vm_visit *visit, void *user), void *user)
{
	struct tour tour = { options, out, each, user };

	return options->from ? visit_saved(&tour) : visit_processes(&tour);
}
