/*
 * Which mappings of two snapshots belong together.
 */
#include <errno.h>
#include <stdlib.h>

#include "order.h"
#include "vmview/difference.h"
#include "vmview/kind.h"
#include "vmview/totals.h"

const char *vm_pairing_name(enum vm_pairing pairing)
{
	switch (pairing) {
	case VM_PAIRING_ADDRESS:
		return "address";
	case VM_PAIRING_NAME:
		return "name";
	}
	return "";
}

/* Of the main stack, which no call moves: the kernel chooses its place anew for each program that is executed. */
static uint64_t stack_end(const struct vm_snapshot *snapshot)
{
	for (size_t i = snapshot->count; i > 0; i--) {
		if (vm_str_equal(snapshot->mappings[i - 1].name, VM_STR("[stack]")))
			return snapshot->mappings[i - 1].end;
	}
	return 0;
}

/* @count mappings, less those that came or went. */
static size_t count_kept(size_t count, const struct vm_changes *changes, enum vm_change_type lone)
{
	for (size_t i = 0; i < changes->count; i++)
		count -= changes->items[i].type == lone;
	return count;
}

static bool is_mostly_kept(const struct vm_snapshot *before, const struct vm_snapshot *after,
			   const struct vm_changes *changes)
{
	size_t fewer = before->count < after->count ? before->count : after->count;
	size_t stayed = count_kept(before->count, changes, VM_CHANGE_GONE);
	size_t are_old = count_kept(after->count, changes, VM_CHANGE_NEW);

	return (stayed < are_old ? stayed : are_old) * 2 >= fewer;
}

int vm_pairing_find(const struct vm_snapshot *before, const struct vm_snapshot *after,
		    enum vm_pairing *pairing)
{
	uint64_t stack = stack_end(before), other = stack_end(after);
	struct vm_changes changes = { 0 };
	bool same = stack == other;

	if (!stack || !other) {
		int r = vm_changes_find(before, after, &changes);

		if (r < 0)
			return r;
		same = is_mostly_kept(before, after, &changes);
		vm_changes_deinit(&changes);
	}
	*pairing = same ? VM_PAIRING_ADDRESS : VM_PAIRING_NAME;
	return 0;
}

/* In pairs.row_of: in no row. */
#define NO_ROW UINT32_MAX

/* A difference while it is made. */
struct pairs {
	struct vm_difference *difference;
	uint32_t *row_of[VM_SIDE_COUNT]; /* of each mapping */
	size_t cap;
};

static const struct vm_snapshot *snapshot_of(const struct pairs *pairs, enum vm_side side)
{
	return pairs->difference->snapshots[side];
}

static int add_row(struct pairs *pairs, enum vm_change_type change)
{
	struct vm_difference *difference = pairs->difference;

	if (difference->count == pairs->cap) {
		size_t cap = pairs->cap ? pairs->cap * 2 : 64;
		struct vm_difference_row *rows = reallocarray(difference->rows, cap, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		difference->rows = rows;
		pairs->cap = cap;
	}
	difference->rows[difference->count++] = (struct vm_difference_row){ .change = change };
	return 0;
}

static struct vm_difference_row *last_row(struct pairs *pairs)
{
	return &pairs->difference->rows[pairs->difference->count - 1];
}

/* What of these is in no row yet belongs to the last one. */
static void claim(struct pairs *pairs, enum vm_side side, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++) {
		if (pairs->row_of[side][i] == NO_ROW)
			pairs->row_of[side][i] = (uint32_t)(pairs->difference->count - 1);
	}
}

static bool is_lone(const struct vm_change *change)
{
	return change->type == VM_CHANGE_NEW || change->type == VM_CHANGE_GONE;
}

/* Where one end moved in and the other out, two changes tell of the same mappings. */
static bool tells_the_same(const struct vm_change *a, const struct vm_change *b)
{
	return !is_lone(a) && !is_lone(b) && a->before == b->before && a->after == b->after;
}

static int pair_change(struct pairs *pairs, const struct vm_change *change)
{
	int r = add_row(pairs, change->type);

	if (r < 0)
		return r;
	claim(pairs, VM_SIDE_BEFORE, change->before, change->before_count);
	claim(pairs, VM_SIDE_AFTER, change->after, change->after_count);
	return 0;
}

/* What was mapped over the middle of another one is among its parts, and no part: the lone ones come first. */
static int pair_changes(struct pairs *pairs, const struct vm_changes *changes, bool lone)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < changes->count; i++) {
		const struct vm_change *c = &changes->items[i];

		if (is_lone(c) != lone)
			continue;
		if (i > 0 && tells_the_same(c, c - 1))
			last_row(pairs)->change =
				c->delta + c[-1].delta < 0 ? VM_CHANGE_SHRUNK : VM_CHANGE_GROWN;
		else
			r = pair_change(pairs, c);
	}
	return r;
}

/* What no change tells of is the same range on both sides; save what has no size, which has no range. */
static int pair_the_same(struct pairs *pairs)
{
	const struct vm_snapshot *before = snapshot_of(pairs, VM_SIDE_BEFORE);
	const struct vm_snapshot *after = snapshot_of(pairs, VM_SIDE_AFTER);
	size_t j = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < before->count; i++) {
		const struct vm_mapping *m = &before->mappings[i];

		while (j < after->count && (after->mappings[j].start < m->start ||
					    !vm_mapping_size(&after->mappings[j])))
			j++;
		if (pairs->row_of[VM_SIDE_BEFORE][i] != NO_ROW || !vm_mapping_size(m) ||
		    j == after->count)
			continue;
		r = add_row(pairs, VM_CHANGE_COUNT);
		if (r < 0)
			break;
		claim(pairs, VM_SIDE_BEFORE, i, 1);
		claim(pairs, VM_SIDE_AFTER, j, 1);
	}
	return r;
}

static int pair_by_address(struct pairs *pairs)
{
	struct vm_changes changes = { 0 };
	int r = vm_changes_find(snapshot_of(pairs, VM_SIDE_BEFORE),
				snapshot_of(pairs, VM_SIDE_AFTER), &changes);

	if (r == 0)
		r = pair_changes(pairs, &changes, true);
	if (r == 0)
		r = pair_changes(pairs, &changes, false);
	if (r == 0)
		r = pair_the_same(pairs);
	vm_changes_deinit(&changes);
	return r;
}

/* A mapping of either side. */
struct named {
	const struct vm_mapping *mapping;
	enum vm_side side;
	uint32_t index;
};

static int order_names(const struct named *a, const struct named *b)
{
	int order = vm_order_text(vm_display_name(a->mapping), vm_display_name(b->mapping));

	return order ? order : memcmp(a->mapping->perms, b->mapping->perms, 4);
}

static int compare_names(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = order_names(x, y);

	return order ? order : vm_order_number(x->mapping->start, y->mapping->start);
}

static size_t list_names(const struct pairs *pairs, struct named *names)
{
	size_t count = 0;

	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++) {
		const struct vm_snapshot *snapshot = snapshot_of(pairs, side);

		for (uint32_t i = 0; i < snapshot->count; i++) {
			if (vm_mapping_size(&snapshot->mappings[i]))
				names[count++] = (struct named){ &snapshot->mappings[i], side, i };
		}
	}
	return count;
}

/* @names all belong together. */
static int pair_named(struct pairs *pairs, const struct named *names, size_t count)
{
	uint64_t sizes[VM_SIDE_COUNT] = { 0 };
	enum vm_change_type change = VM_CHANGE_COUNT;
	int r;

	for (size_t i = 0; i < count; i++)
		sizes[names[i].side] =
			vm_add_capped(sizes[names[i].side], vm_mapping_size(names[i].mapping));
	if (!sizes[VM_SIDE_BEFORE])
		change = VM_CHANGE_NEW;
	else if (!sizes[VM_SIDE_AFTER])
		change = VM_CHANGE_GONE;
	else if (sizes[VM_SIDE_BEFORE] != sizes[VM_SIDE_AFTER])
		change = sizes[VM_SIDE_BEFORE] < sizes[VM_SIDE_AFTER] ? VM_CHANGE_GROWN :
									VM_CHANGE_SHRUNK;
	r = add_row(pairs, change);
	for (size_t i = 0; r == 0 && i < count; i++)
		claim(pairs, names[i].side, names[i].index, 1);
	return r;
}

static int pair_by_name(struct pairs *pairs)
{
	size_t room = snapshot_of(pairs, VM_SIDE_BEFORE)->count +
		      snapshot_of(pairs, VM_SIDE_AFTER)->count;
	struct named *names = reallocarray(NULL, room ? room : 1, sizeof(*names));
	size_t count = names ? list_names(pairs, names) : 0;
	int r = names ? 0 : -ENOMEM;

	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t first = 0, end; r == 0 && first < count; first = end) {
		for (end = first + 1; end < count && !order_names(&names[first], &names[end]);)
			end++;
		r = pair_named(pairs, names + first, end - first);
	}
	free(names);
	return r;
}

/* From what row each mapping belongs to, to what mappings each row has. */
static int list_members(struct pairs *pairs, enum vm_side side)
{
	struct vm_difference *difference = pairs->difference;
	size_t count = difference->snapshots[side]->count, first = 0;
	const uint32_t *row_of = pairs->row_of[side];
	uint32_t *members = reallocarray(NULL, count ? count : 1, sizeof(*members));

	if (!members)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (row_of[i] != NO_ROW)
			difference->rows[row_of[i]].count[side]++;
	}
	for (size_t i = 0; i < difference->count; i++) {
		difference->rows[i].first[side] = first;
		first += difference->rows[i].count[side];
		difference->rows[i].count[side] = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct vm_difference_row *row;

		if (row_of[i] == NO_ROW)
			continue;
		row = &difference->rows[row_of[i]];
		members[row->first[side] + row->count[side]++] = (uint32_t)i;
	}
	difference->members[side] = members;
	return 0;
}

static int init(struct pairs *pairs)
{
	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++) {
		size_t count = snapshot_of(pairs, side)->count;
		uint32_t *row_of = reallocarray(NULL, count ? count : 1, sizeof(*row_of));

		if (!row_of)
			return -ENOMEM;
		for (size_t i = 0; i < count; i++)
			row_of[i] = NO_ROW;
		pairs->row_of[side] = row_of;
	}
	return 0;
}

static int make(struct pairs *pairs)
{
	int r = init(pairs);

	if (r == 0)
		r = pairs->difference->pairing == VM_PAIRING_ADDRESS ? pair_by_address(pairs) :
								       pair_by_name(pairs);
	for (enum vm_side side = 0; r == 0 && side < VM_SIDE_COUNT; side++)
		r = list_members(pairs, side);
	return r;
}

int vm_difference_make(const struct vm_snapshot *before, const struct vm_snapshot *after,
		       enum vm_pairing pairing, struct vm_difference *difference)
{
	struct vm_difference made = { .snapshots = { before, after }, .pairing = pairing };
	struct pairs pairs = { .difference = &made };
	int r = make(&pairs);

	free(pairs.row_of[VM_SIDE_BEFORE]);
	free(pairs.row_of[VM_SIDE_AFTER]);
	if (r < 0)
		vm_difference_deinit(&made);
	else
		*difference = made;
	return r;
}
