/*
 * The file that chooses columns.
 */
#include "cli/rc.h"
#include "fuzz.h"

struct warnings {
	size_t count, line;
};

static void warn(const char *what, size_t line, void *user)
{
	struct warnings *warnings = user;

	fuzz_promise_sentence(vm_str_from(what));
	promise(line >= 1 && line >= warnings->line);
	warnings->line = line;
	warnings->count++;
}

static struct warnings parse(struct vm_str text, struct vm_rc *rc)
{
	struct warnings warnings = { 0 };

	vm_buf_put_str(&rc->text, text);
	promise(vm_rc_parse(rc, warn, &warnings) == 0);
	return warnings;
}

static void check_column(const struct vm_rc *rc, struct vm_str column)
{
	promise(column.len);
	promise(column.p >= rc->text.p && column.p + column.len <= rc->text.p + rc->text.len);
	for (size_t i = 0; i < column.len; i++)
		promise(!strchr(" \t\n", column.p[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_rc rc = { 0 }, again = { 0 };
	struct warnings first = parse(fuzz_str(bytes, size), &rc);
	struct warnings second = parse(fuzz_str(bytes, size), &again);

	promise(first.count == second.count && first.line == second.line);
	promise(rc.count == again.count && rc.toggle_path == again.toggle_path);
	for (size_t i = 0; i < rc.count; i++) {
		check_column(&rc, rc.columns[i]);
		promise(vm_str_equal(rc.columns[i], again.columns[i]));
	}
	vm_rc_deinit(&rc);
	vm_rc_deinit(&again);
	return 0;
}
