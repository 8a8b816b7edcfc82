/*
 * The texts of explanations, as explain_text.c keeps them and explain.c puts them together.
 *
 * In a sentence `{}` stands for a size, `{n}` for a decimal number and `{8}` for a hexadecimal one of at
 * least 8 digits, in the order of the values that vm_explain() has for it.
 */
#pragma once

#include "vmview/kind.h"

/* What stands behind a mapping's pages, as far as it makes a difference to explain. */
enum vm_origin {
	VM_ORIGIN_FILE,
	VM_ORIGIN_ZERO,      /* anonymous memory without an object */
	VM_ORIGIN_OBJECT,    /* an object of shared memory */
	VM_ORIGIN_HUGE,      /* the pool of huge pages */
	VM_ORIGIN_HUGE_FILE, /* a file of a mounted hugetlbfs */
	VM_ORIGIN_KERNEL,    /* [vdso] and its like */
	VM_ORIGIN_DRIVER,    /* a device, or an object of the kernel's */
	VM_ORIGIN_NOWHERE,   /* reserved addresses */
	VM_ORIGIN_COUNT
};

struct vm_origin_text {
	const char *pages;                     /* where they come from */
	const char *write[VM_SHARING_COUNT];   /* where a write goes */
	const char *refused[VM_SHARING_COUNT]; /* the same where perms forbid it */
	const char *fork[VM_SHARING_COUNT];
	const char *fork_unwritten; /* where perms forbid to write */
	const char *resident_none;
	const char *resident_part; /* {} resident, {} size */
};

/* Sentences that stand for themselves. */
enum vm_sentence {
	VM_SENTENCE_SHADOW_STACK,
	VM_SENTENCE_DELETED,
	VM_SENTENCE_WRITE_EXECUTE,
	VM_SENTENCE_NO_ACCESS,
	VM_SENTENCE_NO_ACCESS_SEALED,
	VM_SENTENCE_READ_ONLY,
	VM_SENTENCE_READ_ONLY_SEALED,
	VM_SENTENCE_FORK_LEFT_OUT,
	VM_SENTENCE_FORK_WIPED,
	VM_SENTENCE_FORK_NO_ACCESS,
	VM_SENTENCE_NOTHING_READ,
	VM_SENTENCE_NO_RSS,
	VM_SENTENCE_RESIDENT_ALL,     /* {} size */
	VM_SENTENCE_RESIDENT_NO_COST, /* no access and nothing there */
	VM_SENTENCE_HUGETLB_PART,     /* {} used, {} size, {} page size */
	VM_SENTENCE_HUGETLB_NONE,
	VM_SENTENCE_HUGETLB_UNKNOWN,
	VM_SENTENCE_COPIED,           /* {} */
	VM_SENTENCE_COPIED_READ_ONLY, /* {} */
	VM_SENTENCE_COPIED_NONE,
	VM_SENTENCE_COPIED_UNKNOWN,
	VM_SENTENCE_SHARED_PSS,         /* {} Shared_*, {} PSS */
	VM_SENTENCE_SHARED_PRIVATE_PSS, /* the same of a private mapping */
	VM_SENTENCE_SHARED,             /* {} Shared_* */
	VM_SENTENCE_SHARED_NONE,
	VM_SENTENCE_DIRTY, /* {} without a file */
	VM_SENTENCE_DROPPABLE,
	VM_SENTENCE_DIRTY_FILE, /* {} */
	VM_SENTENCE_SWAPPED,    /* {} */
	VM_SENTENCE_LOCKED,     /* {} */
	VM_SENTENCE_HUGE_PAGES, /* {} transparent ones */
	VM_SENTENCE_LAZY_FREE,  /* {} */
	VM_SENTENCE_MERGED,     /* {} KSM */
	VM_SENTENCE_NO_FLAGS,
	VM_SENTENCE_COUNT
};

/* A mapping that is known by its name. */
struct vm_named_text {
	const char *name; /* up to a `*` at the end, or all of it */
	const char *what;
	const char *fork;  /* NULL: nothing special */
	const char *pages; /* the same */
};

/* What a mapping is. That of VM_KIND_SYSV_SHM has room for its id, {n}. */
const char *vm_kind_text(enum vm_kind kind);

/* The same for VM_KIND_DATA, as its permissions are. */
const char *vm_data_text(const struct vm_mapping *mapping);

/* NULL: no mapping is known by @name. */
const struct vm_named_text *vm_named_text(struct vm_str name);

enum vm_origin vm_origin_of(enum vm_kind kind, enum vm_backing backing);
const struct vm_origin_text *vm_origin_text(enum vm_origin origin);
const char *vm_sentence(enum vm_sentence sentence);
