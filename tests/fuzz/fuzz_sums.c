/*
 * From text of maps or smaps to sums of it, and to all that is written of these. Its mappings are given to two processes by turns.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "vmview/metrics.h"
#include "vmview/tally_text.h"

/* More shows nothing new. */
#define SIZE_LIMIT 32768

static struct vm_tally sum(const struct vm_snapshot *snapshot, enum vm_group_key key,
			   enum vm_tally_column column, bool reverse)
{
	struct vm_tally tally = { .key = key };
	uint32_t *rows = calloc(snapshot->count + 1, sizeof(*rows));

	promise(rows);
	for (size_t turn = 0; turn < 2; turn++) {
		size_t count = 0;

		for (size_t i = turn; i < snapshot->count; i += 2)
			rows[count++] = (uint32_t)i;
		promise(vm_tally_add(&tally, snapshot, rows, count, false) == 0);
	}
	free(rows);
	vm_tally_arrange(&tally, column, reverse);
	return tally;
}

/* What the rows add up to is the total, and that is everything. */
static void check_total(const struct vm_snapshot *snapshot, const struct vm_tally *tally)
{
	uint64_t mappings = 0, size = 0;
	uint32_t reported = 0;

	for (size_t i = 0; i < tally->count; i++) {
		const struct vm_tally_row *row = &tally->rows[i];

		mappings += row->mappings;
		size += row->measures[VM_MEASURE_SIZE];
		reported |= row->reported;
		promise(row->kinds && row->name.len);
		promise(row->processes == 1 || row->processes == 2);
	}
	promise(mappings == snapshot->count && tally->total.mappings == mappings);
	promise(tally->total.measures[VM_MEASURE_SIZE] == size);
	promise(tally->total.reported == reported && tally->total.processes == 2);
}

static void check_order(const struct vm_tally *tally, enum vm_tally_column column, bool reverse)
{
	for (size_t i = 1; i < tally->count && !vm_tally_column_is_text(column); i++) {
		const struct vm_tally_row *a = &tally->rows[i - 1], *b = &tally->rows[i];
		uint64_t x = vm_tally_number(a, column), y = vm_tally_number(b, column);

		promise(vm_tally_has(a, column) >= vm_tally_has(b, column));
		if (vm_tally_has(b, column))
			promise(reverse ? x <= y : x >= y);
	}
}

static void check_table(const struct vm_tally *tally)
{
	struct vm_tally_style style = { VM_SIZE_HUMAN, true, true };
	struct vm_buf text = { 0 };

	vm_tally_put_table(&text, tally, &style);
	promise(!text.failed);
	fuzz_promise_safe(vm_buf_str(&text));
	vm_buf_deinit(&text);
}

/* As many values as there are columns, in every record. */
static void check_csv(const struct vm_tally *tally)
{
	struct vm_buf text = { 0 };
	bool quoted = false;
	size_t values = 1;

	for (size_t i = 0; i < tally->count; i++)
		vm_tally_put_csv(&text, &tally->rows[i], i % 2);
	promise(!text.failed);
	for (size_t i = 0; i < text.len; i++) {
		quoted ^= text.p[i] == '"';
		values += text.p[i] == ',' && !quoted;
		if (text.p[i] == '\n' && !quoted) {
			promise(values == VM_TALLY_COLUMN_COUNT);
			values = 1;
		}
	}
	promise(!quoted && values == 1);
	vm_buf_deinit(&text);
}

static void check_json(const struct vm_tally *tally)
{
	struct vm_buf text = { 0 };
	struct vm_json json = { .text = &text };

	vm_json_object(&json, NULL);
	vm_tally_put_json(&json, "groups", tally, true);
	vm_tally_put_json_total(&json, "totals", tally, true);
	vm_json_end(&json);
	promise(!text.failed && !json.depth);
	fuzz_promise_safe(vm_buf_str(&text));
	vm_buf_deinit(&text);
}

/* Safe, and every line is a comment or ends in a number behind its labels. The kinds are borrowed. */
static void check_metrics(struct vm_str name, const struct vm_tally *kinds)
{
	struct vm_metrics_process process = { .pid = 7, .readable = true, .kinds = *kinds };
	struct vm_buf text = { 0 };
	struct vm_str rest;

	vm_buf_put_str(&process.command, name);
	vm_metrics_put(&text, &process, 1, "1");
	promise(!text.failed);
	fuzz_promise_safe(vm_buf_str(&text));
	promise(vm_str_ends(vm_buf_str(&text), VM_STR("\n# EOF\n")));
	for (rest = vm_buf_str(&text); rest.len;) {
		struct vm_str line = fuzz_take_until(&rest, '\n');
		size_t end = vm_str_find_last(line, '}');

		promise(vm_str_starts(line, VM_STR("# ")) || end + 2 < line.len);
	}
	vm_buf_deinit(&text);
	vm_buf_deinit(&process.command);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str text = fuzz_str(bytes, size < SIZE_LIMIT ? size : SIZE_LIMIT);
	struct vm_snapshot snapshot = fuzz_snapshot(text);
	uint64_t seed = fuzz_hash(text);

	for (enum vm_group_key key = 0; key < VM_GROUP_COUNT; key++) {
		enum vm_tally_column column =
			(enum vm_tally_column)(fuzz_random(&seed) % VM_TALLY_COLUMN_COUNT);
		bool reverse = fuzz_random(&seed) % 2;
		struct vm_tally tally = sum(&snapshot, key, column, reverse);

		check_total(&snapshot, &tally);
		check_order(&tally, column, reverse);
		check_table(&tally);
		check_csv(&tally);
		check_json(&tally);
		if (key == VM_GROUP_KIND)
			check_metrics((struct vm_str){ text.p, text.len < 96 ? text.len : 96 },
				      &tally);
		vm_tally_deinit(&tally);
	}
	vm_snapshot_deinit(&snapshot);
	return 0;
}
