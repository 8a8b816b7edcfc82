/*
 * All mappings of a process at one instant.
 *
 * A snapshot owns everything that its mappings point to; they die with it. It holds mappings in the
 * order in which they were added until vm_snapshot_arrange() puts them in order.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vmview/arena.h"
#include "vmview/kind.h"
#include "vmview/mapping.h"

struct vm_snapshot {
	struct vm_mapping *mappings;
	size_t count, cap;
	struct vm_arena arena;
};

void vm_snapshot_deinit(struct vm_snapshot *snapshot);

/* Copy @mapping and all that it points to. 0, or -ENOMEM with the snapshot as it was. */
int vm_snapshot_add(struct vm_snapshot *snapshot, const struct vm_mapping *mapping);

/*
 * Sort by address and drop what overlaps an earlier mapping: the kernel's reads are not atomic, and
 * captures may be joined by hand. Returns how many were dropped.
 */
size_t vm_snapshot_arrange(struct vm_snapshot *snapshot);

/*
 * Tell kind, backing and deletion of every mapping. @stack_pointers (sorted ascending, may be empty)
 * are those of the process's threads. 0 or -ENOMEM.
 */
int vm_snapshot_classify(struct vm_snapshot *snapshot, const uint64_t *stack_pointers,
			 size_t count);
