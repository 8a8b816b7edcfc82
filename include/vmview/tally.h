/*
 * Sums by kind, file or permissions, over one process or several.
 *
 * Groups are those of vm_groups_make(); those of several processes that are of the same kind, file or permissions are
 * one. Pss and Uss of several processes add up to memory that is really used. Of the other measures pages that
 * several of them map, or have swapped out, count once for each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/arena.h"
#include "vmview/selection.h"
#include "vmview/snapshot.h"

struct vm_tally_row {
	struct vm_str name; /* as vm_group.name, told by vm_tally_arrange(); of the total nothing */
	uint64_t processes; /* that have any of it */
	uint64_t mappings;
	uint64_t measures[VM_MEASURE_COUNT]; /* sums; they stop at UINT64_MAX instead of wrapping */
	uint32_t reported;                   /* bit per enum vm_measure: some mapping reported it */
	uint32_t kinds;                      /* bit per enum vm_kind */
	bool unreadable; /* the numbers of smaps could not be read of all of them */
	bool deleted;    /* as vm_group.deleted */
	/* the tally's own */
	struct vm_mapping first; /* without its numbers */
	size_t number;           /* in the order in which they were added */
};

struct vm_tally {
	enum vm_group_key key;
	struct vm_tally_row *rows;
	size_t count, cap;
	struct vm_tally_row total;
	struct vm_arena names;
};

void vm_tally_deinit(struct vm_tally *tally);

/*
 * Add the mappings @rows of @snapshot, @count of them: those of another process. @unreadable: only its maps could be
 * read. @tally is zeroed but for its key at first. 0, or -ENOMEM with the tally as it was.
 */
int vm_tally_add(struct vm_tally *tally, const struct vm_snapshot *snapshot, const uint32_t *rows,
		 size_t count, bool unreadable);

/* What can be told of a row, by name: titles of tables, CSV and JSON, and what is sorted by. */
enum vm_tally_column {
	VM_TALLY_NAME,
	VM_TALLY_PROCESSES,
	VM_TALLY_MAPPINGS,
	VM_TALLY_MEASURES, /* and the measures: this + enum vm_measure */
	VM_TALLY_RSS = VM_TALLY_MEASURES + VM_MEASURE_RSS,
	VM_TALLY_KIND = VM_TALLY_MEASURES + VM_MEASURE_COUNT,
	VM_TALLY_COLUMN_COUNT
};

/* "name", "processes", "mappings", "size", ... Static. */
const char *vm_tally_column_name(enum vm_tally_column column);

/* The column called @name, or VM_TALLY_COLUMN_COUNT. */
enum vm_tally_column vm_tally_column_find(struct vm_str name);

/* Names and kinds are text, the rest numbers, measures among them sizes. */
static inline bool vm_tally_column_is_text(enum vm_tally_column column)
{
	return column == VM_TALLY_NAME || column == VM_TALLY_KIND;
}

static inline bool vm_tally_column_is_size(enum vm_tally_column column)
{
	return column >= VM_TALLY_MEASURES && column < VM_TALLY_KIND;
}

/* Whether it is reported, and a column's number; 0 where it is not. */
bool vm_tally_has(const struct vm_tally_row *row, enum vm_tally_column column);
uint64_t vm_tally_number(const struct vm_tally_row *row, enum vm_tally_column column);

/*
 * Join what belongs together, once all are added, and sort: numbers largest first, text ascending; @reverse turns
 * that round. What is not reported comes last either way, and ties stand by descending size.
 */
void vm_tally_arrange(struct vm_tally *tally, enum vm_tally_column column, bool reverse);
