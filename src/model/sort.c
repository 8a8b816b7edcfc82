#include "vmview/selection.h"

#include <assert.h>
#include <stdlib.h>

#include "order.h"

static int order_address(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return vm_order_number(a->start, b->start);
}

static int order_perms(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return memcmp(a->perms, b->perms, sizeof(a->perms));
}

static int order_kind(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return strcmp(vm_kind_info(a->kind)->name, vm_kind_info(b->kind)->name);
}

static int order_name(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return vm_order_text(a->name, b->name);
}

static const struct {
	const char *name;
	int (*order)(const struct vm_mapping *a, const struct vm_mapping *b); /* or NULL: */
	enum vm_measure measure;
} keys[] = {
	[VM_SORT_ADDRESS] = { "address", order_address, VM_MEASURE_COUNT },
	[VM_SORT_SIZE] = { "size", NULL, VM_MEASURE_SIZE },
	[VM_SORT_RSS] = { "rss", NULL, VM_MEASURE_RSS },
	[VM_SORT_PSS] = { "pss", NULL, VM_MEASURE_PSS },
	[VM_SORT_USS] = { "uss", NULL, VM_MEASURE_USS },
	[VM_SORT_DIRTY] = { "dirty", NULL, VM_MEASURE_DIRTY },
	[VM_SORT_SWAP] = { "swap", NULL, VM_MEASURE_SWAP },
	[VM_SORT_PERMS] = { "perms", order_perms, VM_MEASURE_COUNT },
	[VM_SORT_KIND] = { "kind", order_kind, VM_MEASURE_COUNT },
	[VM_SORT_NAME] = { "name", order_name, VM_MEASURE_COUNT },
};
static_assert(sizeof(keys) / sizeof(keys[0]) == VM_SORT_COUNT, "describe every sort key");

const char *vm_sort_name(enum vm_sort_key key)
{
	assert(key < VM_SORT_COUNT);
	return keys[key].name;
}

struct sorting {
	const struct vm_mapping *mappings;
	enum vm_sort_key key;
	bool reverse;
};

/* The largest first. */
static int order_measure(const struct sorting *sorting, const struct vm_mapping *a,
			 const struct vm_mapping *b)
{
	enum vm_measure measure = keys[sorting->key].measure;
	bool has = vm_measure_has(a, measure);
	int order;

	if (has != vm_measure_has(b, measure))
		return has ? -1 : 1;
	order = vm_order_number(vm_measure_of(b, measure), vm_measure_of(a, measure));
	return sorting->reverse ? -order : order;
}

static int order_text(const struct sorting *sorting, const struct vm_mapping *a,
		      const struct vm_mapping *b)
{
	int order = keys[sorting->key].order(a, b);

	return sorting->reverse ? -order : order;
}

/* No two rows are equal, so that it does not matter whether qsort_r() is stable. */
static int compare_rows(const void *a, const void *b, void *user)
{
	const struct sorting *sorting = user;
	const uint32_t *x = a, *y = b;
	const struct vm_mapping *m = &sorting->mappings[*x], *n = &sorting->mappings[*y];
	int order =
		keys[sorting->key].order ? order_text(sorting, m, n) : order_measure(sorting, m, n);

	if (!order)
		order = order_address(m, n);
	return order ? order : vm_order_number(*x, *y);
}

size_t vm_select(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
		 enum vm_sort_key key, bool reverse, uint32_t *rows)
{
	struct sorting sorting = { snapshot->mappings, key, reverse };
	size_t count = 0;

	assert(key < VM_SORT_COUNT);
	for (size_t i = 0; i < snapshot->count; i++) {
		if (!filter || vm_filter_matches(filter, &snapshot->mappings[i]))
			rows[count++] = (uint32_t)i;
	}
	if (count)
		qsort_r(rows, count, sizeof(*rows), compare_rows, &sorting);
	return count;
}
