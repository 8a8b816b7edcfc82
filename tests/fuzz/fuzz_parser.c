/*
 * Text of maps, smaps or smaps_rollup: the same whatever the pieces, and what the model says of it.
 */
#include <errno.h>

#include "fuzz.h"
#include "vmview/capture.h"
#include "vmview/totals.h"

/* Single bytes are slow: long texts have their lines cut at random only. */
#define BYTEWISE_LIMIT 4096

static void promise_same_parse(const struct fuzz_parsed *a, const struct fuzz_parsed *b)
{
	promise(a->result == b->result && a->reason == b->reason);
	promise(a->line == b->line && a->mappings == b->mappings);
	promise(a->snapshot.count == b->snapshot.count);
	for (size_t i = 0; i < a->snapshot.count; i++)
		fuzz_promise_same(&a->snapshot.mappings[i], &b->snapshot.mappings[i]);
}

static void check_pieces(struct vm_str text, const struct fuzz_parsed *whole, uint64_t cut)
{
	struct fuzz_parsed cut_up = fuzz_parse(text, cut);

	promise_same_parse(whole, &cut_up);
	fuzz_parsed_deinit(&cut_up);
}

static void check_result(const struct fuzz_parsed *parsed)
{
	promise(parsed->result == 0 || parsed->result == -EBADMSG);
	promise((parsed->reason != NULL) == (parsed->result == -EBADMSG));
	promise(parsed->mappings == parsed->snapshot.count);
	promise(parsed->mappings <= parsed->line);
	for (size_t i = 0; i < parsed->snapshot.count; i++)
		promise(parsed->snapshot.mappings[i].start <= parsed->snapshot.mappings[i].end);
}

static void check_order(const struct vm_snapshot *snapshot)
{
	for (size_t i = 1; i < snapshot->count; i++)
		promise(snapshot->mappings[i - 1].end <= snapshot->mappings[i].start);
}

static void check_totals(const struct vm_snapshot *snapshot)
{
	struct vm_totals all = { 0 }, kinds[VM_KIND_COUNT] = { 0 }, sum = { 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct vm_mapping *m = &snapshot->mappings[i];

		promise(m->kind < VM_KIND_COUNT && m->backing < VM_BACKING_COUNT);
		vm_totals_add(&all, m);
		vm_totals_add(&kinds[m->kind], m);
	}
	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
		sum.count += kinds[kind].count;
		sum.size = vm_add_capped(sum.size, kinds[kind].size);
		sum.present |= kinds[kind].present;
		for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++)
			sum.sums[field] = vm_add_capped(sum.sums[field], kinds[kind].sums[field]);
	}
	promise(sum.count == all.count && sum.size == all.size && sum.present == all.present);
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++)
		promise(sum.sums[field] == all.sums[field]);
}

/* What is saved reads as what was seen. */
static void check_capture(const struct vm_snapshot *snapshot)
{
	struct fuzz_parsed again;
	struct vm_buf text = { 0 };

	for (size_t i = 0; i < snapshot->count; i++)
		vm_capture_put(&text, &snapshot->mappings[i]);
	again = fuzz_parse(vm_buf_str(&text), 0);
	promise(again.result == 0);
	promise(again.snapshot.count == snapshot->count);
	promise(vm_snapshot_classify(&again.snapshot, NULL, 0) == 0);
	for (size_t i = 0; i < snapshot->count; i++)
		fuzz_promise_same(&snapshot->mappings[i], &again.snapshot.mappings[i]);
	fuzz_parsed_deinit(&again);
	vm_buf_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str text = fuzz_str(bytes, size);
	struct fuzz_parsed whole = fuzz_parse(text, 0);
	size_t before = whole.snapshot.count;

	check_result(&whole);
	check_pieces(text, &whole, fuzz_hash(text) | 2);
	if (size <= BYTEWISE_LIMIT)
		check_pieces(text, &whole, 1);
	promise(vm_snapshot_arrange(&whole.snapshot) == before - whole.snapshot.count);
	check_order(&whole.snapshot);
	promise(vm_snapshot_arrange(&whole.snapshot) == 0);
	promise(vm_snapshot_classify(&whole.snapshot, NULL, 0) == 0);
	check_totals(&whole.snapshot);
	check_capture(&whole.snapshot);
	fuzz_parsed_deinit(&whole);
	return 0;
}
