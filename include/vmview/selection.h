/*
 * Choosing among mappings: filter, sort, group. Used by the live view and by text output alike.
 *
 * Mappings must be classified (vm_snapshot_classify()).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/arena.h"
#include "vmview/buf.h"
#include "vmview/column.h"
#include "vmview/snapshot.h"

/*
 * What can be compared, sorted by and summed. The numbers of a mapping that no single smaps field
 * holds are made here, in one place.
 */
enum vm_measure {
	VM_MEASURE_SIZE,
	VM_MEASURE_RSS,
	VM_MEASURE_PSS,
	VM_MEASURE_USS,    /* Private_Clean + Private_Dirty */
	VM_MEASURE_SHARED, /* Shared_Clean + Shared_Dirty: in fact mapped more than once now */
	VM_MEASURE_DIRTY,  /* Shared_Dirty + Private_Dirty */
	VM_MEASURE_SWAP,
	VM_MEASURE_LOCKED,
	VM_MEASURE_HUGETLB, /* Shared_Hugetlb + Private_Hugetlb, which RSS does not count */
	VM_MEASURE_COPIED,  /* Anonymous of a private file mapping: copied on write; else 0 */
	VM_MEASURE_COUNT
};

/* As written in filters: "size", "rss", ... Static. */
const char *vm_measure_name(enum vm_measure measure);

/* The fields that it is the sum of: bit per enum vm_field; of its size none. */
uint64_t vm_measure_fields(enum vm_measure measure);

/* Whether the mapping reports every field that the measure is made of. Its size always does. */
bool vm_measure_has(const struct vm_mapping *mapping, enum vm_measure measure);

/* Bytes; 0 where it is not reported. */
uint64_t vm_measure_of(const struct vm_mapping *mapping, enum vm_measure measure);

/*
 * A filter: terms separated by blanks, all of which must hold.
 *
 *   text            the name contains it, upper or lower case (of ASCII letters)
 *   name:text       the same, for text that would be read as something else: name:memfd:x name:!
 *   match:regex     the name matches this extended regular expression (regex(7)) somewhere
 *   kind:heap       a kind's name; kind:anon,heap any of these
 *   backing:file    sharing:shared
 *   perm:w          all of these permissions are there (r w x s p); perm:rw-p exactly these four
 *   rss>1M          a measure, one of < <= = >= >, a size
 *   addr:7f12...    holds this address (hexadecimal, 0x or not)
 *   flag:deleted    flag:wx, or a two-letter VmFlag such as flag:ht
 *   !TERM           not this
 *
 * Words are known in upper or lower case. What is not reported is neither so nor not so: of a
 * mapping without Rss neither rss>0 nor rss=0 nor !rss>0 holds, of one without VmFlags neither
 * flag:ht nor !flag:ht.
 */
struct vm_filter {
	struct vm_filter_term *terms;
	size_t count, cap;
	struct vm_arena text; /* owned copies of the expressions, into which terms point */
};

void vm_filter_deinit(struct vm_filter *filter);

/*
 * Parse @expression. 0, -ENOMEM, or -EINVAL with @error (a buffer that the caller owns, cleared
 * first) holding a clear sentence about the first term that is wrong, its foreign text made safe
 * and cut where it is long. @filter must be zeroed and stays so on failure. The empty expression
 * holds for all.
 */
int vm_filter_parse(struct vm_str expression, struct vm_filter *filter, struct vm_buf *error);

/* Add the terms of @expression to those that @filter has; on failure it stays as it was. Else like vm_filter_parse(). */
int vm_filter_add(struct vm_filter *filter, struct vm_str expression, struct vm_buf *error);

/*
 * Add one term, `KEY` with all of @value behind it, blanks included: "match", "kind", ... As vm_filter_add(). The
 * sentence blames @value alone.
 */
int vm_filter_add_value(struct vm_filter *filter, const char *key, struct vm_str value,
			struct vm_buf *error);

/* The zeroed filter matches all. */
bool vm_filter_matches(const struct vm_filter *filter, const struct vm_mapping *mapping);

/*
 * Whether memory ran out while names were matched with a regular expression: some mappings did not match that might have.
 * It stays so.
 */
bool vm_filter_failed(const struct vm_filter *filter);

/* Whether it asks for what only smaps tells: of what maps tells it matches nothing, or not all. */
bool vm_filter_needs_smaps(const struct vm_filter *filter);

enum vm_sort_key {
	VM_SORT_ADDRESS,
	VM_SORT_SIZE,
	VM_SORT_RSS,
	VM_SORT_PSS,
	VM_SORT_USS,
	VM_SORT_DIRTY,
	VM_SORT_SWAP,
	VM_SORT_PERMS,
	VM_SORT_KIND, /* by its name */
	VM_SORT_NAME, /* byte by byte; no name comes first */
	VM_SORT_COUNT
};

/* "address", "size", ... Static. */
const char *vm_sort_name(enum vm_sort_key key);

/*
 * Fill @rows (room for snapshot->count) with the indexes of the mappings that match @filter (NULL:
 * all), sorted: numbers largest first, the rest ascending; @reverse turns that round. What it does
 * not turn round: mappings that do not report the number come last, and ties stand in ascending
 * order of address. Returns how many.
 */
size_t vm_select(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
		 enum vm_sort_key key, bool reverse, uint32_t *rows);

/* What is chosen of a snapshot, and in what order. Zeroed: all of it, by address. */
struct vm_selection {
	struct vm_filter filter;
	bool has_at;
	uint64_t at;         /* only the mapping that holds this address, */
	uint64_t neighbours; /* and so many that match on either side of it */
	enum vm_column sort; /* sizes largest first, the rest ascending */
	bool reverse;
};

void vm_selection_deinit(struct vm_selection *selection);

/*
 * Whether every mapping can be judged alone and comes in ascending order of address: then
 * vm_filter_matches() is all there is to ask.
 */
bool vm_selection_streams(const struct vm_selection *selection);

/*
 * Fill @rows (room for snapshot->count) with the indexes of what is selected, in its order; else like vm_select(). Where
 * no mapping holds the address, the neighbours are those of the hole.
 */
size_t vm_selection_rows(const struct vm_selection *selection, const struct vm_snapshot *snapshot,
			 uint32_t *rows);

/* Whether a mapping of @snapshot holds the address that is asked for, if one is. */
bool vm_selection_hits(const struct vm_selection *selection, const struct vm_snapshot *snapshot);

/* Whether each mapping of @snapshot is selected: an array of snapshot->count, which the caller frees. 0 or -ENOMEM. */
int vm_selection_mark(const struct vm_selection *selection, const struct vm_snapshot *snapshot,
		      bool **selected);

enum vm_group_key {
	VM_GROUP_FILE, /* device and inode; without them (and for anon-inode) the name, else the kind */
	VM_GROUP_KIND,
	VM_GROUP_PERMS,
	VM_GROUP_COUNT
};

struct vm_group {
	/*
	 * Borrowed from the snapshot or static: a path, "[heap]", "anon", "rw-p". A file may have
	 * several names: it is the first mapping's, without a " (deleted)" that @deleted tells.
	 */
	struct vm_str name;
	size_t first, count;                 /* of vm_groups.rows */
	uint64_t measures[VM_MEASURE_COUNT]; /* sums; they stop at UINT64_MAX instead of wrapping */
	uint32_t reported;                   /* bit per enum vm_measure: some mapping reported it */
	uint32_t kinds;                      /* bit per enum vm_kind: some mapping is of it */
	uint8_t kind, backing;               /* of the first, and whether all are alike: */
	bool mixed_kind, mixed_sharing;
	bool deleted; /* VM_GROUP_FILE: the file has no link any more */
};

struct vm_groups {
	struct vm_group *items;
	size_t count, cap;
	uint32_t *rows; /* indexes into the snapshot; those of a group side by side, by address */
};

void vm_groups_deinit(struct vm_groups *groups);

/*
 * Group the mappings that match (@filter may be NULL), groups by descending RSS (where nobody
 * reported it: last), then size, then address. 0 or -ENOMEM. @groups must be zeroed and stays so on
 * failure.
 */
int vm_groups_make(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
		   enum vm_group_key key, struct vm_groups *groups);

/* The same of @count mappings that are chosen already: their indexes @rows, in any order. */
int vm_groups_of(const struct vm_snapshot *snapshot, const uint32_t *rows, size_t count,
		 enum vm_group_key key, struct vm_groups *groups);
