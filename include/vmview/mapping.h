/*
 * One mapping (one VMA of the kernel, one line of /proc/PID/maps) and what smaps adds to it.
 *
 * All sizes are bytes, all addresses are virtual addresses. Slices and pointers are borrowed from
 * whoever handed the mapping out: the parser's callback lends them for the length of the call, a
 * snapshot for as long as it lives.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/field.h"
#include "vmview/str.h"

/* A smaps line whose key is not in the field table: `Key: value`, blanks around the value removed. */
struct vm_extra {
	struct vm_str key;
	struct vm_str value;
};

/* In vm_usage.order: the next of the extras stands here. */
#define VM_ORDER_EXTRA 0xff

/*
 * The numbers of one mapping. "Zero" and "not reported by this kernel" differ: ask vm_usage_has().
 * Most numbers of most mappings are zero, so only the others are stored; use vm_usage_get().
 */
struct vm_usage {
	uint64_t present;       /* bit per enum vm_field: the kernel reported it */
	uint64_t nonzero;       /* bit per enum vm_field: its value is in @values */
	const uint64_t *values; /* in ascending order of their fields */
	const uint8_t *order;   /* enum vm_field or VM_ORDER_EXTRA, as the kernel printed them */
	const struct vm_extra *extras;
	uint32_t order_count;
	uint32_t extra_count;
};

static inline bool vm_usage_has(const struct vm_usage *usage, enum vm_field field)
{
	return usage->present >> field & 1;
}

/* Bytes (or the plain number, see vm_field_info); 0 where the field is not reported. */
static inline uint64_t vm_usage_get(const struct vm_usage *usage, enum vm_field field)
{
	uint64_t bit = UINT64_C(1) << field;

	if (!(usage->nonzero & bit))
		return 0;
	return usage->values[__builtin_popcountll(usage->nonzero & (bit - 1))];
}

struct vm_mapping {
	uint64_t start;  /* first byte */
	uint64_t end;    /* one past the last byte; end >= start */
	uint64_t offset; /* into the file, bytes; of anonymous memory it means nothing */
	uint64_t inode;  /* 0: no file */
	uint32_t dev_major, dev_minor;
	struct vm_str name;     /* as printed: path, [heap], or nothing; newlines stand as \012 */
	struct vm_str vm_flags; /* two-letter codes and blanks; p is NULL where not reported */
	struct vm_usage usage;
	char perms[4]; /* r or -, w or -, x or -, s(hared) or p(rivate) */

	/* Told by vm_snapshot_classify(); the parser leaves them 0. */
	uint8_t kind;    /* enum vm_kind */
	uint8_t backing; /* enum vm_backing */
	bool deleted;    /* the mapped file has no link any more */
};

static inline uint64_t vm_mapping_size(const struct vm_mapping *mapping)
{
	return mapping->end - mapping->start;
}

static inline bool vm_mapping_holds(const struct vm_mapping *mapping, uint64_t address)
{
	return mapping->start <= address && address < mapping->end;
}

static inline bool vm_mapping_readable(const struct vm_mapping *mapping)
{
	return mapping->perms[0] == 'r';
}

static inline bool vm_mapping_writable(const struct vm_mapping *mapping)
{
	return mapping->perms[1] == 'w';
}

static inline bool vm_mapping_executable(const struct vm_mapping *mapping)
{
	return mapping->perms[2] == 'x';
}

/* MAP_SHARED: the flag, not whether pages are in fact shared now (the Shared_ fields). */
static inline bool vm_mapping_shared(const struct vm_mapping *mapping)
{
	return mapping->perms[3] == 's';
}

/* Whether the two-letter @code is among the mapping's VmFlags. False where they are not reported. */
bool vm_mapping_has_flag(const struct vm_mapping *mapping, const char *code);
