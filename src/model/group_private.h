/*
 * What makes mappings one group, for groups of several processes too.
 */
#pragma once

#include "vmview/selection.h"

/* 0: both belong to the same group. */
int vm_group_order(enum vm_group_key key, const struct vm_mapping *a, const struct vm_mapping *b);

/* What a group is called whose first mapping this is. Borrowed from the mapping or static. */
struct vm_str vm_group_name(enum vm_group_key key, const struct vm_mapping *mapping);
