/*
 * What the pmap formats share among themselves.
 */
#pragma once

#include "vmview/pmap.h"

static inline bool vm_pmap_in_range(const struct vm_pmap_options *options,
				    const struct vm_mapping *mapping)
{
	return mapping->end - 1 >= options->low && mapping->start <= options->high;
}

/* The name as the default, -x and -d show it. */
void vm_pmap_put_name(struct vm_pmap *pmap, const struct vm_mapping *mapping);

void vm_pmap_columns_deinit(struct vm_pmap *pmap);

/* Colours of one row: the hue over all of it, reverse around single cells of a shared mapping. */
struct vm_row_colour {
	const char *hue, *on, *off, *reset;
};

struct vm_row_colour vm_row_colour_of(const struct vm_pmap *pmap, const struct vm_mapping *mapping);
