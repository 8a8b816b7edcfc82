/*
 * A filter expression in the first line, mappings in the rest: what is chosen, sorted and grouped.
 */
#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"
#include "vmview/selection.h"
#include "vmview/totals.h"

/* For those expressions that come without mappings. */
static const char some[] =
	"00400000-00452000 r-xp 00000000 08:02 173521 /usr/bin/dbus-daemon\n"
	"Rss: 4 kB\nPss: 2 kB\nShared_Clean: 4 kB\nSwap: 0 kB\nVmFlags: rd ex mr\n"
	"00651000-00652000 r--p 00051000 08:02 173521 /usr/bin/dbus-daemon\nRss: 1024 kB\n"
	"00e03000-00e24000 rw-p 00000000 00:00 0 [heap]\nRss: 0 kB\nVmFlags: rd wr ht\n"
	"7f0000000000-7f0000021000 rwxs 00000000 00:05 9 /dev/zero (deleted)\n"
	"7f0000100000-7f0000121000 ---p 00000000 00:00 0 \n"
	"7f0000200000-7f0000221000 rw-p 00000000 08:02 99 /tmp/Gone Away (deleted)\nRss: 2 kB\n"
	"7fffb2c0d000-7fffb2c2e000 rw-p 00000000 00:00 0 [stack]\nSize: 132 kB\n";

/* 0, or -EINVAL with a sentence; on failure nothing is left. */
static int parse(struct vm_str expression, struct vm_filter *filter)
{
	struct vm_buf error = { 0 };
	int r;

	vm_buf_put_text(&error, "left over");
	r = vm_filter_parse(expression, filter, &error);
	promise(r == 0 || r == -EINVAL);
	if (r < 0) {
		fuzz_promise_sentence(vm_buf_str(&error));
		promise(error.len < 400);
		promise(!filter->terms && !filter->count && !filter->text.blocks);
	} else {
		promise(!error.len);
	}
	vm_buf_deinit(&error);
	return r;
}

static bool holds(struct vm_str expression, const struct vm_mapping *m)
{
	struct vm_filter filter = { 0 };
	bool matches;

	promise(parse(expression, &filter) == 0);
	matches = vm_filter_matches(&filter, m);
	vm_filter_deinit(&filter);
	return matches;
}

/* The same, unless what it is asked is not reported: then neither. */
static void check_negation(struct vm_str word, const struct vm_mapping *m)
{
	struct vm_buf negated = { 0 };

	vm_buf_put_char(&negated, '!');
	vm_buf_put_str(&negated, word);
	promise(!(holds(word, m) && holds(vm_buf_str(&negated), m)));
	vm_buf_deinit(&negated);
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* An expression holds where each of its terms does. */
static void check_terms(struct vm_str expression, const struct vm_filter *filter,
			const struct vm_mapping *m)
{
	size_t terms = 0, true_ones = 0, n;

	for (; expression.len; expression = vm_str_skip(expression, n)) {
		for (n = 0; n < expression.len && is_blank(expression.p[n]);)
			n++;
		expression = vm_str_skip(expression, n);
		for (n = 0; n < expression.len && !is_blank(expression.p[n]);)
			n++;
		if (!n)
			break;
		terms++;
		true_ones += holds((struct vm_str){ expression.p, n }, m);
		check_negation((struct vm_str){ expression.p, n }, m);
	}
	promise(terms == filter->count);
	promise(vm_filter_matches(filter, m) == (true_ones == terms));
}

/* By address; mappings without a size may begin where the next one does, and ties are never turned round. */
static void check_pair(const struct vm_snapshot *snapshot, uint32_t a, uint32_t b, bool reverse)
{
	bool tie = snapshot->mappings[a].start == snapshot->mappings[b].start;

	promise(reverse && !tie ? a > b : a < b);
}

static void check_selection(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
			    enum vm_sort_key key, bool reverse)
{
	uint32_t *rows = calloc(snapshot->count + 1, sizeof(*rows));
	char *seen = calloc(snapshot->count + 1, 1);
	size_t matching = 0, count;

	promise(rows && seen);
	count = vm_select(snapshot, filter, key, reverse, rows);
	for (size_t i = 0; i < snapshot->count; i++)
		matching += vm_filter_matches(filter, &snapshot->mappings[i]);
	promise(count == matching);
	for (size_t i = 0; i < count; i++) {
		promise(rows[i] < snapshot->count && !seen[rows[i]]++);
		promise(vm_filter_matches(filter, &snapshot->mappings[rows[i]]));
		if (key == VM_SORT_ADDRESS && i)
			check_pair(snapshot, rows[i - 1], rows[i], reverse);
	}
	free(rows);
	free(seen);
}

/* Its rows match, are in no other group, and their sizes make its sum. Returns how many. */
static size_t check_group(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
			  const struct vm_groups *groups, const struct vm_group *group, char *seen)
{
	uint64_t size = 0;

	promise(group->count);
	for (size_t i = group->first; i < group->first + group->count; i++) {
		const struct vm_mapping *m = &snapshot->mappings[groups->rows[i]];

		promise(groups->rows[i] < snapshot->count && !seen[groups->rows[i]]++);
		promise(vm_filter_matches(filter, m));
		size = vm_add_capped(size, vm_mapping_size(m));
	}
	promise(size == group->measures[VM_MEASURE_SIZE]);
	return group->count;
}

/* Each mapping that matches is in one group. */
static void check_groups(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
			 enum vm_group_key key)
{
	struct vm_groups groups = { 0 };
	char *seen = calloc(snapshot->count + 1, 1);
	size_t matching = 0, grouped = 0;

	promise(seen);
	promise(vm_groups_make(snapshot, filter, key, &groups) == 0);
	for (size_t i = 0; i < snapshot->count; i++)
		matching += vm_filter_matches(filter, &snapshot->mappings[i]);
	for (size_t i = 0; i < groups.count; i++)
		grouped += check_group(snapshot, filter, &groups, &groups.items[i], seen);
	promise(grouped == matching);
	vm_groups_deinit(&groups);
	free(seen);
}

static void check(struct vm_str expression, const struct vm_filter *filter,
		  const struct vm_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count && i < 16; i++) {
		const struct vm_mapping *m = &snapshot->mappings[i];

		promise(vm_filter_matches(filter, m) == vm_filter_matches(filter, m));
		check_terms(expression, filter, m);
	}
	for (enum vm_sort_key key = 0; key < VM_SORT_COUNT; key++) {
		check_selection(snapshot, filter, key, false);
		check_selection(snapshot, filter, key, true);
	}
	for (enum vm_group_key key = 0; key < VM_GROUP_COUNT; key++)
		check_groups(snapshot, filter, key);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str rest = fuzz_str(bytes, size < 8192 ? size : 8192);
	struct vm_str expression = fuzz_take_until(&rest, '\n');
	struct vm_snapshot snapshot = fuzz_snapshot(rest.len ? rest : VM_STR(some));
	struct vm_filter filter = { 0 };

	if (expression.len < 512 && parse(expression, &filter) == 0)
		check(expression, &filter, &snapshot);
	vm_filter_deinit(&filter);
	vm_snapshot_deinit(&snapshot);
	return 0;
}
