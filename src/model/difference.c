#include "vmview/difference.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "order.h"
#include "vmview/totals.h"

void vm_difference_deinit(struct vm_difference *difference)
{
	free(difference->rows);
	free(difference->members[VM_SIDE_BEFORE]);
	free(difference->members[VM_SIDE_AFTER]);
	*difference = (struct vm_difference){ 0 };
}

const struct vm_mapping *vm_difference_member(const struct vm_difference *difference,
					      const struct vm_difference_row *row,
					      enum vm_side side, size_t i)
{
	assert(i < row->count[side]);
	return &difference->snapshots[side]
			->mappings[difference->members[side][row->first[side] + i]];
}

enum vm_side vm_difference_side(const struct vm_difference_row *row)
{
	return row->count[VM_SIDE_AFTER] && row->change != VM_CHANGE_SPLIT ? VM_SIDE_AFTER :
									     VM_SIDE_BEFORE;
}

/* @count of them were there to be asked, @reported of them told. */
struct sum {
	uint64_t value;
	size_t count, reported;
};

static void add(struct sum *sum, const struct vm_difference *difference,
		const struct vm_difference_row *row, enum vm_side side, enum vm_column column)
{
	for (size_t i = 0; i < row->count[side]; i++) {
		const struct vm_mapping *m = vm_difference_member(difference, row, side, i);

		sum->count++;
		sum->reported += vm_column_has(m, column);
		sum->value = vm_add_capped(sum->value, vm_column_number(m, column));
	}
}

struct vm_delta vm_difference_delta(const struct vm_difference *difference,
				    const struct vm_difference_row *row, enum vm_column column)
{
	struct vm_delta delta;

	assert(vm_column_info(column).summable);
	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++) {
		struct sum sum = { 0 };

		add(&sum, difference, row, side, column);
		delta.sums[side] = sum.value;
		delta.known[side] = sum.reported == sum.count;
	}
	return delta;
}

struct vm_delta vm_difference_total(const struct vm_difference *difference, const uint32_t *rows,
				    size_t count, enum vm_column column)
{
	struct vm_delta delta;

	assert(vm_column_info(column).summable);
	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++) {
		struct sum sum = { 0 };

		for (size_t i = 0; i < count; i++)
			add(&sum, difference, &difference->rows[rows[i]], side, column);
		delta.sums[side] = sum.value;
		delta.known[side] = sum.reported || !sum.count;
	}
	return delta;
}

struct vm_delta vm_difference_mappings(const struct vm_difference *difference, const uint32_t *rows,
				       size_t count)
{
	struct vm_delta delta = { .known = { true, true } };

	for (size_t i = 0; i < count; i++) {
		for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++)
			delta.sums[side] += difference->rows[rows[i]].count[side];
	}
	return delta;
}

/* What a capture claims may be larger than any address space. */
int64_t vm_delta_value(const struct vm_delta *delta)
{
	uint64_t before = delta->sums[VM_SIDE_BEFORE], after = delta->sums[VM_SIDE_AFTER];
	uint64_t size = after > before ? after - before : before - after;
	int64_t capped = size > INT64_MAX ? INT64_MAX : (int64_t)size;

	if (!vm_delta_known(delta))
		return 0;
	return after > before ? capped : -capped;
}

bool vm_difference_differs(const struct vm_difference *difference,
			   const struct vm_difference_row *row, const enum vm_column *columns,
			   size_t count)
{
	if (row->change != VM_CHANGE_COUNT ||
	    row->count[VM_SIDE_BEFORE] != row->count[VM_SIDE_AFTER])
		return true;
	for (size_t i = 0; i < count; i++) {
		struct vm_delta delta;

		if (!vm_column_info(columns[i]).summable)
			continue;
		delta = vm_difference_delta(difference, row, columns[i]);
		if (vm_delta_value(&delta))
			return true;
	}
	return false;
}

/* What a row is sorted by. */
struct key {
	uint32_t row;
	bool known;
	int64_t won, size_won;
	const struct vm_mapping *shown;
};

struct sorting {
	enum vm_column column;
	bool reverse;
};

/* Of a column that cannot be summed. */
static int order_shown(const struct sorting *sorting, const struct key *a, const struct key *b)
{
	int order = vm_column_compare(a->shown, b->shown, sorting->column);

	return sorting->reverse ? -order : order;
}

static int order_won(const struct sorting *sorting, const struct key *a, const struct key *b)
{
	int order = (a->won < b->won) - (a->won > b->won);

	if (a->known != b->known)
		return a->known ? -1 : 1;
	return sorting->reverse ? -order : order;
}

static int compare_keys(const void *x, const void *y, void *user)
{
	const struct key *a = x, *b = y;
	const struct sorting *sorting = user;
	int order = vm_column_info(sorting->column).summable ? order_won(sorting, a, b) :
							       order_shown(sorting, a, b);

	if (!order)
		order = (a->size_won < b->size_won) - (a->size_won > b->size_won);
	if (!order)
		order = vm_order_number(a->shown->start, b->shown->start);
	return order ? order : vm_order_number(a->row, b->row);
}

static struct key key_of(const struct vm_difference *difference, uint32_t index,
			 enum vm_column column)
{
	const struct vm_difference_row *row = &difference->rows[index];
	struct vm_delta size = vm_difference_delta(difference, row, VM_COLUMN_SIZE);
	struct key key = {
		.row = index,
		.size_won = vm_delta_value(&size),
		.shown = vm_difference_member(difference, row, vm_difference_side(row), 0),
	};

	if (vm_column_info(column).summable) {
		struct vm_delta delta = vm_difference_delta(difference, row, column);

		key.known = vm_delta_known(&delta);
		key.won = vm_delta_value(&delta);
	}
	return key;
}

static int sort(const struct vm_difference *difference, enum vm_column column, bool reverse,
		uint32_t *rows, size_t count)
{
	struct sorting sorting = { column, reverse };
	struct key *keys = reallocarray(NULL, count ? count : 1, sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		keys[i] = key_of(difference, rows[i], column);
	if (count)
		qsort_r(keys, count, sizeof(*keys), compare_keys, &sorting);
	for (size_t i = 0; i < count; i++)
		rows[i] = keys[i].row;
	free(keys);
	return 0;
}

static bool has_selected(const struct vm_difference *difference,
			 const struct vm_difference_row *row, bool *const selected[VM_SIDE_COUNT])
{
	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++) {
		for (size_t i = 0; i < row->count[side]; i++) {
			if (selected[side][difference->members[side][row->first[side] + i]])
				return true;
		}
	}
	return false;
}

int vm_difference_select(const struct vm_difference *difference,
			 const struct vm_selection *selection, enum vm_column column, bool reverse,
			 uint32_t *rows, size_t *count)
{
	bool *selected[VM_SIDE_COUNT] = { 0 };
	int r = vm_selection_mark(selection, difference->snapshots[VM_SIDE_BEFORE],
				  &selected[VM_SIDE_BEFORE]);

	if (r == 0)
		r = vm_selection_mark(selection, difference->snapshots[VM_SIDE_AFTER],
				      &selected[VM_SIDE_AFTER]);
	*count = 0;
	for (uint32_t i = 0; r == 0 && i < difference->count; i++) {
		if (has_selected(difference, &difference->rows[i], selected))
			rows[(*count)++] = i;
	}
	free(selected[VM_SIDE_BEFORE]);
	free(selected[VM_SIDE_AFTER]);
	return r < 0 ? r : sort(difference, column, reverse, rows, *count);
}
