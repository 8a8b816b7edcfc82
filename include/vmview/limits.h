/*
 * What limits the memory of a process, and how much of that it has now.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/buf.h"

enum vm_limit_id {
	VM_LIMIT_MAPPINGS,
	VM_LIMIT_ADDRESS_SPACE,
	VM_LIMIT_DATA,
	VM_LIMIT_STACK,
	VM_LIMIT_LOCKED,
	VM_LIMIT_CGROUP,
	VM_LIMIT_CGROUP_SWAP, /* version 2 */
	VM_LIMIT_CGROUP_BOTH, /* memory and swap, version 1 */
	VM_LIMIT_COMMITTED,
	VM_LIMIT_COUNT
};

/* What is not known is either not reported or not readable, neither of which is 0. */
enum vm_known {
	VM_KNOWN_NOT, /* not reported */
	VM_KNOWN_UNREADABLE,
	VM_KNOWN_NUMBER,
	VM_KNOWN_UNLIMITED
};

struct vm_quantity {
	enum vm_known known;
	uint64_t number; /* bytes; of mappings how many */
};

struct vm_limit {
	struct vm_quantity now, most;
	const char *source;  /* what sets it: "vm.max_map_count", "RLIMIT_AS", ... Static */
	struct vm_buf group; /* the control group that it is of, if any, as the kernel calls it */
};

struct vm_limits {
	struct vm_limit items[VM_LIMIT_COUNT];
	const char *unread; /* a file that is there and could not be read; static. NULL: none */
	int unread_error;   /* why: a negative errno */
};

struct vm_limit_info {
	const char *name; /* as in JSON: "address_space" */
	const char *help; /* as people call it: "address space" */
	const char *source;
	bool is_size;
};

const struct vm_limit_info *vm_limit_info(enum vm_limit_id id);

void vm_limits_deinit(struct vm_limits *limits);

/* Whether there is anything to tell. */
bool vm_limit_is_known(const struct vm_limit *limit);

/* How much of it is used, in per cent, rounded down: @percent. False where that cannot be told. */
bool vm_limit_percent(const struct vm_limit *limit, uint64_t *percent);
