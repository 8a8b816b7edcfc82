#include "table.h"

#include <unistd.h>

#include "selected.h"
#include "vmview/output.h"
#include "vmview/table.h"

struct print {
	FILE *out;
	struct vm_csv csv;
	vm_take_fn write; /* @user is this */
};

static int print_visit(struct vm_visit *visit, void *user)
{
	struct print *print = user;

	return vm_visit_selected(visit, vm_options_detail(visit->options), print->out, print->write,
				 print);
}

static int write_heading(const struct vm_visit *visit, FILE *out)
{
	struct vm_buf text = { 0 };
	int r;

	vm_visit_put_heading(visit, &text);
	r = vm_output_flush(&text, out, true);
	vm_buf_deinit(&text);
	return r;
}

static int write_table(const struct vm_visit *visit, const struct vm_look *look,
		       const struct vm_rows *rows, void *user)
{
	const struct print *print = user;
	const struct vm_options *options = visit->options;
	struct vm_table table = {
		.columns = options->columns,
		.count = options->column_count,
		.units = options->units,
		.headings = !options->no_headings,
		.unreadable = look->unreadable,
	};
	int r = table.headings ? write_heading(visit, print->out) : 0;

	return r < 0 ? r :
		       vm_table_write(&table, &look->snapshot, rows->items, rows->count,
				      print->out);
}

int vm_print_table(const struct vm_options *options, FILE *out)
{
	struct print print = { .out = out, .write = write_table };

	return vm_sources_visit(options, out, print_visit, &print);
}

static int write_csv(const struct vm_visit *visit, const struct vm_look *look,
		     const struct vm_rows *rows, void *user)
{
	struct print *print = user;
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows->count; i++)
		r = vm_csv_add(&print->csv, vm_process_number(&visit->process),
			       &look->snapshot.mappings[rows->items[i]]);
	return r < 0 ? r : vm_output_flush(&print->csv.text, print->out, true);
}

int vm_print_csv(const struct vm_options *options, FILE *out)
{
	struct print print = {
		.out = out,
		.write = write_csv,
		.csv = { options->columns, options->column_count, isatty(fileno(out)), out, { 0 } },
	};
	int r = options->no_headings ? 0 : vm_csv_begin(&print.csv);
	int status = r < 0 ? vm_output_failed(options, r) :
			     vm_sources_visit(options, out, print_visit, &print);

	r = ferror(out) ? 0 : vm_output_flush(&print.csv.text, out, true);
	vm_buf_deinit(&print.csv.text);
	return r < 0 ? status | vm_output_failed(options, r) : status;
}

static const char *unit_of(enum vm_column_type type)
{
	switch (type) {
	case VM_TYPE_BYTES:
		return "size";
	case VM_TYPE_ADDRESS:
		return "address";
	case VM_TYPE_NUMBER:
	case VM_TYPE_HEX:
		return "number";
	case VM_TYPE_BOOL:
		return "yes/no";
	case VM_TYPE_TEXT:
		return "text";
	}
	return "";
}

void vm_list_columns(FILE *out)
{
	for (enum vm_column column = 0; column < VM_COLUMN_COUNT; column++) {
		struct vm_column_info info = vm_column_info(column);

		if (vm_column_is_listed(column))
			fprintf(out, "%-15s  %-7s  %s\n", info.name, unit_of(info.type), info.help);
	}
}
