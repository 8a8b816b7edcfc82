#include "group.h"

#include <config.h> /* the build's, not the one beside this file */
#include <unistd.h>

#include "json_process.h"
#include "selected.h"
#include "vmview/output.h"
#include "vmview/tally_text.h"

struct groups {
	const struct vm_options *options;
	FILE *out;
	struct vm_tally tally;
	struct vm_buf text;  /* first who is summed, then the sums */
	struct vm_json json; /* into @text */
};

static int take(const struct vm_visit *visit, const struct vm_look *look,
		const struct vm_rows *rows, void *user)
{
	struct groups *groups = user;

	if (groups->options->form == VM_FORM_TABLE && !groups->options->no_headings)
		vm_visit_put_heading(visit, &groups->text);
	return vm_tally_add(&groups->tally, &look->snapshot, rows->items, rows->count,
			    look->unreadable);
}

/* Who is summed, or why not. */
static int name(struct vm_visit *visit, void *user)
{
	struct groups *groups = user;

	if (groups->options->form != VM_FORM_JSON)
		return 0;
	vm_json_line(&groups->json);
	vm_json_object(&groups->json, NULL);
	vm_visit_put_json(visit, &groups->json);
	vm_visit_put_json_reasons(visit, &groups->json);
	vm_json_end(&groups->json);
	return 0;
}

static int add_visit(struct vm_visit *visit, void *user)
{
	struct groups *groups = user;
	int status = vm_visit_selected(visit, VM_DETAIL_SMAPS, groups->out, take, groups);

	return status | name(visit, groups);
}

static void begin(struct groups *groups)
{
	groups->json.text = &groups->text;
	if (groups->options->form == VM_FORM_JSON) {
		vm_json_object(&groups->json, NULL);
		vm_json_text(&groups->json, "vmview", VMVIEW_VERSION);
		vm_json_array(&groups->json, "processes");
	}
}

static void put_json(struct groups *groups)
{
	struct vm_json *json = &groups->json;

	vm_json_line(json);
	vm_json_end(json);
	vm_tally_put_json(json, "groups", &groups->tally, true);
	vm_tally_put_json_total(json, "totals", &groups->tally, true);
	vm_json_end(json);
	vm_buf_put_char(&groups->text, '\n');
}

static void put_csv(struct groups *groups)
{
	bool terminal = isatty(fileno(groups->out));

	if (!groups->options->no_headings)
		vm_tally_put_csv_names(&groups->text);
	for (size_t i = 0; i < groups->tally.count; i++)
		vm_tally_put_csv(&groups->text, &groups->tally.rows[i], terminal);
}

static void put_table(struct groups *groups)
{
	struct vm_tally_style style = {
		.units = groups->options->units,
		.headings = !groups->options->no_headings,
		.several = groups->tally.total.processes > 1,
	};

	vm_tally_put_table(&groups->text, &groups->tally, &style);
}

/* Where nothing could be read there is nothing to sum, and only a document has an end all the same. */
static int end(struct groups *groups)
{
	const struct vm_options *options = groups->options;
	bool any = groups->tally.total.processes;

	vm_tally_arrange(&groups->tally, options->tally_sort, options->selection.reverse);
	if (options->form == VM_FORM_JSON)
		put_json(groups);
	else if (options->form == VM_FORM_CSV && any)
		put_csv(groups);
	else if (any)
		put_table(groups);
	return vm_output_flush(&groups->text, groups->out, true);
}

int vm_print_groups(const struct vm_options *options, FILE *out)
{
	struct groups groups = { .options = options, .out = out, .tally.key = options->group };
	int status, r;

	begin(&groups);
	status = vm_sources_visit_all(options, out, add_visit, name, &groups);
	r = end(&groups);
	if (r < 0)
		status |= vm_output_failed(options, r);
	vm_tally_deinit(&groups.tally);
	vm_buf_deinit(&groups.text);
	return status;
}
