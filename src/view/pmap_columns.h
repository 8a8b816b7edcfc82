/*
 * The columns of -X and its like: one for every numeric field that the kernel reports, in the order in
 * which it first does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/pmap.h"

struct vm_pmap_column {
	char *key; /* as the kernel spells it */
	size_t len;
	size_t width;
	uint64_t total; /* in what the column shows: kB, or plain numbers */
	uint64_t cell;  /* of the mapping at hand */
	bool has_cell;
};

/* Whether the column with this title is shown. */
bool vm_pmap_is_enabled(const struct vm_pmap_options *options, struct vm_str title);

/* Add what this mapping reports to columns, totals and widths. 0, -ENOMEM or -E2BIG. */
int vm_pmap_columns_measure(struct vm_pmap *pmap, const struct vm_mapping *mapping);

/* Fill every column's cell from this mapping. */
void vm_pmap_columns_load(struct vm_pmap *pmap, const struct vm_mapping *mapping);

/* How many characters a number takes. */
size_t vm_pmap_digits(uint64_t number);
size_t vm_pmap_hex_digits(uint64_t number);

static inline void vm_pmap_widen(size_t *width, size_t need)
{
	if (*width < need)
		*width = need;
}
