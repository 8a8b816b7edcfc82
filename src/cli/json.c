#include "json.h"

#include <errno.h>
#include <stdlib.h>

/* The build's, not the one beside this file. */
#include <config.h>

#include "json_process.h"
#include "status.h"
#include "vmview/json_mapping.h"
#include "vmview/output.h"

struct print {
	const struct vm_options *options;
	FILE *out;
	bool lines; /* an object a mapping and line, else one document */
	struct vm_buf text;
	struct vm_json json;
	struct vm_json_mappings mappings;
	const struct vm_visit *visit; /* the one at hand */
	bool begun;                   /* its array of mappings is open */
};

/* A place between two values. Where something goes wrong behind it, all that came since is taken back. */
struct mark {
	struct vm_json json;
	size_t len;
};

static struct mark mark_place(const struct print *print)
{
	return (struct mark){ print->json, print->text.len };
}

/* @r: a negative errno, or 0 where nothing but memory can have run out. */
static int check_place(struct print *print, struct mark mark, int r)
{
	if (r == 0 && print->text.failed)
		r = -ENOMEM;
	if (r == 0)
		return 0;
	print->json = mark.json;
	print->text.len = mark.len;
	print->text.failed = false;
	return r;
}

static void open_mappings(struct print *print)
{
	if (!print->begun && !print->lines)
		vm_json_array(&print->json, "mappings");
	print->begun = true;
}

static int put_mapping(struct print *print, const struct vm_mapping *mapping)
{
	struct mark mark = mark_place(print);
	struct vm_json *json = &print->json;
	int r;

	if (!print->lines)
		vm_json_line(json);
	vm_json_object(json, NULL);
	if (print->lines)
		vm_visit_put_json_identity(print->visit, json);
	r = vm_json_mapping(&print->mappings, mapping);
	vm_json_end(json);
	if (print->lines)
		vm_buf_put_char(&print->text, '\n');
	r = check_place(print, mark, r);
	return r < 0 ? r : vm_output_flush(&print->text, print->out, false);
}

static int take_mapping(const struct vm_mapping *mapping, void *user)
{
	struct print *print = user;

	if (!vm_filter_matches(&print->options->selection.filter, mapping))
		return 0;
	open_mappings(print);
	return put_mapping(print, mapping);
}

static int put_selected(struct print *print, const struct vm_look *look)
{
	size_t count;
	uint32_t *rows = vm_visit_rows(print->visit, &look->snapshot, &count);
	int r = rows ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < count; i++) {
		open_mappings(print);
		r = put_mapping(print, &look->snapshot.mappings[rows[i]]);
	}
	free(rows);
	return r;
}

/* All mappings, one by one, or where neighbours and order matter after all have been read. */
static int put_mappings(struct print *print, const struct vm_visit *visit, struct vm_look *look)
{
	enum vm_detail detail = vm_options_detail(visit->options);
	int r, written;

	if (vm_selection_streams(&visit->options->selection))
		return vm_visit_stream(visit, detail, take_mapping, print, look);
	r = vm_visit_look(visit, detail, look);
	written = put_selected(print, look);
	if (r == 0 && written == 0)
		look->status |= vm_visit_missed(visit, &look->snapshot);
	return written < 0 ? written : r;
}

static int begin_process(struct print *print, const struct vm_visit *visit)
{
	struct mark mark = mark_place(print);

	print->visit = visit;
	print->begun = false;
	if (print->lines)
		return 0;
	vm_json_line(&print->json);
	vm_json_object(&print->json, NULL);
	vm_visit_put_json(visit, &print->json);
	return check_place(print, mark, 0);
}

/* Where there is no memory for the sums or the reasons, the document is whole without them. */
static int put_totals(struct print *print)
{
	struct mark mark = mark_place(print);

	vm_json_object(&print->json, "totals");
	vm_json_totals(&print->mappings);
	vm_json_end(&print->json);
	return check_place(print, mark, 0);
}

static int put_reasons(struct print *print)
{
	struct mark mark = mark_place(print);

	vm_visit_put_json_reasons(print->visit, &print->json);
	return check_place(print, mark, 0);
}

static int close_process(struct print *print, bool readable)
{
	int r = 0;

	if (readable) {
		open_mappings(print);
		vm_json_line(&print->json);
		vm_json_end(&print->json);
		r = put_totals(print);
	}
	if (put_reasons(print) < 0)
		r = -ENOMEM;
	vm_json_end(&print->json);
	return r;
}

/* @readable: there are mappings to tell of, even if none is selected. Returns the exit status. */
static int end_process(struct print *print, bool readable)
{
	int r = print->lines ? 0 : close_process(print, readable);
	int written = vm_output_flush(&print->text, print->out, true);

	if (written < 0)
		r = written;
	return r < 0 ? vm_output_failed(print->options, r) : VM_EXIT_OK;
}

static int print_visit(struct vm_visit *visit, void *user)
{
	struct print *print = user;
	struct vm_look look = { 0 };
	int r = begin_process(print, visit);
	int status;

	if (r < 0)
		return vm_visit_failed(visit, r, &look.report, print->out);
	r = put_mappings(print, visit, &look);
	status = look.status;
	status |= r < 0 ? vm_visit_failed(visit, r, &look.report, print->out) :
			  vm_visit_done(visit, &look.report);
	if (!ferror(print->out))
		status |= end_process(print, r == 0 || look.report.mappings);
	vm_look_deinit(&look);
	return status;
}

static int print_absent(struct vm_visit *visit, void *user)
{
	struct print *print = user;
	int r = begin_process(print, visit);

	return r < 0 ? vm_visit_failed(visit, r, NULL, print->out) : end_process(print, false);
}

static void print_init(struct print *print, const struct vm_options *options, FILE *out)
{
	*print = (struct print){ .options = options, .out = out };
	print->json.text = &print->text;
	vm_json_mappings_init(&print->mappings, &print->json, options->columns,
			      options->column_count);
}

static void print_deinit(struct print *print)
{
	vm_json_mappings_deinit(&print->mappings);
	vm_buf_deinit(&print->text);
}

static int open_document(struct print *print)
{
	vm_json_object(&print->json, NULL);
	vm_json_text(&print->json, "vmview", VMVIEW_VERSION);
	vm_json_array(&print->json, "processes");
	return vm_output_flush(&print->text, print->out, true);
}

/* Whatever became of the processes, the document has an end. */
static int close_document(struct print *print)
{
	int r;

	vm_json_line(&print->json);
	vm_json_end(&print->json);
	vm_json_end(&print->json);
	vm_buf_put_char(&print->text, '\n');
	r = vm_output_flush(&print->text, print->out, true);
	return r < 0 ? vm_output_failed(print->options, r) : VM_EXIT_OK;
}

int vm_print_json(const struct vm_options *options, FILE *out)
{
	struct print print;
	int status, r;

	print_init(&print, options, out);
	r = open_document(&print);
	if (r < 0) {
		status = vm_output_failed(options, r);
	} else {
		status = vm_sources_visit_all(options, out, print_visit, print_absent, &print);
		if (!ferror(out))
			status |= close_document(&print);
	}
	print_deinit(&print);
	return status;
}

int vm_print_ndjson(const struct vm_options *options, FILE *out)
{
	struct print print;
	int status;

	print_init(&print, options, out);
	print.lines = true;
	status = vm_sources_visit(options, out, print_visit, &print);
	print_deinit(&print);
	return status;
}
