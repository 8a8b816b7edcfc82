#include "vmview/field.h"

#include <assert.h>

/* VM_STR() is no constant, so it cannot stand in a table. */
#define KEY(literal)                           \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

static const struct vm_field_info infos[] = {
	[VM_FIELD_SIZE] = { KEY("Size"), VM_UNIT_BYTES, "size as the kernel counts it" },
	[VM_FIELD_KERNEL_PAGE_SIZE] = { KEY("KernelPageSize"), VM_UNIT_BYTES,
					"page size that backs the mapping" },
	[VM_FIELD_MMU_PAGE_SIZE] = { KEY("MMUPageSize"), VM_UNIT_BYTES,
				     "page size that the processor uses" },
	[VM_FIELD_RSS] = { KEY("Rss"), VM_UNIT_BYTES, "in memory now, hugetlb pages excepted" },
	[VM_FIELD_PSS] = { KEY("Pss"), VM_UNIT_BYTES,
			   "in memory, each page divided by how many map it" },
	[VM_FIELD_PSS_DIRTY] = { KEY("Pss_Dirty"), VM_UNIT_BYTES, "the dirty part of Pss" },
	[VM_FIELD_PSS_ANON] = { KEY("Pss_Anon"), VM_UNIT_BYTES, "the anonymous part of Pss" },
	[VM_FIELD_PSS_FILE] = { KEY("Pss_File"), VM_UNIT_BYTES, "the file part of Pss" },
	[VM_FIELD_PSS_SHMEM] = { KEY("Pss_Shmem"), VM_UNIT_BYTES, "the shared memory part of Pss" },
	[VM_FIELD_SHARED_CLEAN] = { KEY("Shared_Clean"), VM_UNIT_BYTES,
				    "mapped more than once, unmodified" },
	[VM_FIELD_SHARED_DIRTY] = { KEY("Shared_Dirty"), VM_UNIT_BYTES,
				    "mapped more than once, modified" },
	[VM_FIELD_PRIVATE_CLEAN] = { KEY("Private_Clean"), VM_UNIT_BYTES,
				     "mapped here only, unmodified" },
	[VM_FIELD_PRIVATE_DIRTY] = { KEY("Private_Dirty"), VM_UNIT_BYTES,
				     "mapped here only, modified" },
	[VM_FIELD_REFERENCED] = { KEY("Referenced"), VM_UNIT_BYTES, "marked as accessed" },
	[VM_FIELD_ANONYMOUS] = { KEY("Anonymous"), VM_UNIT_BYTES,
				 "no longer or never a file's: in a private file mapping, the copies" },
	[VM_FIELD_KSM] = { KEY("KSM"), VM_UNIT_BYTES, "merged by kernel samepage merging" },
	[VM_FIELD_LAZY_FREE] = { KEY("LazyFree"), VM_UNIT_BYTES,
				 "given up with MADV_FREE, not yet taken" },
	[VM_FIELD_ANON_HUGE_PAGES] = { KEY("AnonHugePages"), VM_UNIT_BYTES,
				       "anonymous memory in transparent huge pages" },
	[VM_FIELD_SHMEM_HUGE_PAGES] = { KEY("ShmemHugePages"), VM_UNIT_BYTES,
					"shared memory in transparent huge pages" },
	[VM_FIELD_SHMEM_PMD_MAPPED] = { KEY("ShmemPmdMapped"), VM_UNIT_BYTES,
					"shared memory mapped by huge entries" },
	[VM_FIELD_FILE_PMD_MAPPED] = { KEY("FilePmdMapped"), VM_UNIT_BYTES,
				       "file pages mapped by huge entries" },
	[VM_FIELD_SHARED_HUGETLB] = { KEY("Shared_Hugetlb"), VM_UNIT_BYTES,
				      "hugetlb pages mapped more than once, outside Rss" },
	[VM_FIELD_PRIVATE_HUGETLB] = { KEY("Private_Hugetlb"), VM_UNIT_BYTES,
				       "hugetlb pages mapped here only, outside Rss" },
	[VM_FIELD_SWAP] = { KEY("Swap"), VM_UNIT_BYTES, "swapped out" },
	[VM_FIELD_SWAP_PSS] = { KEY("SwapPss"), VM_UNIT_BYTES,
				"swapped out, divided by how many share it" },
	[VM_FIELD_LOCKED] = { KEY("Locked"), VM_UNIT_BYTES, "locked in memory" },
	[VM_FIELD_NONLINEAR] = { KEY("Nonlinear"), VM_UNIT_BYTES,
				 "pages of a nonlinear mapping (remap_file_pages, until 3.19)" },
	[VM_FIELD_THP_ELIGIBLE] = { KEY("THPeligible"), VM_UNIT_NUMBER,
				    "1 where transparent huge pages may be used" },
	[VM_FIELD_PROTECTION_KEY] = { KEY("ProtectionKey"), VM_UNIT_NUMBER,
				      "memory protection key" },
};
static_assert(sizeof(infos) / sizeof(infos[0]) == VM_FIELD_COUNT, "describe every field");
static_assert(VM_FIELD_COUNT <= 64, "the masks of vm_usage have 64 bits");

const struct vm_field_info *vm_field_info(enum vm_field field)
{
	assert(field < VM_FIELD_COUNT);
	return &infos[field];
}

enum vm_field vm_field_find(struct vm_str key)
{
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++) {
		if (vm_str_equal(key, infos[field].key))
			return field;
	}
	return VM_FIELD_COUNT;
}
