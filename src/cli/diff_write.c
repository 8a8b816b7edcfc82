#include <errno.h>

/* The build's, not the one beside this file. */
#include <config.h>

#include "diff_private.h"
#include "json_process.h"
#include "vmview/event.h"
#include "vmview/output.h"
#include "vmview/safe.h"

/* `--- editor.smaps`, `+++ 8194 ./editor  2026-11-21 12:04:30`: the marks of what only one of them has. */
static void put_side(struct vm_buf *text, const char *mark, const struct vm_moment *moment)
{
	const struct vm_visit *visit = &moment->visit;
	struct vm_buf command = { 0 };

	vm_buf_put_text(text, mark);
	vm_buf_put_char(text, ' ');
	if (visit->path) {
		vm_safe_put(text, vm_str_from(moment->word));
	} else {
		vm_visit_name(visit, text, &command);
		vm_buf_put_char(text, ' ');
		vm_buf_put_str(text, vm_buf_str(&command));
	}
	if (moment->realtime_ns) {
		vm_buf_put_text(text, "  ");
		vm_event_put_date(text, moment->realtime_ns);
	}
	vm_buf_put_char(text, '\n');
	text->failed |= command.failed;
	vm_buf_deinit(&command);
}

static const char *pairing_text(const struct vm_diff *diff)
{
	bool chosen = diff->options->has_pairing;

	if (diff->difference.pairing == VM_PAIRING_ADDRESS)
		return chosen ? "by address\n" : "by address: both are of one address space\n";
	return chosen ? "by name\n" : "by name: their address spaces are not the same\n";
}

static int write_heading(const struct vm_diff *diff)
{
	struct vm_buf text = { 0 };
	int r;

	put_side(&text, "---", &diff->moments[VM_SIDE_BEFORE]);
	put_side(&text, "+++", &diff->moments[VM_SIDE_AFTER]);
	vm_buf_put_text(&text, pairing_text(diff));
	r = vm_output_flush(&text, diff->out, true);
	vm_buf_deinit(&text);
	return r;
}

/* What fits 80 columns and tells a leak. Addresses tell nothing where they are not what was paired by. */
static const enum vm_column usual[] = {
	VM_COLUMN_ADDRESS, VM_COLUMN_SIZE,  VM_COLUMN_RSS,  VM_COLUMN_PSS,
	VM_COLUMN_SWAP,    VM_COLUMN_PERMS, VM_COLUMN_KIND, VM_COLUMN_MAPPING,
};
#define USUAL_COUNT (sizeof(usual) / sizeof(usual[0]))

int vm_diff_write_table(const struct vm_diff *diff)
{
	const struct vm_options *options = diff->options;
	bool by_name = diff->difference.pairing == VM_PAIRING_NAME;
	struct vm_difference_table table = {
		.columns = options->has_columns ? options->columns : usual + by_name,
		.count = options->has_columns ? options->column_count : USUAL_COUNT - by_name,
		.units = options->units,
		.headings = !options->no_headings,
		.unreadable = diff->moments[VM_SIDE_BEFORE].look.unreadable ||
			      diff->moments[VM_SIDE_AFTER].look.unreadable,
	};
	int r = table.headings ? write_heading(diff) : 0;

	return r < 0 ? r :
		       vm_difference_write(&table, &diff->difference, diff->rows, diff->count,
					   diff->out);
}

/* The document under way. */
struct document {
	const struct vm_diff *diff;
	struct vm_buf text;
	struct vm_json json;
	struct vm_difference_json rows;
};

static void put_json_moment(struct vm_json *json, const char *key, const struct vm_moment *moment)
{
	vm_json_line(json);
	vm_json_object(json, key);
	vm_visit_put_json(&moment->visit, json);
	if (moment->realtime_ns)
		vm_json_time(json, "time", moment->realtime_ns);
	vm_visit_put_json_reasons(&moment->visit, json);
	vm_json_end(json);
}

static int put_row(struct document *document, const struct vm_difference_row *row, bool lines)
{
	if (!lines)
		vm_json_line(&document->json);
	vm_json_object(&document->json, NULL);
	vm_difference_json_row(&document->rows, row);
	vm_json_end(&document->json);
	if (lines)
		vm_buf_put_char(&document->text, '\n');
	return vm_output_flush(&document->text, document->diff->out, false);
}

static int put_rows(struct document *document, bool lines)
{
	const struct vm_difference *difference = &document->diff->difference;
	int r = 0;

	for (size_t i = 0; r == 0 && i < document->diff->count; i++) {
		const struct vm_difference_row *row = &difference->rows[document->diff->rows[i]];

		if (vm_difference_differs(difference, row, document->rows.columns,
					  document->rows.count))
			r = put_row(document, row, lines);
	}
	return r;
}

static int put_document(struct document *document)
{
	const struct vm_diff *diff = document->diff;
	struct vm_json *json = &document->json;
	int r;

	vm_json_object(json, NULL);
	vm_json_text(json, "vmview", VMVIEW_VERSION);
	vm_json_text(json, "by", vm_pairing_name(diff->difference.pairing));
	put_json_moment(json, "before", &diff->moments[VM_SIDE_BEFORE]);
	put_json_moment(json, "after", &diff->moments[VM_SIDE_AFTER]);
	vm_json_line(json);
	vm_json_object(json, "totals");
	vm_difference_json_totals(&document->rows, diff->rows, diff->count);
	vm_json_end(json);
	vm_json_line(json);
	vm_json_array(json, "differences");
	r = put_rows(document, false);
	vm_json_line(json);
	vm_json_end(json);
	vm_json_end(json);
	vm_buf_put_char(&document->text, '\n');
	return r;
}

int vm_diff_write_json(const struct vm_diff *diff)
{
	struct document document = { .diff = diff, .json = { .text = &document.text } };
	int r;

	vm_difference_json_init(&document.rows, &document.json, &diff->difference,
				diff->options->columns, diff->options->column_count);
	r = diff->options->form == VM_FORM_JSON ? put_document(&document) :
						  put_rows(&document, true);
	if (r == 0)
		r = vm_output_flush(&document.text, diff->out, true);
	vm_difference_json_deinit(&document.rows);
	vm_buf_deinit(&document.text);
	return r;
}
