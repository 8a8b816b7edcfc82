#include "vmview/kind.h"

#include <assert.h>
#include <stdlib.h>

static const struct vm_kind_info infos[] = {
	[VM_KIND_KERNEL] = { "kernel", 'k', "provided by the kernel: vdso, vvar, vsyscall" },
	[VM_KIND_STACK] = { "stack", 'S', "a stack" },
	[VM_KIND_HEAP] = { "heap", 'h', "the heap that brk grows" },
	[VM_KIND_HUGETLB] = { "hugetlb", 'H', "hugetlb pages, which RSS does not count" },
	[VM_KIND_SYSV_SHM] = { "sysv-shm", 's', "System V shared memory" },
	[VM_KIND_POSIX_SHM] = { "posix-shm", 's', "POSIX shared memory (shm_open)" },
	[VM_KIND_MEMFD] = { "memfd", 's', "memory behind a descriptor (memfd_create)" },
	[VM_KIND_SHARED_ANON] = { "shared-anon", 's', "MAP_SHARED|MAP_ANONYMOUS" },
	[VM_KIND_RESERVED] = { "reserved", '-', "address space without access: uses no memory" },
	[VM_KIND_ANON] = { "anon", 'a', "private anonymous memory" },
	[VM_KIND_DEVICE] = { "device", 'd', "a device's memory" },
	[VM_KIND_ANON_INODE] = { "anon-inode", 'd', "a kernel object without a path" },
	[VM_KIND_CODE] = { "code", 'x', "a file that can be executed" },
	[VM_KIND_DATA] = { "data", 'D', "constants and variables of a program or library" },
	[VM_KIND_MAPPED_FILE] = { "mapped-file", 'f', "any other file" },
};
static_assert(sizeof(infos) / sizeof(infos[0]) == VM_KIND_COUNT, "describe every kind");

static const char *const backing_names[] = {
	[VM_BACKING_FILE] = "file",
	[VM_BACKING_ANONYMOUS] = "anonymous",
	[VM_BACKING_SPECIAL] = "special",
};
static_assert(sizeof(backing_names) / sizeof(backing_names[0]) == VM_BACKING_COUNT,
	      "name every backing");

static const char *const sharing_names[] = {
	[VM_SHARING_PRIVATE] = "private",
	[VM_SHARING_SHARED] = "shared",
};
static_assert(sizeof(sharing_names) / sizeof(sharing_names[0]) == VM_SHARING_COUNT,
	      "name both sharings");

const struct vm_kind_info *vm_kind_info(enum vm_kind kind)
{
	assert(kind < VM_KIND_COUNT);
	return &infos[kind];
}

const char *vm_backing_name(enum vm_backing backing)
{
	assert(backing < VM_BACKING_COUNT);
	return backing_names[backing];
}

const char *vm_sharing_name(enum vm_sharing sharing)
{
	assert(sharing < VM_SHARING_COUNT);
	return sharing_names[sharing];
}

int vm_file_id_compare(const void *a, const void *b)
{
	const struct vm_file_id *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->dev_major != y->dev_major)
		return x->dev_major < y->dev_major ? -1 : 1;
	if (x->dev_minor != y->dev_minor)
		return x->dev_minor < y->dev_minor ? -1 : 1;
	return 0;
}

static bool named(const struct vm_mapping *m, const char *name)
{
	return vm_str_equal(m->name, vm_str_from(name));
}

static bool name_starts(const struct vm_mapping *m, const char *prefix)
{
	return vm_str_starts(m->name, vm_str_from(prefix));
}

static const struct vm_str remark = { " (deleted)", 10 };

static bool has_remark(const struct vm_mapping *m)
{
	return vm_str_ends(m->name, remark);
}

/* `[anon:NAME]` and `[anon_shmem:NAME]`, as prctl(PR_SET_VMA_ANON_NAME) gives them. */
static bool is_named_anon(const struct vm_mapping *m)
{
	return name_starts(m, "[anon:") || name_starts(m, "[anon_shmem:");
}

static bool is_stack_name(const struct vm_mapping *m)
{
	return named(m, "[stack]") || name_starts(m, "[stack:");
}

/*
 * Every bracketed name that is none of these is the kernel's: naming what the kernel has today would
 * be wrong tomorrow.
 */
static bool is_kernel(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return name_starts(m, "[") && !named(m, "[heap]") && !is_stack_name(m) && !is_named_anon(m);
}

/* Whether a thread's stack pointer lies in the mapping; only anonymous memory is a thread's stack. */
static bool holds_stack_pointer(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	size_t low = 0, high = context->stack_pointer_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (context->stack_pointers[middle] < m->start)
			low = middle + 1;
		else
			high = middle;
	}
	return low < context->stack_pointer_count && context->stack_pointers[low] < m->end;
}

static bool is_stack(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	if (is_stack_name(m))
		return true;
	return (m->name.len == 0 || name_starts(m, "[anon:")) && !vm_mapping_shared(m) &&
	       holds_stack_pointer(m, context);
}

static bool is_heap(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return named(m, "[heap]");
}

static bool is_hugetlb(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return vm_mapping_has_flag(m, "ht") || named(m, "/anon_hugepage (deleted)");
}

static bool is_sysv_shm(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	struct vm_str rest = m->name;

	(void)context;
	if (!name_starts(m, "/SYSV"))
		return false;
	rest = vm_str_skip(rest, 5);
	for (size_t i = 0; i < 8; i++) {
		if (i >= rest.len || !memchr("0123456789abcdef", rest.p[i], 16))
			return false;
	}
	return vm_str_equal(vm_str_skip(rest, 8), remark);
}

static bool is_posix_shm(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return name_starts(m, "/dev/shm/");
}

/* Of memfd_create(2), or of memfd_secret(2). */
static bool is_memfd(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return (name_starts(m, "/memfd:") && has_remark(m)) || named(m, "/secretmem (deleted)");
}

/* Android's, which names them as if they were below its device. */
static bool is_ashmem(const struct vm_mapping *m)
{
	return named(m, "/dev/ashmem (deleted)") ||
	       (name_starts(m, "/dev/ashmem/") && has_remark(m));
}

/* Buffers of graphics drivers: drivers/gpu/drm asks mm/shmem.c for them by these names. */
static bool is_drm(const struct vm_mapping *m)
{
	return named(m, "/i915 (deleted)") || named(m, "/drm mm object (deleted)");
}

static bool is_shared_anon(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return named(m, "/dev/zero (deleted)") || name_starts(m, "[anon_shmem:") || is_ashmem(m) ||
	       is_drm(m);
}

static bool is_anon(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return m->name.len == 0 || name_starts(m, "[anon:") ||
	       (named(m, "/dev/zero") && !vm_mapping_shared(m));
}

static bool is_reserved(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	return is_anon(m, context) && !vm_mapping_readable(m) && !vm_mapping_writable(m) &&
	       !vm_mapping_executable(m);
}

static bool is_device(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return name_starts(m, "/dev/") || vm_mapping_has_flag(m, "io") ||
	       vm_mapping_has_flag(m, "pf");
}

/* The ring of io_setup(2) is an object like others, though its name begins with a slash. */
static bool is_anon_inode(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return !name_starts(m, "/") || named(m, "/[aio] (deleted)");
}

static bool is_code(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	(void)context;
	return vm_mapping_executable(m);
}

static bool is_data(const struct vm_mapping *m, const struct vm_kind_context *context)
{
	struct vm_file_id id = vm_mapping_file(m);

	return !vm_mapping_shared(m) && context->code_file_count &&
	       bsearch(&id, context->code_files, context->code_file_count, sizeof(id),
		       vm_file_id_compare);
}

/* One rule a line: the order is the design. */
/* clang-format off */
static const struct {
	bool (*matches)(const struct vm_mapping *mapping, const struct vm_kind_context *context);
	enum vm_kind kind;
} rules[] = {
	{ is_kernel, VM_KIND_KERNEL },
	{ is_stack, VM_KIND_STACK },
	{ is_heap, VM_KIND_HEAP },
	{ is_hugetlb, VM_KIND_HUGETLB },
	{ is_sysv_shm, VM_KIND_SYSV_SHM },
	{ is_posix_shm, VM_KIND_POSIX_SHM },
	{ is_memfd, VM_KIND_MEMFD },
	{ is_shared_anon, VM_KIND_SHARED_ANON },
	{ is_reserved, VM_KIND_RESERVED },
	{ is_anon, VM_KIND_ANON },
	{ is_device, VM_KIND_DEVICE },
	{ is_anon_inode, VM_KIND_ANON_INODE },
	{ is_code, VM_KIND_CODE },
	{ is_data, VM_KIND_DATA },
};
/* clang-format on */

enum vm_kind vm_kind_of(const struct vm_mapping *mapping, const struct vm_kind_context *context)
{
	static const struct vm_kind_context nothing;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].matches(mapping, context ? context : &nothing))
			return rules[i].kind;
	}
	return VM_KIND_MAPPED_FILE;
}

bool vm_mapping_is_code(const struct vm_mapping *mapping)
{
	return vm_mapping_executable(mapping) && vm_kind_of(mapping, NULL) == VM_KIND_CODE;
}

/* A hugetlb mapping has a file of its own only on a mounted hugetlbfs. */
static enum vm_backing hugetlb_backing(const struct vm_mapping *m)
{
	bool object = m->name.len == 0 || named(m, "/anon_hugepage (deleted)") ||
		      is_named_anon(m) || is_memfd(m, NULL) || is_sysv_shm(m, NULL);

	return object ? VM_BACKING_ANONYMOUS : VM_BACKING_FILE;
}

enum vm_backing vm_backing_of(const struct vm_mapping *mapping, enum vm_kind kind)
{
	switch (kind) {
	case VM_KIND_KERNEL:
	case VM_KIND_DEVICE:
	case VM_KIND_ANON_INODE:
		return VM_BACKING_SPECIAL;
	case VM_KIND_STACK:
	case VM_KIND_HEAP:
	case VM_KIND_SYSV_SHM:
	case VM_KIND_POSIX_SHM:
	case VM_KIND_MEMFD:
	case VM_KIND_SHARED_ANON:
	case VM_KIND_RESERVED:
	case VM_KIND_ANON:
		return VM_BACKING_ANONYMOUS;
	case VM_KIND_HUGETLB:
		return hugetlb_backing(mapping);
	case VM_KIND_CODE:
	case VM_KIND_DATA:
	case VM_KIND_MAPPED_FILE:
	case VM_KIND_COUNT:
		return VM_BACKING_FILE;
	}
	return VM_BACKING_FILE;
}

bool vm_name_says_deleted(const struct vm_mapping *mapping, enum vm_kind kind)
{
	if (!has_remark(mapping) || !name_starts(mapping, "/"))
		return false;
	if (kind == VM_KIND_HUGETLB)
		return hugetlb_backing(mapping) == VM_BACKING_FILE;
	return kind != VM_KIND_SYSV_SHM && kind != VM_KIND_MEMFD && kind != VM_KIND_SHARED_ANON &&
	       kind != VM_KIND_ANON_INODE;
}

void vm_mapping_classify(struct vm_mapping *mapping, const struct vm_kind_context *context)
{
	enum vm_kind kind = vm_kind_of(mapping, context);

	mapping->kind = (uint8_t)kind;
	mapping->backing = (uint8_t)vm_backing_of(mapping, kind);
	mapping->deleted = vm_name_says_deleted(mapping, kind);
}

struct vm_str vm_name_without_remark(const struct vm_mapping *mapping, bool deleted)
{
	struct vm_str name = mapping->name;

	if (deleted && has_remark(mapping))
		name.len -= remark.len;
	return name;
}

struct vm_str vm_display_name(const struct vm_mapping *mapping)
{
	if (mapping->name.len)
		return vm_name_without_remark(mapping, mapping->deleted);
	if (mapping->kind == VM_KIND_STACK)
		return VM_STR("[thread stack]");
	return mapping->kind == VM_KIND_RESERVED ? VM_STR("[reserved]") : VM_STR("[anon]");
}
