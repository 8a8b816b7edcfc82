#include "once.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "rc.h"
#include "status.h"
#include "target.h"
#include "terminal.h"
#include "vmview/safe.h"
#include "vmview/sample.h"
#include "vmview/shm.h"

struct once {
	const struct vm_options *options;
	struct vm_pmap pmap;
	const struct vm_source *source; /* the one at hand */
	struct vm_process process;
	bool begun;
};

static int show_heading(struct once *once)
{
	const char *path = once->options->from;
	const struct vm_process *process = &once->process;
	struct vm_buf number = { 0 }, command = { 0 };
	pid_t pid = process->tgid ? process->tgid : process->pid;
	int r;

	if (pid)
		vm_buf_put_dec(&number, (uint64_t)pid, 0, ' ');
	else
		vm_buf_put_char(&number, '-');
	if (path && !process->cmdline.len && !process->comm.len)
		vm_safe_put(&command, vm_str_from(path));
	else
		vm_pmap_command(&command, process, once->pmap.options.utf8);
	r = number.failed || command.failed ?
		    -ENOMEM :
		    vm_pmap_heading(&once->pmap, vm_buf_str(&number), vm_buf_str(&command));
	vm_buf_deinit(&number);
	vm_buf_deinit(&command);
	return r;
}

/*
 * Of a process the heading comes first, whether anything else can be read or not, as in pmap. Of a capture
 * that cannot be read there is nothing to head.
 */
static bool is_saved(const struct once *once)
{
	return once->source->type != VM_SOURCE_LIVE;
}

static int begin(struct once *once)
{
	int r = is_saved(once) ? show_heading(once) : 0;

	if (r < 0)
		return r;
	once->begun = true;
	return vm_pmap_begin(&once->pmap, &once->process, is_saved(once));
}

static int take_row(const struct vm_mapping *mapping, void *user)
{
	struct once *once = user;
	int r = once->begun ? 0 : begin(once);

	return r < 0 ? r : vm_pmap_add(&once->pmap, mapping);
}

/* Where nothing at all could be read not even titles are printed, as in pmap. */
static int show_stream(struct once *once, enum vm_detail detail, struct vm_report *report)
{
	int r = vm_sample_stream(once->source, detail, take_row, once, report);
	int written = 0;

	if (!once->begun && r < 0)
		return r;
	if (!once->begun)
		written = begin(once);
	once->begun = false;
	if (written == 0)
		written = vm_pmap_end(&once->pmap);
	return r < 0 ? r : written;
}

static int keep_row(const struct vm_mapping *mapping, void *user)
{
	return vm_snapshot_add(user, mapping);
}

static int write_whole(struct once *once, const struct vm_snapshot *snapshot)
{
	int r = is_saved(once) ? show_heading(once) : 0;

	return r < 0 ? r : vm_pmap_write_all(&once->pmap, snapshot->mappings, snapshot->count);
}

static int show_whole(struct once *once, enum vm_detail detail, struct vm_report *report)
{
	struct vm_snapshot snapshot = { 0 };
	int r = vm_sample_stream(once->source, detail, keep_row, &snapshot, report);
	int written = r == 0 || snapshot.count ? write_whole(once, &snapshot) : 0;

	vm_snapshot_deinit(&snapshot);
	return r < 0 ? r : written;
}

static int failure_status(struct once *once, int r, const struct vm_report *report)
{
	const char *program = once->options->program;

	/* A reader that has gone away has seen what it wanted. */
	if (ferror(once->pmap.out) && r == -EPIPE)
		return VM_EXIT_OK;
	if (ferror(once->pmap.out))
		vm_say(program, "cannot write to standard output: %s", strerror(-r));
	else if (r == -ENOMEM)
		vm_say(program, "out of memory");
	else if (r == -E2BIG)
		vm_say(program, "the capture has more different fields than any kernel prints");
	else if (once->source->type == VM_SOURCE_LIVE)
		vm_say_unreadable(program, &once->process, r, report);
	else
		vm_say_bad_capture(program, once->options->from, r, report);
	return VM_EXIT_FAILURE;
}

static int show_mappings(struct once *once)
{
	enum vm_pmap_format format = once->options->format;
	enum vm_detail detail = vm_pmap_needs_smaps(format) ? VM_DETAIL_SMAPS : VM_DETAIL_MAPS;
	const char *program = once->options->program;
	struct vm_report report;
	int r = vm_pmap_needs_all(format) ? show_whole(once, detail, &report) :
					    show_stream(once, detail, &report);

	if (r < 0)
		return failure_status(once, r, &report);
	vm_say_report(program, &once->process, &report);
	if (report.mappings)
		return VM_EXIT_OK;
	if (!is_saved(once) || once->process.has_stat) {
		vm_say_empty(program, once->source, &once->process);
		return VM_EXIT_OK;
	}
	vm_say(program, "%s%s%s: it is empty: there is no mapping in it", once->options->from,
	       report.entry[0] ? "/" : "", report.entry);
	return VM_EXIT_FAILURE;
}

static int show_source(struct once *once, const struct vm_source *source)
{
	int status;
	int r;

	once->source = source;
	r = vm_sample_process(source, &once->process);
	if (r == -ESRCH) {
		vm_say(once->options->program, "%d: it ended before it could be read", source->pid);
		status = VM_EXIT_NOT_FOUND;
	} else if (r < 0 || (!is_saved(once) && (r = show_heading(once)) < 0)) {
		status = failure_status(once, r, &(struct vm_report){ .entry = "" });
	} else {
		status = show_mappings(once);
	}
	vm_process_deinit(&once->process);
	return status;
}

static int show_saved(struct once *once)
{
	const char *path = once->options->from;
	struct vm_source source = { 0 };
	int r = vm_source_open_saved(path, &source);
	int status;

	if (r == -EINVAL)
		vm_say(once->options->program,
		       "%s: it is neither a file nor a folder with a capture", path);
	else if (r < 0)
		vm_say(once->options->program, "%s: %s", path, strerror(-r));
	if (r < 0)
		return VM_EXIT_FAILURE;
	status = show_source(once, &source);
	vm_source_close(&source);
	return status;
}

static int show_process(struct once *once, pid_t pid)
{
	struct vm_source source = { 0 };
	int r = vm_source_open_process(pid, &source);
	int status;

	if (r == -ESRCH) {
		vm_say(once->options->program, "%d: there is no such process", (int)pid);
		return VM_EXIT_NOT_FOUND;
	}
	if (r < 0) {
		vm_say(once->options->program, "%d: cannot open its folder in /proc: %s", (int)pid,
		       strerror(-r));
		return VM_EXIT_FAILURE;
	}
	status = show_source(once, &source);
	vm_source_close(&source);
	return status;
}

static int show_processes(struct once *once)
{
	struct vm_targets targets = { 0 };
	int status = VM_EXIT_FAILURE;

	if (vm_targets_resolve(once->options, &targets)) {
		status = targets.status;
		for (size_t i = 0; i < targets.count && !ferror(once->pmap.out); i++)
			status |= show_process(once, targets.pids[i]);
	}
	vm_targets_deinit(&targets);
	return status;
}

/* Who is told of wrong lines of which file. */
struct rc_warning {
	const char *program, *path;
};

static void warn_of_rc(const char *what, size_t line, void *user)
{
	const struct rc_warning *warning = user;

	vm_say(warning->program, "%s: line %zu: %s", warning->path, line, what);
}

/* ~/.pmaprc or ~/.vmviewrc, to be freed, or NULL, which has been said. */
static char *default_rc(const struct vm_options *options)
{
	const char *home = getenv("HOME");
	char *path;

	if (!home || !home[0]) {
		vm_say(options->program, "HOME is not set: there is no place for the rc file");
		return NULL;
	}
	if (asprintf(&path, "%s/.%src", home, options->program) < 0) {
		vm_say(options->program, "out of memory");
		return NULL;
	}
	return path;
}

static int create_rc(const struct vm_options *options, const char *path)
{
	int r = vm_rc_create(path);

	if (r == -EEXIST)
		vm_say(options->program, "%s: it exists already; move it away first", path);
	else if (r < 0)
		vm_say(options->program, "%s: cannot create it: %s", path, strerror(-r));
	else
		vm_say(options->program, "%s: created; edit it to choose columns", path);
	return r < 0 ? VM_EXIT_FAILURE : VM_EXIT_OK;
}

static int show(struct once *once, const struct vm_pmap_options *pmap_options, FILE *out)
{
	int status;

	vm_pmap_init(&once->pmap, pmap_options, out);
	status = once->options->from ? show_saved(once) : show_processes(once);
	vm_pmap_deinit(&once->pmap);
	return status;
}

static int show_chosen(struct once *once, struct vm_pmap_options *pmap_options, const char *path,
		       FILE *out)
{
	const struct vm_options *options = once->options;
	struct rc_warning warning = { options->program, path };
	struct vm_rc rc = { 0 };
	int r = vm_rc_read(path, &rc, warn_of_rc, &warning);
	int status = VM_EXIT_FAILURE;

	if (r < 0) {
		vm_say(options->program, "%s: cannot read the rc file: %s", path, strerror(-r));
	} else {
		pmap_options->chosen = rc.columns;
		pmap_options->chosen_count = rc.count;
		pmap_options->show_path ^= rc.toggle_path;
		status = show(once, pmap_options, out);
	}
	vm_rc_deinit(&rc);
	return status;
}

static int with_rc(struct once *once, struct vm_pmap_options *pmap_options, const char *path,
		   FILE *out)
{
	switch (once->options->rc) {
	case VM_RC_CREATE_DEFAULT:
	case VM_RC_CREATE_FILE:
		return create_rc(once->options, path);
	case VM_RC_READ_DEFAULT:
	case VM_RC_READ_FILE:
		return show_chosen(once, pmap_options, path, out);
	case VM_RC_NONE:
		break;
	}
	return show(once, pmap_options, out);
}

static struct vm_pmap_options make_options(const struct vm_options *options, FILE *out)
{
	struct vm_pmap_options result = {
		.format = options->format,
		.quiet = options->quiet,
		.show_path = options->show_path,
		.kernel_names = options->kernel_names,
		.utf8 = strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.low = options->low,
		.high = options->high,
		.palette = vm_palette_of(vm_terminal_depth(options->colour, out)),
	};

	result.has_shm_device = vm_shm_device(&result.shm_minor);
	return result;
}

int vm_once(const struct vm_options *options, FILE *out)
{
	struct vm_pmap_options pmap_options = make_options(options, out);
	struct once once = { .options = options };
	char *home_path = NULL;
	int status;

	if (options->rc == VM_RC_READ_DEFAULT || options->rc == VM_RC_CREATE_DEFAULT) {
		home_path = default_rc(options);
		if (!home_path)
			return VM_EXIT_FAILURE;
	}
	status = with_rc(&once, &pmap_options, home_path ? home_path : options->rc_path, out);
	free(home_path);
	return status;
}
