#include "summary.h"

#include <config.h> /* the build's, not the one beside this file */
#include <errno.h>
#include <unistd.h>

#include "json_process.h"
#include "selected.h"
#include "status.h"
#include "vmview/output.h"
#include "vmview/tally_text.h"

struct summary {
	const struct vm_options *options;
	FILE *out;
	struct vm_tally all; /* of all processes together */
	struct vm_buf text;
	struct vm_json json; /* into @text */
	bool begun;          /* something stands before the next part */
};

/* Of one process. */
struct part {
	const struct vm_visit *visit;
	struct summary *summary;
	struct vm_tally tally;
	struct vm_limits limits;
	bool taken; /* its mappings could be read */
};

static void part_deinit(struct part *part)
{
	vm_tally_deinit(&part->tally);
	vm_limits_deinit(&part->limits);
}

static struct vm_tally_style style_of(const struct vm_options *options, bool several)
{
	return (struct vm_tally_style){ options->units, true, several };
}

static void put_table(const struct part *part, struct vm_buf *text)
{
	const struct vm_options *options = part->visit->options;
	struct vm_tally_style style = style_of(options, false);

	if (part->summary->begun)
		vm_buf_put_char(text, '\n');
	vm_visit_put_heading(part->visit, text);
	if (part->taken) {
		vm_tally_put_table(text, &part->tally, &style);
		vm_buf_put_char(text, '\n');
	}
	vm_limits_put_table(text, &part->limits, options->units);
}

static void put_csv(const struct part *part, struct vm_buf *text)
{
	bool terminal = isatty(fileno(part->summary->out));
	pid_t pid = vm_process_number(&part->visit->process);

	for (size_t i = 0; i < part->tally.count; i++) {
		if (pid)
			vm_buf_put_dec(text, (uint64_t)pid, 0, ' ');
		vm_buf_put_char(text, ',');
		vm_tally_put_csv(text, &part->tally.rows[i], terminal);
	}
}

static void put_json(const struct part *part, struct vm_json *json)
{
	vm_json_line(json);
	vm_json_object(json, NULL);
	vm_visit_put_json(part->visit, json);
	if (part->taken) {
		vm_tally_put_json(json, "kinds", &part->tally, false);
		vm_tally_put_json_total(json, "totals", &part->tally, false);
	}
	vm_limits_put_json(json, "limits", &part->limits);
	vm_visit_put_json_reasons(part->visit, json);
	vm_json_end(json);
}

static int write_part(const struct part *part)
{
	struct summary *summary = part->summary;

	switch (summary->options->form) {
	case VM_FORM_CSV:
		put_csv(part, &summary->text);
		break;
	case VM_FORM_JSON:
		put_json(part, &summary->json);
		break;
	case VM_FORM_PMAP:
	case VM_FORM_TABLE:
	case VM_FORM_NDJSON:
		put_table(part, &summary->text);
		break;
	}
	summary->begun = true;
	return vm_output_flush(&summary->text, summary->out, true);
}

static int take(const struct vm_visit *visit, const struct vm_look *look,
		const struct vm_rows *rows, void *user)
{
	struct part *part = user;
	int r = vm_tally_add(&part->tally, &look->snapshot, rows->items, rows->count,
			     look->unreadable);

	if (r == 0)
		r = vm_tally_add(&part->summary->all, &look->snapshot, rows->items, rows->count,
				 look->unreadable);
	part->limits.items[VM_LIMIT_MAPPINGS].now =
		(struct vm_quantity){ VM_KNOWN_NUMBER, look->snapshot.count };
	vm_tally_arrange(&part->tally, visit->options->tally_sort,
			 visit->options->selection.reverse);
	part->taken = r == 0;
	return r;
}

/* Say what could not be read of the limits. Returns the exit status. */
static int take_limits(struct part *part)
{
	struct vm_limits *limits = &part->limits;
	int r = vm_sample_limits(part->visit->source, limits);
	struct vm_report report = { .entry = limits->unread };

	if (!part->taken)
		limits->items[VM_LIMIT_MAPPINGS].now.known = VM_KNOWN_UNREADABLE;
	if (r == 0 && limits->unread)
		r = limits->unread_error;
	return r < 0 ? vm_visit_failed(part->visit, r, &report, part->summary->out) : VM_EXIT_OK;
}

/* Of a process whose maps may not be read its limits are known all the same; of one that is gone nothing is. */
static bool has_anything(const struct part *part)
{
	return part->taken || part->summary->options->form == VM_FORM_JSON ||
	       part->limits.items[VM_LIMIT_ADDRESS_SPACE].now.known == VM_KNOWN_NUMBER;
}

static int summarize(struct vm_visit *visit, void *user)
{
	struct summary *summary = user;
	struct part part = { .visit = visit, .summary = summary, .tally.key = VM_GROUP_KIND };
	int status = vm_visit_selected(visit, VM_DETAIL_SMAPS, summary->out, take, &part);
	int r = 0;

	if (part.taken || !vm_visit_is_saved(visit))
		status |= take_limits(&part);
	if (has_anything(&part))
		r = write_part(&part);
	if (r < 0)
		status |= vm_output_failed(visit->options, r);
	part_deinit(&part);
	return status;
}

static int tell_absent(struct vm_visit *visit, void *user)
{
	struct summary *summary = user;
	struct part part = { .visit = visit, .summary = summary };
	int r = summary->options->form == VM_FORM_JSON ? write_part(&part) : 0;

	return r < 0 ? vm_output_failed(visit->options, r) : VM_EXIT_OK;
}

static void begin(struct summary *summary)
{
	const struct vm_options *options = summary->options;

	summary->json.text = &summary->text;
	if (options->form == VM_FORM_JSON) {
		vm_json_object(&summary->json, NULL);
		vm_json_text(&summary->json, "vmview", VMVIEW_VERSION);
		vm_json_array(&summary->json, "processes");
	} else if (options->form == VM_FORM_CSV && !options->no_headings) {
		vm_buf_put_text(&summary->text, "pid,");
		vm_tally_put_csv_names(&summary->text);
	}
}

static void put_together(struct summary *summary)
{
	struct vm_tally_style style = style_of(summary->options, true);

	vm_buf_put_char(&summary->text, '\n');
	vm_buf_put_dec(&summary->text, summary->all.total.processes, 0, ' ');
	vm_buf_put_text(&summary->text, " processes together\n");
	vm_tally_put_table(&summary->text, &summary->all, &style);
}

static void put_json_together(struct summary *summary)
{
	struct vm_json *json = &summary->json;

	vm_json_line(json);
	vm_json_end(json);
	vm_json_object(json, "together");
	vm_tally_put_json(json, "kinds", &summary->all, true);
	vm_tally_put_json_total(json, "totals", &summary->all, true);
	vm_json_end(json);
	vm_json_end(json);
	vm_buf_put_char(&summary->text, '\n');
}

static int end(struct summary *summary)
{
	const struct vm_options *options = summary->options;

	vm_tally_arrange(&summary->all, options->tally_sort, options->selection.reverse);
	if (options->form == VM_FORM_JSON)
		put_json_together(summary);
	else if (options->form == VM_FORM_TABLE && summary->all.total.processes > 1)
		put_together(summary);
	return vm_output_flush(&summary->text, summary->out, true);
}

int vm_print_summary(const struct vm_options *options, FILE *out)
{
	struct summary summary = { .options = options, .out = out, .all.key = VM_GROUP_KIND };
	int status, r;

	begin(&summary);
	status = vm_sources_visit_all(options, out, summarize, tell_absent, &summary);
	r = ferror(out) ? 0 : end(&summary);
	if (r < 0)
		status |= vm_output_failed(options, r);
	vm_tally_deinit(&summary.all);
	vm_buf_deinit(&summary.text);
	return status;
}
