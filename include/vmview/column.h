/*
 * What can be told of a mapping, by name: the columns of text and CSV, the keys of JSON, what is sorted by.
 *
 * Mappings must be classified (vm_snapshot_classify()).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/mapping.h"

/* In the order in which `all` has them. */
enum vm_column {
	VM_COLUMN_ADDRESS,
	VM_COLUMN_END,
	VM_COLUMN_SIZE,
	VM_COLUMN_RSS,
	VM_COLUMN_PSS,
	VM_COLUMN_USS,
	VM_COLUMN_SHARED,
	VM_COLUMN_DIRTY,
	VM_COLUMN_SWAP,
	VM_COLUMN_LOCKED,
	VM_COLUMN_HUGETLB,
	VM_COLUMN_COPIED,
	VM_COLUMN_PERMS,
	VM_COLUMN_KIND,
	VM_COLUMN_BACKING,
	VM_COLUMN_SHARING,
	VM_COLUMN_FLAGS,
	VM_COLUMN_OFFSET,
	VM_COLUMN_DEVICE,
	VM_COLUMN_INODE,
	VM_COLUMN_DELETED,
	VM_COLUMN_FIELDS, /* and the fields of smaps: this + enum vm_field; see vm_column_is_listed() */
	VM_COLUMN_VM_FLAGS = VM_COLUMN_FIELDS + VM_FIELD_COUNT,
	VM_COLUMN_MAPPING,
	VM_COLUMN_PATH, /* without a remark that `deleted` tells */
	VM_COLUMN_COUNT
};

enum vm_column_type {
	VM_TYPE_ADDRESS, /* a virtual address */
	VM_TYPE_BYTES,
	VM_TYPE_NUMBER, /* decimal, without a unit */
	VM_TYPE_HEX,    /* a number that people write in hexadecimal */
	VM_TYPE_BOOL,
	VM_TYPE_TEXT
};

struct vm_column_info {
	const char *name; /* as written on the command line and in JSON */
	const char *help; /* one line */
	enum vm_column_type type;
	bool summable; /* sums over mappings mean something */
};

/* Valid as long as the program. The name of a smaps field is its key in lower case. */
struct vm_column_info vm_column_info(enum vm_column column);

/*
 * Whether the column is one of its own: the smaps fields Rss, Pss, Swap and Locked are the columns rss, pss, swap and
 * locked already. The kernel's Size, which may count a guard page, is `kernel_size`.
 */
bool vm_column_is_listed(enum vm_column column);

/* The column called @name, or VM_COLUMN_COUNT. */
enum vm_column vm_column_find(struct vm_str name);

/* Whether the kernel reported what the column tells of. Names, and what is derived from them, always are. */
bool vm_column_has(const struct vm_mapping *mapping, enum vm_column column);

/* Whether it is something that only smaps has. */
bool vm_column_needs_smaps(enum vm_column column);

/* The fields of smaps that its number is made of: bit per enum vm_field. It is reported where all of them are. */
uint64_t vm_column_fields(enum vm_column column);

/* A column of any type but text: its number, 0 or 1 for VM_TYPE_BOOL; 0 where it is not reported. */
uint64_t vm_column_number(const struct vm_mapping *mapping, enum vm_column column);

/*
 * A column of VM_TYPE_TEXT: its text as it is, which need not be safe; borrowed from the mapping, from @room, or
 * static. Flags are words separated by commas, VmFlags by blanks.
 */
struct vm_str vm_column_text(const struct vm_mapping *mapping, enum vm_column column,
			     char room[32]);

/* As qsort() has it: smaller numbers first, text byte by byte. What is not reported is equal to 0 or nothing. */
int vm_column_compare(const struct vm_mapping *a, const struct vm_mapping *b,
		      enum vm_column column);
