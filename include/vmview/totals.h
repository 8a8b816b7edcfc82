/*
 * Sums over mappings.
 */
#pragma once

#include <stdint.h>

#include "vmview/field.h"
#include "vmview/mapping.h"

struct vm_totals {
	uint64_t count;                /* mappings */
	uint64_t size;                 /* bytes of address space */
	uint64_t sums[VM_FIELD_COUNT]; /* bytes; of plain numbers the sum */
	uint64_t present;              /* bit per enum vm_field: some mapping reported it */
};

/* Sums stop at UINT64_MAX instead of wrapping. */
void vm_totals_add(struct vm_totals *totals, const struct vm_mapping *mapping);

/* @a + @b, or UINT64_MAX where that is too much. */
static inline uint64_t vm_add_capped(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}
