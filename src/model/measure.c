#include "vmview/selection.h"

#include <assert.h>

#include "vmview/totals.h"

#define BIT(field) (UINT64_C(1) << VM_FIELD_##field)

static const struct {
	const char *name;
	uint64_t fields; /* bit per enum vm_field: the sum of these */
} infos[] = {
	[VM_MEASURE_SIZE] = { "size", 0 },
	[VM_MEASURE_RSS] = { "rss", BIT(RSS) },
	[VM_MEASURE_PSS] = { "pss", BIT(PSS) },
	[VM_MEASURE_USS] = { "uss", BIT(PRIVATE_CLEAN) | BIT(PRIVATE_DIRTY) },
	[VM_MEASURE_SHARED] = { "shared", BIT(SHARED_CLEAN) | BIT(SHARED_DIRTY) },
	[VM_MEASURE_DIRTY] = { "dirty", BIT(SHARED_DIRTY) | BIT(PRIVATE_DIRTY) },
	[VM_MEASURE_SWAP] = { "swap", BIT(SWAP) },
	[VM_MEASURE_LOCKED] = { "locked", BIT(LOCKED) },
	[VM_MEASURE_HUGETLB] = { "hugetlb", BIT(SHARED_HUGETLB) | BIT(PRIVATE_HUGETLB) },
	[VM_MEASURE_COPIED] = { "copied", BIT(ANONYMOUS) },
};
static_assert(sizeof(infos) / sizeof(infos[0]) == VM_MEASURE_COUNT, "describe every measure");

const char *vm_measure_name(enum vm_measure measure)
{
	assert(measure < VM_MEASURE_COUNT);
	return infos[measure].name;
}

uint64_t vm_measure_fields(enum vm_measure measure)
{
	assert(measure < VM_MEASURE_COUNT);
	return infos[measure].fields;
}

bool vm_measure_has(const struct vm_mapping *mapping, enum vm_measure measure)
{
	uint64_t fields = vm_measure_fields(measure);

	return (mapping->usage.present & fields) == fields;
}

/* Only there does Anonymous mean that a page was a file's before it was written to. */
static bool is_copied_on_write(const struct vm_mapping *m)
{
	return m->backing == VM_BACKING_FILE && !vm_mapping_shared(m);
}

uint64_t vm_measure_of(const struct vm_mapping *mapping, enum vm_measure measure)
{
	uint64_t sum = 0;

	if (measure == VM_MEASURE_SIZE)
		return vm_mapping_size(mapping);
	if (!vm_measure_has(mapping, measure) ||
	    (measure == VM_MEASURE_COPIED && !is_copied_on_write(mapping)))
		return 0;
	for (uint64_t rest = infos[measure].fields; rest; rest &= rest - 1) {
		enum vm_field field = (enum vm_field)__builtin_ctzll(rest);

		sum = vm_add_capped(sum, vm_usage_get(&mapping->usage, field));
	}
	return sum;
}
