/*
 * The numeric fields of /proc/PID/smaps that vmview knows, one table row each.
 *
 * Source: fs/proc/task_mmu.c of the kernel and proc_pid_smaps(5); fields that only some kernels or
 * architectures print are marked there. Fields that are not in this table are kept by the parser
 * under their own name (struct vm_extra).
 */
#pragma once

#include <stdint.h>

#include "vmview/str.h"

enum vm_field {
	VM_FIELD_SIZE,
	VM_FIELD_KERNEL_PAGE_SIZE,
	VM_FIELD_MMU_PAGE_SIZE,
	VM_FIELD_RSS,
	VM_FIELD_PSS,
	VM_FIELD_PSS_DIRTY,
	VM_FIELD_PSS_ANON,
	VM_FIELD_PSS_FILE,
	VM_FIELD_PSS_SHMEM,
	VM_FIELD_SHARED_CLEAN,
	VM_FIELD_SHARED_DIRTY,
	VM_FIELD_PRIVATE_CLEAN,
	VM_FIELD_PRIVATE_DIRTY,
	VM_FIELD_REFERENCED,
	VM_FIELD_ANONYMOUS,
	VM_FIELD_KSM,
	VM_FIELD_LAZY_FREE,
	VM_FIELD_ANON_HUGE_PAGES,
	VM_FIELD_SHMEM_HUGE_PAGES,
	VM_FIELD_SHMEM_PMD_MAPPED,
	VM_FIELD_FILE_PMD_MAPPED,
	VM_FIELD_SHARED_HUGETLB,
	VM_FIELD_PRIVATE_HUGETLB,
	VM_FIELD_SWAP,
	VM_FIELD_SWAP_PSS,
	VM_FIELD_LOCKED,
	VM_FIELD_NONLINEAR,
	VM_FIELD_THP_ELIGIBLE,
	VM_FIELD_PROTECTION_KEY,
	VM_FIELD_COUNT
};

enum vm_unit {
	VM_UNIT_BYTES, /* the kernel prints kB, which are 1024 bytes */
	VM_UNIT_NUMBER /* a plain number: a flag or an index */
};

struct vm_field_info {
	struct vm_str key; /* as the kernel spells it */
	enum vm_unit unit;
	const char *help; /* one line: what it counts */
};

const struct vm_field_info *vm_field_info(enum vm_field field);

/* The field whose key is @key, or VM_FIELD_COUNT. */
enum vm_field vm_field_find(struct vm_str key);
