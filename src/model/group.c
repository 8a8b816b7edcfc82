#include "vmview/selection.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "group_private.h"
#include "order.h"
#include "vmview/totals.h"

/* What tells the file, from the best to the worst. */
enum identity { IDENTITY_INODE, IDENTITY_NAME, IDENTITY_KIND };

/* All that anon_inode_getfd() makes has the same inode: only its name tells what it is. */
static enum identity identity_of(const struct vm_mapping *m)
{
	if (m->inode && m->kind != VM_KIND_ANON_INODE)
		return IDENTITY_INODE;
	return m->name.len ? IDENTITY_NAME : IDENTITY_KIND;
}

static int order_kind(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return vm_order_number(a->kind, b->kind);
}

static int order_perms(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return memcmp(a->perms, b->perms, sizeof(a->perms));
}

static int order_file(const struct vm_mapping *a, const struct vm_mapping *b)
{
	struct vm_file_id x = vm_mapping_file(a), y = vm_mapping_file(b);
	enum identity identity = identity_of(a);
	int order = vm_order_number(identity, identity_of(b));

	if (order)
		return order;
	switch (identity) {
	case IDENTITY_INODE:
		return vm_file_id_compare(&x, &y);
	case IDENTITY_NAME:
		return vm_order_text(a->name, b->name);
	case IDENTITY_KIND:
		return order_kind(a, b);
	}
	return 0;
}

static struct vm_str kind_name(const struct vm_mapping *m)
{
	return vm_str_from(vm_kind_info(m->kind)->name);
}

static struct vm_str perms_name(const struct vm_mapping *m)
{
	return (struct vm_str){ m->perms, sizeof(m->perms) };
}

static struct vm_str file_name(const struct vm_mapping *m)
{
	return m->name.len ? vm_name_without_remark(m, m->deleted) : kind_name(m);
}

static const struct {
	int (*order)(const struct vm_mapping *a, const struct vm_mapping *b); /* 0: same group */
	struct vm_str (*name)(const struct vm_mapping *m);
} keys[] = {
	[VM_GROUP_FILE] = { order_file, file_name },
	[VM_GROUP_KIND] = { order_kind, kind_name },
	[VM_GROUP_PERMS] = { order_perms, perms_name },
};
static_assert(sizeof(keys) / sizeof(keys[0]) == VM_GROUP_COUNT, "describe every group key");

int vm_group_order(enum vm_group_key key, const struct vm_mapping *a, const struct vm_mapping *b)
{
	return keys[key].order(a, b);
}

struct vm_str vm_group_name(enum vm_group_key key, const struct vm_mapping *mapping)
{
	return keys[key].name(mapping);
}

/* What the comparisons of rows and of groups need to know. */
struct grouping {
	const struct vm_mapping *mappings;
	enum vm_group_key key;
	const uint32_t *rows;
};

/* Rows came in order of address, but qsort_r() need not keep it. */
static int compare_rows(const void *a, const void *b, void *user)
{
	const struct grouping *grouping = user;
	const uint32_t *x = a, *y = b;
	const struct vm_mapping *m = &grouping->mappings[*x], *n = &grouping->mappings[*y];
	int order = keys[grouping->key].order(m, n);

	if (!order)
		order = vm_order_number(m->start, n->start);
	return order ? order : vm_order_number(*x, *y);
}

static bool is_reported(const struct vm_group *group, enum vm_measure measure)
{
	return group->reported >> measure & 1;
}

static int compare_groups(const void *a, const void *b, void *user)
{
	const struct grouping *grouping = user;
	const struct vm_group *x = a, *y = b;
	int order = is_reported(y, VM_MEASURE_RSS) - is_reported(x, VM_MEASURE_RSS);

	if (!order)
		order = vm_order_number(y->measures[VM_MEASURE_RSS], x->measures[VM_MEASURE_RSS]);
	if (!order)
		order = vm_order_number(y->measures[VM_MEASURE_SIZE], x->measures[VM_MEASURE_SIZE]);
	if (!order)
		order = vm_order_number(grouping->mappings[grouping->rows[x->first]].start,
					grouping->mappings[grouping->rows[y->first]].start);
	return order ? order : vm_order_number(x->first, y->first);
}

static struct vm_group begin_group(const struct grouping *grouping, size_t first)
{
	const struct vm_mapping *m = &grouping->mappings[grouping->rows[first]];

	return (struct vm_group){
		.name = keys[grouping->key].name(m),
		.first = first,
		.kind = m->kind,
		.backing = m->backing,
		.deleted = grouping->key == VM_GROUP_FILE && m->deleted,
	};
}

static void add_mapping(struct vm_group *group, const struct vm_mapping *first,
			const struct vm_mapping *m)
{
	group->count++;
	group->kinds |= UINT32_C(1) << m->kind;
	group->mixed_kind |= m->kind != first->kind;
	group->mixed_sharing |= vm_mapping_shared(m) != vm_mapping_shared(first);
	for (enum vm_measure measure = 0; measure < VM_MEASURE_COUNT; measure++) {
		if (!vm_measure_has(m, measure))
			continue;
		group->reported |= UINT32_C(1) << measure;
		group->measures[measure] =
			vm_add_capped(group->measures[measure], vm_measure_of(m, measure));
	}
}
static_assert(VM_MEASURE_COUNT <= 32, "vm_group.reported has 32 bits");
static_assert(VM_KIND_COUNT <= 32, "vm_group.kinds has 32 bits");

static bool starts_group(const struct grouping *grouping, size_t at)
{
	return at == 0 || keys[grouping->key].order(&grouping->mappings[grouping->rows[at - 1]],
						    &grouping->mappings[grouping->rows[at]]);
}

static size_t count_groups(const struct grouping *grouping, size_t count)
{
	size_t groups = 0;

	for (size_t i = 0; i < count; i++)
		groups += starts_group(grouping, i);
	return groups;
}

/* @groups has room for all. */
static void fill_groups(const struct grouping *grouping, size_t count, struct vm_groups *groups)
{
	const struct vm_mapping *first = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct vm_mapping *m = &grouping->mappings[grouping->rows[i]];

		if (starts_group(grouping, i)) {
			groups->items[groups->count++] = begin_group(grouping, i);
			first = m;
		}
		add_mapping(&groups->items[groups->count - 1], first, m);
	}
}

void vm_groups_deinit(struct vm_groups *groups)
{
	free(groups->items);
	free(groups->rows);
	*groups = (struct vm_groups){ 0 };
}

/* groups->rows, @count of them, to groups. 0 or -ENOMEM. */
static int make_groups(struct grouping *grouping, size_t count, struct vm_groups *groups)
{
	grouping->rows = groups->rows;
	qsort_r(groups->rows, count, sizeof(*groups->rows), compare_rows, grouping);
	groups->cap = count_groups(grouping, count);
	groups->items = reallocarray(NULL, groups->cap, sizeof(*groups->items));
	if (!groups->items)
		return -ENOMEM;
	fill_groups(grouping, count, groups);
	qsort_r(groups->items, groups->count, sizeof(*groups->items), compare_groups, grouping);
	return 0;
}

/* @rows, room for all of the snapshot, becomes the groups' own, also where this fails. */
static int group_rows(const struct vm_snapshot *snapshot, uint32_t *rows, size_t count,
		      enum vm_group_key key, struct vm_groups *groups)
{
	struct grouping grouping = { .mappings = snapshot->mappings, .key = key };
	struct vm_groups made = { .rows = rows };
	int r = 0;

	assert(key < VM_GROUP_COUNT);
	if (count)
		r = make_groups(&grouping, count, &made);
	if (r < 0)
		vm_groups_deinit(&made);
	else
		*groups = made;
	return r;
}

int vm_groups_of(const struct vm_snapshot *snapshot, const uint32_t *rows, size_t count,
		 enum vm_group_key key, struct vm_groups *groups)
{
	uint32_t *own;

	if (!count)
		return 0;
	own = reallocarray(NULL, count, sizeof(*own));
	if (!own)
		return -ENOMEM;
	memcpy(own, rows, count * sizeof(*own));
	return group_rows(snapshot, own, count, key, groups);
}

int vm_groups_make(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
		   enum vm_group_key key, struct vm_groups *groups)
{
	uint32_t *rows;

	if (!snapshot->count)
		return 0;
	rows = reallocarray(NULL, snapshot->count, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	return group_rows(snapshot, rows, vm_select(snapshot, filter, VM_SORT_ADDRESS, false, rows),
			  key, groups);
}
