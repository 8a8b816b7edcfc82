/*
 * What a mapping is: its backing, its sharing, its kind, and flags that are worth a warning.
 *
 * The rules are an ordered table in src/model/kind.c, first match wins.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/mapping.h"

/* Where pages come from. Objects of shared memory are anonymous, though the kernel names them. */
enum vm_backing {
	VM_BACKING_FILE,      /* from a file; shared ones go back to it */
	VM_BACKING_ANONYMOUS, /* start as zeros, go to swap */
	VM_BACKING_SPECIAL,   /* provided by the kernel or a device */
	VM_BACKING_COUNT
};

enum vm_sharing {
	VM_SHARING_PRIVATE, /* MAP_PRIVATE: writes are copied */
	VM_SHARING_SHARED,  /* MAP_SHARED: writes are seen by all who map it */
	VM_SHARING_COUNT
};

enum vm_kind {
	VM_KIND_KERNEL,
	VM_KIND_STACK,
	VM_KIND_HEAP,
	VM_KIND_HUGETLB,
	VM_KIND_SYSV_SHM,
	VM_KIND_POSIX_SHM,
	VM_KIND_MEMFD,
	VM_KIND_SHARED_ANON,
	VM_KIND_RESERVED,
	VM_KIND_ANON,
	VM_KIND_DEVICE,
	VM_KIND_ANON_INODE,
	VM_KIND_CODE,
	VM_KIND_DATA,
	VM_KIND_MAPPED_FILE,
	VM_KIND_COUNT
};

struct vm_kind_info {
	const char *name; /* as written in filters, columns and JSON */
	char letter;      /* one column wide stand-in */
	const char *help; /* one line for people */
};

const struct vm_kind_info *vm_kind_info(enum vm_kind kind);
const char *vm_backing_name(enum vm_backing backing);
const char *vm_sharing_name(enum vm_sharing sharing);

/* A file as maps identifies it. */
struct vm_file_id {
	uint64_t inode;
	uint32_t dev_major, dev_minor;
};

/*
 * What the rules need to know beyond the mapping itself. Both arrays are borrowed and sorted
 * ascending; either may be empty, then the rules that need it do not match.
 */
struct vm_kind_context {
	const uint64_t *stack_pointers; /* of the process's threads */
	size_t stack_pointer_count;
	const struct vm_file_id *code_files; /* every file that the process maps executable */
	size_t code_file_count;
};

/* Order for vm_kind_context.code_files; as qsort() wants it. */
int vm_file_id_compare(const void *a, const void *b);

static inline struct vm_file_id vm_mapping_file(const struct vm_mapping *mapping)
{
	return (struct vm_file_id){ mapping->inode, mapping->dev_major, mapping->dev_minor };
}

/* @context may be NULL: the mapping is judged alone. */
enum vm_kind vm_kind_of(const struct vm_mapping *mapping, const struct vm_kind_context *context);

/* Whether the process executes its file: then that is one of vm_kind_context.code_files. */
bool vm_mapping_is_code(const struct vm_mapping *mapping);

/* @kind as vm_kind_of() told it. */
enum vm_backing vm_backing_of(const struct vm_mapping *mapping, enum vm_kind kind);

static inline enum vm_sharing vm_sharing_of(const struct vm_mapping *mapping)
{
	return vm_mapping_shared(mapping) ? VM_SHARING_SHARED : VM_SHARING_PRIVATE;
}

/* Writable and executable at once. */
static inline bool vm_mapping_is_wx(const struct vm_mapping *mapping)
{
	return vm_mapping_writable(mapping) && vm_mapping_executable(mapping);
}

/*
 * Whether the name says that the last link of the mapped file is gone: it ends in " (deleted)" and
 * is not that of a shared memory object, which never had a link. A file may really be called that:
 * vm_sample_snapshot() asks the file system where it can.
 */
bool vm_name_says_deleted(const struct vm_mapping *mapping, enum vm_kind kind);

/* Tell @mapping what it is: kind, backing, and whether it is deleted, by its name. */
void vm_mapping_classify(struct vm_mapping *mapping, const struct vm_kind_context *context);

/*
 * What to call a classified mapping: its name, without a remark where it is deleted, or for what has none "[anon]",
 * "[reserved]" or "[thread stack]". Borrowed from the mapping or static.
 */
struct vm_str vm_display_name(const struct vm_mapping *mapping);

/* The name without a " (deleted)" that is a remark of the kernel's. */
struct vm_str vm_name_without_remark(const struct vm_mapping *mapping, bool deleted);
