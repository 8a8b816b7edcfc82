#include "vmview/tally.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "group_private.h"
#include "order.h"
#include "vmview/totals.h"

void vm_tally_deinit(struct vm_tally *tally)
{
	free(tally->rows);
	vm_arena_deinit(&tally->names);
	*tally = (struct vm_tally){ .key = tally->key };
}

static void add_row(struct vm_tally_row *sum, const struct vm_tally_row *row)
{
	sum->processes += row->processes;
	sum->mappings += row->mappings;
	sum->reported |= row->reported;
	sum->kinds |= row->kinds;
	sum->unreadable |= row->unreadable;
	for (enum vm_measure measure = 0; measure < VM_MEASURE_COUNT; measure++)
		sum->measures[measure] =
			vm_add_capped(sum->measures[measure], row->measures[measure]);
}

static int make_row(struct vm_tally *tally, const struct vm_group *group,
		    const struct vm_mapping *first, struct vm_tally_row *row)
{
	*row = (struct vm_tally_row){
		.processes = 1,
		.mappings = group->count,
		.reported = group->reported,
		.kinds = group->kinds,
		.deleted = group->deleted,
		.first = *first,
	};
	memcpy(row->measures, group->measures, sizeof(row->measures));
	row->first.usage = (struct vm_usage){ 0 };
	row->first.vm_flags = (struct vm_str){ 0 };
	return vm_arena_copy(&tally->names, first->name, &row->first.name);
}

static int make_room(struct vm_tally *tally, size_t more)
{
	size_t cap = tally->cap ? tally->cap * 2 : 16;
	struct vm_tally_row *rows;

	while (cap < tally->count + more)
		cap *= 2;
	if (tally->count + more <= tally->cap)
		return 0;
	rows = reallocarray(tally->rows, cap, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	tally->rows = rows;
	tally->cap = cap;
	return 0;
}

static int append_groups(struct vm_tally *tally, const struct vm_snapshot *snapshot,
			 const struct vm_groups *groups, bool unreadable)
{
	struct vm_tally_row *rows;

	if (!groups->count)
		return 0;
	if (make_room(tally, groups->count) < 0)
		return -ENOMEM;
	rows = tally->rows + tally->count;
	for (size_t i = 0; i < groups->count; i++) {
		const struct vm_group *group = &groups->items[i];
		uint32_t first = groups->rows[group->first];

		if (make_row(tally, group, &snapshot->mappings[first], &rows[i]) < 0)
			return -ENOMEM;
		rows[i].unreadable = unreadable;
		rows[i].number = tally->count + i;
	}
	for (size_t i = 0; i < groups->count; i++)
		add_row(&tally->total, &rows[i]);
	tally->count += groups->count;
	return 0;
}

int vm_tally_add(struct vm_tally *tally, const struct vm_snapshot *snapshot, const uint32_t *rows,
		 size_t count, bool unreadable)
{
	uint64_t processes = tally->total.processes;
	struct vm_groups groups = { 0 };
	int r = vm_groups_of(snapshot, rows, count, tally->key, &groups);

	if (r == 0)
		r = append_groups(tally, snapshot, &groups, unreadable);
	vm_groups_deinit(&groups);
	if (r < 0)
		return r;
	/* Not one for each of its groups; and one that has none of what is asked for is one too. */
	tally->total.processes = processes + 1;
	tally->total.unreadable |= unreadable;
	return 0;
}

const char *vm_tally_column_name(enum vm_tally_column column)
{
	assert(column < VM_TALLY_COLUMN_COUNT);
	if (vm_tally_column_is_size(column))
		return vm_measure_name((enum vm_measure)(column - VM_TALLY_MEASURES));
	if (column == VM_TALLY_NAME)
		return "name";
	if (column == VM_TALLY_PROCESSES)
		return "processes";
	return column == VM_TALLY_MAPPINGS ? "mappings" : "kind";
}

enum vm_tally_column vm_tally_column_find(struct vm_str name)
{
	enum vm_tally_column column = 0;

	while (column < VM_TALLY_COLUMN_COUNT &&
	       !vm_str_equal_fold(name, vm_str_from(vm_tally_column_name(column))))
		column++;
	return column;
}

bool vm_tally_has(const struct vm_tally_row *row, enum vm_tally_column column)
{
	/* The size of nothing is known as well. */
	if (!vm_tally_column_is_size(column) || column == VM_TALLY_MEASURES + VM_MEASURE_SIZE)
		return true;
	return row->reported >> (column - VM_TALLY_MEASURES) & 1;
}

uint64_t vm_tally_number(const struct vm_tally_row *row, enum vm_tally_column column)
{
	if (vm_tally_column_is_size(column))
		return row->measures[column - VM_TALLY_MEASURES];
	return column == VM_TALLY_PROCESSES ? row->processes : row->mappings;
}

static struct vm_str kind_name(uint32_t kinds)
{
	return vm_str_from(kinds ? vm_kind_info((enum vm_kind)__builtin_ctz(kinds))->name : "");
}

struct sorting {
	enum vm_group_key key;
	enum vm_tally_column column;
	bool reverse;
};

static int compare_identity(const void *a, const void *b, void *user)
{
	const struct sorting *sorting = user;
	const struct vm_tally_row *x = a, *y = b;
	int order = vm_group_order(sorting->key, &x->first, &y->first);

	return order ? order : vm_order_number(x->number, y->number);
}

static int order_column(const struct sorting *sorting, const struct vm_tally_row *x,
			const struct vm_tally_row *y)
{
	bool has = vm_tally_has(x, sorting->column);
	int order;

	if (has != vm_tally_has(y, sorting->column))
		return has ? -1 : 1;
	if (sorting->column == VM_TALLY_NAME)
		order = vm_order_text(vm_group_name(sorting->key, &x->first),
				      vm_group_name(sorting->key, &y->first));
	else if (sorting->column == VM_TALLY_KIND)
		order = vm_order_text(kind_name(x->kinds), kind_name(y->kinds));
	else
		order = vm_order_number(vm_tally_number(y, sorting->column),
					vm_tally_number(x, sorting->column));
	return sorting->reverse ? -order : order;
}

static int compare_rows(const void *a, const void *b, void *user)
{
	const struct vm_tally_row *x = a, *y = b;
	int order = order_column(user, x, y);

	if (!order)
		order = vm_order_number(y->measures[VM_MEASURE_SIZE], x->measures[VM_MEASURE_SIZE]);
	return order ? order : vm_order_number(x->number, y->number);
}

/* Neighbours that are of one group become one row. */
static void join(struct vm_tally *tally)
{
	size_t last = 0;

	for (size_t i = 1; i < tally->count; i++) {
		if (vm_group_order(tally->key, &tally->rows[last].first, &tally->rows[i].first))
			tally->rows[++last] = tally->rows[i];
		else
			add_row(&tally->rows[last], &tally->rows[i]);
	}
	tally->count = last + 1;
}

void vm_tally_arrange(struct vm_tally *tally, enum vm_tally_column column, bool reverse)
{
	struct sorting sorting = { tally->key, column, reverse };

	assert(column < VM_TALLY_COLUMN_COUNT);
	if (!tally->count)
		return;
	qsort_r(tally->rows, tally->count, sizeof(*tally->rows), compare_identity, &sorting);
	join(tally);
	qsort_r(tally->rows, tally->count, sizeof(*tally->rows), compare_rows, &sorting);
	/* Now that they stay where they are: that of permissions lies in the row itself. */
	for (size_t i = 0; i < tally->count; i++)
		tally->rows[i].name = vm_group_name(tally->key, &tally->rows[i].first);
}
