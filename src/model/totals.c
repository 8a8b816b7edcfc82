#include "vmview/totals.h"

void vm_totals_add(struct vm_totals *totals, const struct vm_mapping *mapping)
{
	const struct vm_usage *usage = &mapping->usage;
	size_t at = 0;

	totals->count++;
	totals->size = vm_add_capped(totals->size, vm_mapping_size(mapping));
	totals->present |= usage->present;
	for (uint64_t rest = usage->nonzero; rest; rest &= rest - 1) {
		unsigned field = (unsigned)__builtin_ctzll(rest);

		totals->sums[field] = vm_add_capped(totals->sums[field], usage->values[at++]);
	}
}
