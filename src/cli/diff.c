#include "diff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "diff_private.h"
#include "message.h"
#include "status.h"
#include "target.h"
#include "vmview/clock.h"
#include "vmview/recording.h"

static void moment_deinit(struct vm_moment *moment)
{
	vm_look_deinit(&moment->look);
	vm_process_deinit(&moment->visit.process);
	vm_buf_deinit(&moment->reasons);
	vm_buf_deinit(&moment->path);
}

/*
 * `tape@3`, where no file is called that, but one `tape`: its frame 3. Returns the frame, in @path behind the file's name, or NULL.
 */
static const char *split_frame(const char *word, struct vm_buf *path)
{
	const char *at = strrchr(word, '@');

	if (!at || access(word, F_OK) == 0)
		return NULL;
	vm_buf_put(path, word, strlen(word) + 1);
	if (path->failed)
		return NULL;
	path->p[at - word] = '\0';
	return access(path->p, F_OK) == 0 ? path->p + (at - word) + 1 : NULL;
}

/* A number is a PID; what else there is in the file system is a capture; the rest is a name. */
static bool is_capture(const char *word)
{
	pid_t pid;

	return !vm_target_is_pid(word, &pid) &&
	       (strcmp(word, "-") == 0 || strchr(word, '/') || access(word, F_OK) == 0);
}

/* Of a name that one process has. Returns the exit status; what is wrong is said. */
static int check_name(const struct vm_options *options, const char *name)
{
	struct vm_targets targets = { 0 };
	int status = vm_targets_find(options->program, name, &targets);

	if (status == VM_EXIT_NOT_FOUND)
		vm_say(options->program, "and there is no capture '%s'", name);
	if (targets.count > 1) {
		vm_say(options->program,
		       "'%s': %zu processes are called that, %d and %d among them; give a PID",
		       name, targets.count, (int)targets.items[0].pid, (int)targets.items[1].pid);
		status = VM_EXIT_FAILURE;
	}
	vm_targets_deinit(&targets);
	return status;
}

/* 0: it is not known. */
static int64_t time_of(const struct vm_source *source)
{
	const struct vm_frame *frame = vm_source_frame(source);

	if (source->type == VM_SOURCE_LIVE)
		return (int64_t)vm_now_ns(CLOCK_REALTIME);
	return frame ? frame->time_ns : 0;
}

/* What is visited is closed afterwards: all that is to be told of it is kept. */
static int read_moment(struct vm_visit *visit, void *user)
{
	struct vm_moment *moment = user;
	int r = vm_visit_look(visit, VM_DETAIL_SMAPS, &moment->look);
	int status = moment->look.status;

	moment->realtime_ns = time_of(visit->source);
	moment->is_whole = r == 0 && moment->look.report.mappings;
	status |= r < 0 ? vm_visit_failed(visit, r, &moment->look.report, moment->out) :
			  vm_visit_done(visit, &moment->look.report);
	vm_buf_put_str(&moment->reasons, vm_buf_str(visit->reasons));
	moment->visit.path = visit->path;
	moment->visit.process = visit->process;
	visit->process = (struct vm_process){ 0 };
	return status;
}

static int visit_word(struct vm_diff *diff, char *word, struct vm_moment *moment)
{
	struct vm_options one = *diff->options;
	pid_t pid;

	*moment = (struct vm_moment){ .word = word,
				      .visit = { .options = diff->options,
						 .space = VM_SPACE_NONE,
						 .reasons = &moment->reasons },
				      .out = diff->out };
	one.target_count = 0;
	one.frame = split_frame(word, &moment->path);
	if (moment->path.failed)
		return vm_output_failed(&one, -ENOMEM);
	if (one.frame) {
		one.from = moment->path.p;
	} else if (is_capture(word)) {
		one.from = word;
	} else {
		int status = vm_target_is_pid(word, &pid) ? VM_EXIT_OK : check_name(&one, word);

		if (status != VM_EXIT_OK)
			return status;
		one.targets = &word;
		one.target_count = 1;
	}
	return vm_sources_visit(&one, diff->out, read_moment, moment);
}

static int make(struct vm_diff *diff)
{
	const struct vm_options *options = diff->options;
	const struct vm_snapshot *before = &diff->moments[VM_SIDE_BEFORE].look.snapshot;
	const struct vm_snapshot *after = &diff->moments[VM_SIDE_AFTER].look.snapshot;
	enum vm_pairing pairing = options->pairing;
	int r = options->has_pairing ? 0 : vm_pairing_find(before, after, &pairing);

	if (r == 0)
		r = vm_difference_make(before, after, pairing, &diff->difference);
	if (r < 0)
		return r;
	diff->rows = calloc(diff->difference.count + 1, sizeof(*diff->rows));
	if (!diff->rows)
		return -ENOMEM;
	return vm_difference_select(&diff->difference, &options->selection,
				    options->sorts ? options->selection.sort : VM_COLUMN_RSS,
				    options->selection.reverse, diff->rows, &diff->count);
}

static int write_difference(const struct vm_diff *diff)
{
	enum vm_form form = diff->options->form;

	return form == VM_FORM_JSON || form == VM_FORM_NDJSON ? vm_diff_write_json(diff) :
								vm_diff_write_table(diff);
}

/* Whoever asks for one mapping must not take silence for an answer. Returns the exit status. */
static int say_missed(const struct vm_diff *diff)
{
	const struct vm_selection *selection = &diff->options->selection;

	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++) {
		if (vm_selection_hits(selection, &diff->moments[side].look.snapshot))
			return VM_EXIT_OK;
	}
	vm_say(diff->options->program, "no mapping of either holds the address %" PRIx64,
	       selection->at);
	return VM_EXIT_FAILURE;
}

int vm_diff(const struct vm_options *options, FILE *out)
{
	struct vm_diff diff = { .options = options, .out = out };
	int status = VM_EXIT_OK, r = 0;

	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++)
		status |= visit_word(&diff, options->targets[side], &diff.moments[side]);
	/* What could not be read is not gone. */
	if (diff.moments[VM_SIDE_BEFORE].is_whole && diff.moments[VM_SIDE_AFTER].is_whole) {
		r = make(&diff);
		if (r == 0)
			r = write_difference(&diff);
		if (r == 0)
			status |= say_missed(&diff);
	}
	if (r < 0)
		status |= vm_output_failed(options, r);
	free(diff.rows);
	vm_difference_deinit(&diff.difference);
	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++)
		moment_deinit(&diff.moments[side]);
	return status;
}
