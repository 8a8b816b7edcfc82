/*
 * What differs between two snapshots, in numbers: of one process at two times, or of two processes.
 *
 * Mappings must be arranged and classified. See changes.h for what happened, one call after the other.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/changes.h"
#include "vmview/column.h"
#include "vmview/selection.h"
#include "vmview/snapshot.h"

enum vm_side { VM_SIDE_BEFORE, VM_SIDE_AFTER, VM_SIDE_COUNT };

/* What makes mappings of both sides the same. */
enum vm_pairing {
	VM_PAIRING_ADDRESS, /* the same object at overlapping addresses, as vm_changes_find() has it */
	VM_PAIRING_NAME     /* all with the same name and permissions, wherever they lie */
};

/* "address", "name". Static. */
const char *vm_pairing_name(enum vm_pairing pairing);

/*
 * How to compare them: by address where both are of one address space, or of a copy that fork(2) made. That is so where the
 * main stack ends at the same address; where one of them shows no stack, where most mappings of one of them lie at the same
 * addresses in the other. 0 or -ENOMEM.
 */
int vm_pairing_find(const struct vm_snapshot *before, const struct vm_snapshot *after,
		    enum vm_pairing *pairing);

/* Mappings of both sides that belong together: mostly one of each. */
struct vm_difference_row {
	enum vm_change_type change; /* VM_CHANGE_COUNT: as it was, but for numbers */
	size_t first[VM_SIDE_COUNT];
	size_t count[VM_SIDE_COUNT]; /* of vm_difference.members, by address */
};

struct vm_difference {
	const struct vm_snapshot *snapshots[VM_SIDE_COUNT]; /* borrowed */
	enum vm_pairing pairing;
	struct vm_difference_row *rows; /* each mapping that has a size is in one of them */
	size_t count;
	uint32_t *members[VM_SIDE_COUNT]; /* indexes into the snapshots */
};

void vm_difference_deinit(struct vm_difference *difference);

/*
 * Pair them. By address there is a row for each change, and one for each mapping that did not change; by name one for each name
 * with its permissions, which is GROWN or SHRUNK by the sum of its sizes. 0, or -ENOMEM with @difference (which must be zeroed)
 * as it was.
 */
int vm_difference_make(const struct vm_snapshot *before, const struct vm_snapshot *after,
		       enum vm_pairing pairing, struct vm_difference *difference);

/* The @i-th mapping of a row on one side. */
const struct vm_mapping *vm_difference_member(const struct vm_difference *difference,
					      const struct vm_difference_row *row,
					      enum vm_side side, size_t i);

/* The sums of a column, which stop at UINT64_MAX instead of wrapping. What is not mapped has 0 of everything. */
struct vm_delta {
	uint64_t sums[VM_SIDE_COUNT];
	bool known[VM_SIDE_COUNT]; /* it was reported there */
};

static inline bool vm_delta_known(const struct vm_delta *delta)
{
	return delta->known[VM_SIDE_BEFORE] && delta->known[VM_SIDE_AFTER];
}

/* What was won, or lost; 0 where it is not known. */
int64_t vm_delta_value(const struct vm_delta *delta);

/* @column must be one that can be summed. Known is what every mapping of the row reports. */
struct vm_delta vm_difference_delta(const struct vm_difference *difference,
				    const struct vm_difference_row *row, enum vm_column column);

/* The same of the rows @rows. Known is what some mapping reports. */
struct vm_delta vm_difference_total(const struct vm_difference *difference, const uint32_t *rows,
				    size_t count, enum vm_column column);

/* How many mappings the rows have. */
struct vm_delta vm_difference_mappings(const struct vm_difference *difference, const uint32_t *rows,
				       size_t count);

/* Whether anything changed but numbers, or a number of these columns did; those that cannot be summed are passed over. */
bool vm_difference_differs(const struct vm_difference *difference,
			   const struct vm_difference_row *row, const enum vm_column *columns,
			   size_t count);

/* The side whose mappings stand for the row: after, but before where there is none after, or one became several. */
enum vm_side vm_difference_side(const struct vm_difference_row *row);

/*
 * Fill @rows (room for difference->count) with the indexes of the rows of which a mapping, before or after, is selected. They
 * are sorted by what was won of @column, most first, what is not known last; by a column that cannot be summed ascending.
 * @reverse turns that round. Ties stand by the size won, then by address. The order of @selection does not matter. 0 or -ENOMEM.
 */
int vm_difference_select(const struct vm_difference *difference,
			 const struct vm_selection *selection, enum vm_column column, bool reverse,
			 uint32_t *rows, size_t *count);
