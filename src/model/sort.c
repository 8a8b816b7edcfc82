#include "vmview/selection.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "order.h"

static const struct {
	const char *name;
	enum vm_column column;
} keys[] = {
	[VM_SORT_ADDRESS] = { "address", VM_COLUMN_ADDRESS },
	[VM_SORT_SIZE] = { "size", VM_COLUMN_SIZE },
	[VM_SORT_RSS] = { "rss", VM_COLUMN_RSS },
	[VM_SORT_PSS] = { "pss", VM_COLUMN_PSS },
	[VM_SORT_USS] = { "uss", VM_COLUMN_USS },
	[VM_SORT_DIRTY] = { "dirty", VM_COLUMN_DIRTY },
	[VM_SORT_SWAP] = { "swap", VM_COLUMN_SWAP },
	[VM_SORT_PERMS] = { "perms", VM_COLUMN_PERMS },
	[VM_SORT_KIND] = { "kind", VM_COLUMN_KIND },
	[VM_SORT_NAME] = { "name", VM_COLUMN_PATH },
};
static_assert(sizeof(keys) / sizeof(keys[0]) == VM_SORT_COUNT, "describe every sort key");

const char *vm_sort_name(enum vm_sort_key key)
{
	assert(key < VM_SORT_COUNT);
	return keys[key].name;
}

struct sorting {
	const struct vm_mapping *mappings;
	enum vm_column column;
	bool largest_first;
	bool reverse;
};

static int order_column(const struct sorting *sorting, const struct vm_mapping *a,
			const struct vm_mapping *b)
{
	bool has = vm_column_has(a, sorting->column);
	int order;

	if (has != vm_column_has(b, sorting->column))
		return has ? -1 : 1;
	order = vm_column_compare(a, b, sorting->column);
	return sorting->reverse != sorting->largest_first ? -order : order;
}

/* No two rows are equal, so that it does not matter whether qsort_r() is stable. */
static int compare_rows(const void *a, const void *b, void *user)
{
	const struct sorting *sorting = user;
	const uint32_t *x = a, *y = b;
	const struct vm_mapping *m = &sorting->mappings[*x], *n = &sorting->mappings[*y];
	int order = order_column(sorting, m, n);

	if (!order)
		order = vm_order_number(m->start, n->start);
	return order ? order : vm_order_number(*x, *y);
}

/* A row with its number at hand: asking the column for it takes longer than all else of a comparison. */
struct numbered {
	uint64_t number;
	uint32_t row;
	bool has;
};

static int compare_numbered(const void *a, const void *b, void *user)
{
	const struct sorting *sorting = user;
	const struct numbered *x = a, *y = b;
	bool descends = sorting->reverse != sorting->largest_first;
	int order;

	if (x->has != y->has)
		return x->has ? -1 : 1;
	order = descends ? vm_order_number(y->number, x->number) :
			   vm_order_number(x->number, y->number);
	if (!order)
		order = vm_order_number(sorting->mappings[x->row].start,
					sorting->mappings[y->row].start);
	return order ? order : vm_order_number(x->row, y->row);
}

/* False: there is no memory for it, and the rows are as they were. */
static bool sort_by_number(struct sorting *sorting, uint32_t *rows, size_t count)
{
	struct numbered *all = reallocarray(NULL, count, sizeof(*all));

	if (!all)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct vm_mapping *m = &sorting->mappings[rows[i]];
		bool has = vm_column_has(m, sorting->column);

		all[i] = (struct numbered){
			.number = has ? vm_column_number(m, sorting->column) : 0,
			.row = rows[i],
			.has = has,
		};
	}
	qsort_r(all, count, sizeof(*all), compare_numbered, sorting);
	for (size_t i = 0; i < count; i++)
		rows[i] = all[i].row;
	free(all);
	return true;
}

/* By address snapshots mostly are in order, and rows are chosen in theirs. */
static bool is_sorted(const struct sorting *sorting, const uint32_t *rows, size_t count)
{
	if (sorting->column != VM_COLUMN_ADDRESS || sorting->reverse)
		return false;
	for (size_t i = 1; i < count; i++) {
		if (sorting->mappings[rows[i - 1]].start > sorting->mappings[rows[i]].start)
			return false;
	}
	return true;
}

static void sort_rows(const struct vm_snapshot *snapshot, enum vm_column column, bool reverse,
		      uint32_t *rows, size_t count)
{
	enum vm_column_type type = vm_column_info(column).type;
	struct sorting sorting = {
		.mappings = snapshot->mappings,
		.column = column,
		.largest_first = type == VM_TYPE_BYTES,
		.reverse = reverse,
	};

	if (!count || is_sorted(&sorting, rows, count))
		return;
	if (type == VM_TYPE_TEXT || !sort_by_number(&sorting, rows, count))
		qsort_r(rows, count, sizeof(*rows), compare_rows, &sorting);
}

static size_t filter_rows(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
			  uint32_t *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		if (!filter || vm_filter_matches(filter, &snapshot->mappings[i]))
			rows[count++] = (uint32_t)i;
	}
	return count;
}

size_t vm_select(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
		 enum vm_sort_key key, bool reverse, uint32_t *rows)
{
	size_t count = filter_rows(snapshot, filter, rows);

	assert(key < VM_SORT_COUNT);
	sort_rows(snapshot, keys[key].column, reverse, rows, count);
	return count;
}

void vm_selection_deinit(struct vm_selection *selection)
{
	vm_filter_deinit(&selection->filter);
	*selection = (struct vm_selection){ 0 };
}

bool vm_selection_streams(const struct vm_selection *selection)
{
	return !selection->has_at && selection->sort == VM_COLUMN_ADDRESS && !selection->reverse;
}

/* Of @rows, in ascending order of address, keep the one that holds the address and its neighbours. */
static size_t keep_around(const struct vm_selection *selection, const struct vm_snapshot *snapshot,
			  uint32_t *rows, size_t count)
{
	const struct vm_mapping *mappings = snapshot->mappings;
	size_t low = 0, high, first;

	while (low < count && mappings[rows[low]].end <= selection->at)
		low++;
	high = low;
	if (high < count && mappings[rows[high]].start <= selection->at)
		high++;
	first = low > selection->neighbours ? low - (size_t)selection->neighbours : 0;
	high = count - high > selection->neighbours ? high + (size_t)selection->neighbours : count;
	memmove(rows, rows + first, (high - first) * sizeof(*rows));
	return high - first;
}

static size_t choose_rows(const struct vm_selection *selection, const struct vm_snapshot *snapshot,
			  uint32_t *rows)
{
	size_t count = filter_rows(snapshot, &selection->filter, rows);

	return selection->has_at ? keep_around(selection, snapshot, rows, count) : count;
}

size_t vm_selection_rows(const struct vm_selection *selection, const struct vm_snapshot *snapshot,
			 uint32_t *rows)
{
	size_t count = choose_rows(selection, snapshot, rows);

	if (!vm_selection_streams(selection))
		sort_rows(snapshot, selection->sort, selection->reverse, rows, count);
	return count;
}

bool vm_selection_hits(const struct vm_selection *selection, const struct vm_snapshot *snapshot)
{
	for (size_t i = 0; selection->has_at && i < snapshot->count; i++) {
		if (vm_mapping_holds(&snapshot->mappings[i], selection->at))
			return true;
	}
	return !selection->has_at;
}

int vm_selection_mark(const struct vm_selection *selection, const struct vm_snapshot *snapshot,
		      bool **selected)
{
	bool *marks = calloc(snapshot->count + 1, sizeof(*marks));
	uint32_t *rows = calloc(snapshot->count + 1, sizeof(*rows));
	size_t count;

	if (!marks || !rows) {
		free(marks);
		free(rows);
		return -ENOMEM;
	}
	count = choose_rows(selection, snapshot, rows);
	for (size_t i = 0; i < count; i++)
		marks[rows[i]] = true;
	free(rows);
	*selected = marks;
	return 0;
}
