#include "once.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "rc.h"
#include "sources.h"
#include "status.h"
#include "terminal.h"

struct once {
	const struct vm_options *options;
	struct vm_pmap pmap;
	struct vm_visit *visit; /* the one at hand */
	bool begun;
};

static int show_heading(struct once *once)
{
	struct vm_buf number = { 0 }, command = { 0 };
	int r;

	vm_visit_name(once->visit, &number, &command);
	r = number.failed || command.failed ?
		    -ENOMEM :
		    vm_pmap_heading(&once->pmap, vm_buf_str(&number), vm_buf_str(&command));
	vm_buf_deinit(&number);
	vm_buf_deinit(&command);
	return r;
}

static int begin(struct once *once)
{
	int r = vm_visit_is_saved(once->visit) ? show_heading(once) : 0;

	if (r < 0)
		return r;
	once->begun = true;
	return vm_pmap_begin(&once->pmap, &once->visit->process, vm_visit_is_saved(once->visit));
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
	int r = vm_sample_stream(once->visit->source, detail, take_row, once, report);
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
	int r = vm_visit_is_saved(once->visit) ? show_heading(once) : 0;

	return r < 0 ? r : vm_pmap_write_all(&once->pmap, snapshot->mappings, snapshot->count);
}

static int show_whole(struct once *once, enum vm_detail detail, struct vm_report *report)
{
	struct vm_snapshot snapshot = { 0 };
	int r = vm_sample_stream(once->visit->source, detail, keep_row, &snapshot, report);
	int written = r == 0 || snapshot.count ? write_whole(once, &snapshot) : 0;

	vm_snapshot_deinit(&snapshot);
	return r < 0 ? r : written;
}

/* In any format. */
static int write_rows(struct once *once, const struct vm_snapshot *rows)
{
	int r;

	if (vm_pmap_needs_all(once->options->format))
		return write_whole(once, rows);
	r = begin(once);
	once->begun = false;
	for (size_t i = 0; r == 0 && i < rows->count; i++)
		r = vm_pmap_add(&once->pmap, &rows->mappings[i]);
	return r < 0 ? r : vm_pmap_end(&once->pmap);
}

static int show_selected(struct once *once, enum vm_detail detail, struct vm_report *report,
			 int *status)
{
	struct vm_snapshot snapshot = { 0 }, selected = { 0 };
	int r = vm_sample_snapshot(once->visit->source, detail, &snapshot, report);
	size_t count;
	uint32_t *rows = vm_visit_rows(once->visit, &snapshot, &count);
	int written = rows ? 0 : -ENOMEM;

	for (size_t i = 0; written == 0 && i < count; i++)
		written = vm_snapshot_add(&selected, &snapshot.mappings[rows[i]]);
	if (written == 0 && (r == 0 || snapshot.count))
		written = write_rows(once, &selected);
	if (r == 0 && snapshot.count)
		*status = vm_visit_missed(once->visit, &snapshot);
	free(rows);
	vm_snapshot_deinit(&selected);
	vm_snapshot_deinit(&snapshot);
	return r < 0 ? r : written;
}

/* Numbers that a filter or an order asks for are those of smaps. */
static enum vm_detail detail_of(const struct vm_options *options)
{
	return options->selects || vm_pmap_needs_smaps(options->format) ? VM_DETAIL_SMAPS :
									  VM_DETAIL_MAPS;
}

static int show_mappings(struct once *once)
{
	enum vm_detail detail = detail_of(once->options);
	struct vm_report report;
	int status = VM_EXIT_OK;
	int r;

	if (once->options->selects)
		r = show_selected(once, detail, &report, &status);
	else if (vm_pmap_needs_all(once->options->format))
		r = show_whole(once, detail, &report);
	else
		r = show_stream(once, detail, &report);
	return r < 0 ? vm_visit_failed(once->visit, r, &report, once->pmap.out) :
		       status | vm_visit_done(once->visit, &report);
}

/*
 * Of a process the heading comes first, whether anything else can be read or not, as in pmap. Of a capture
 * that cannot be read there is nothing to head.
 */
static int show_source(struct vm_visit *visit, void *user)
{
	struct once *once = user;
	struct vm_pmap_options *options = &once->pmap.options;
	int r;

	options->has_shm_device = vm_sample_shm_device(visit->source, &options->shm_minor);
	once->visit = visit;
	r = vm_visit_is_saved(visit) ? 0 : show_heading(once);
	return r < 0 ? vm_visit_failed(visit, r, &(struct vm_report){ .entry = "" },
				       once->pmap.out) :
		       show_mappings(once);
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
	status = vm_sources_visit(once->options, out, show_source, once);
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
	return (struct vm_pmap_options){
		.format = options->format,
		.quiet = options->quiet,
		.show_path = options->show_path,
		.kernel_names = options->kernel_names,
		.utf8 = strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.low = options->low,
		.high = options->high,
		.palette = vm_palette_of(vm_terminal_depth(options->colour, out)),
	};
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
