#include "csv.h"
#include "vmview/output.h"
#include "vmview/safe.h"
#include "vmview/table.h"

/* A field in quotes where it needs them; a quote in it is written twice. */
static void put_quoted(struct vm_buf *text, struct vm_str value)
{
	bool quoted = false;

	for (size_t i = 0; i < value.len && !quoted; i++)
		quoted = memchr(",\"\r\n", value.p[i], 4);
	if (!quoted) {
		vm_buf_put_str(text, value);
		return;
	}
	vm_buf_put_char(text, '"');
	for (size_t i = 0; i < value.len; i++) {
		if (value.p[i] == '"')
			vm_buf_put_char(text, '"');
		vm_buf_put_char(text, value.p[i]);
	}
	vm_buf_put_char(text, '"');
}

void vm_csv_put_text(struct vm_buf *text, struct vm_str value, bool terminal)
{
	struct vm_buf safe = { 0 };

	if (terminal) {
		vm_safe_put(&safe, value);
		value = vm_buf_str(&safe);
	}
	put_quoted(text, value);
	text->failed |= safe.failed;
	vm_buf_deinit(&safe);
}

static void put_field(struct vm_csv *csv, enum vm_column column, const struct vm_mapping *m)
{
	enum vm_column_type type = vm_column_info(column).type;
	char room[32];

	if (!vm_column_has(m, column))
		return;
	switch (type) {
	case VM_TYPE_ADDRESS:
	case VM_TYPE_HEX:
		vm_buf_put_text(&csv->text, "0x");
		vm_buf_put_hex(&csv->text, vm_column_number(m, column), 1, '0');
		break;
	case VM_TYPE_BYTES:
	case VM_TYPE_NUMBER:
		vm_buf_put_dec(&csv->text, vm_column_number(m, column), 0, ' ');
		break;
	case VM_TYPE_BOOL:
		vm_buf_put_text(&csv->text, vm_column_number(m, column) ? "true" : "false");
		break;
	case VM_TYPE_TEXT:
		vm_csv_put_text(&csv->text, vm_column_text(m, column, room), csv->terminal);
		break;
	}
}

int vm_csv_begin(struct vm_csv *csv)
{
	vm_buf_put_text(&csv->text, "pid");
	for (size_t i = 0; i < csv->count; i++) {
		vm_buf_put_char(&csv->text, ',');
		vm_buf_put_text(&csv->text, vm_column_info(csv->columns[i]).name);
	}
	vm_buf_put_text(&csv->text, "\r\n");
	return vm_output_flush(&csv->text, csv->out, false);
}

int vm_csv_add(struct vm_csv *csv, pid_t pid, const struct vm_mapping *mapping)
{
	if (pid)
		vm_buf_put_dec(&csv->text, (uint64_t)pid, 0, ' ');
	for (size_t i = 0; i < csv->count; i++) {
		vm_buf_put_char(&csv->text, ',');
		put_field(csv, csv->columns[i], mapping);
	}
	vm_buf_put_text(&csv->text, "\r\n");
	return vm_output_flush(&csv->text, csv->out, false);
}
