#include "vmview/column.h"

#include <assert.h>

#include "order.h"
#include "vmview/kind.h"
#include "vmview/selection.h"

#define NO_MEASURE VM_MEASURE_COUNT

static const struct {
	struct vm_column_info info;
	enum vm_measure measure; /* NO_MEASURE: none */
} columns[VM_COLUMN_COUNT] = {
#define COLUMN(id, name, type, summable, measure, help) \
	[VM_COLUMN_##id] = { { name, help, VM_TYPE_##type, summable }, measure }
#define MEASURE(id, name, help) COLUMN(id, name, BYTES, true, VM_MEASURE_##id, help)
	COLUMN(ADDRESS, "address", ADDRESS, false, NO_MEASURE, "first address, hexadecimal"),
	COLUMN(END, "end", ADDRESS, false, NO_MEASURE, "address behind the last one, hexadecimal"),
	MEASURE(SIZE, "size", "address space, in memory or not"),
	MEASURE(RSS, "rss", "in memory now"),
	MEASURE(PSS, "pss", "in memory, shared pages divided among their users"),
	MEASURE(USS, "uss", "in memory and mapped by nobody else now"),
	MEASURE(SHARED, "shared", "in memory and in fact mapped more than once now"),
	MEASURE(DIRTY, "dirty", "modified since it came from its file, or anonymous"),
	MEASURE(SWAP, "swap", "swapped out"),
	MEASURE(LOCKED, "locked", "locked in memory"),
	MEASURE(HUGETLB, "hugetlb", "in hugetlb pages, which rss does not count"),
	MEASURE(COPIED, "copied", "copied on write: private file pages that were written to"),
	COLUMN(PERMS, "perms", TEXT, false, NO_MEASURE, "r w x, and s for shared or p for private"),
	COLUMN(KIND, "kind", TEXT, false, NO_MEASURE, "what it is: heap, stack, code, anon, ..."),
	COLUMN(BACKING, "backing", TEXT, false, NO_MEASURE, "file, anonymous or special"),
	COLUMN(SHARING, "sharing", TEXT, false, NO_MEASURE, "shared or private"),
	COLUMN(FLAGS, "flags", TEXT, false, NO_MEASURE,
	       "deleted: the file has no link; wx: writable and executable"),
	COLUMN(OFFSET, "offset", HEX, false, NO_MEASURE,
	       "where in the file it begins, hexadecimal"),
	COLUMN(DEVICE, "device", TEXT, false, NO_MEASURE, "device of the file, major:minor"),
	COLUMN(INODE, "inode", NUMBER, false, NO_MEASURE, "number of the file on its device"),
	COLUMN(DELETED, "deleted", BOOL, false, NO_MEASURE, "the mapped file has no link any more"),
	COLUMN(VM_FLAGS, "vm_flags", TEXT, false, NO_MEASURE,
	       "the kernel's flags, two letters each"),
	COLUMN(MAPPING, "mapping", TEXT, false, NO_MEASURE,
	       "last part of the file's name, or the kernel's name for it"),
	COLUMN(PATH, "path", TEXT, false, NO_MEASURE, "whole name, as the kernel prints it"),
#undef COLUMN
#undef MEASURE
};

/* clang-format off */
static const char *const field_names[] = {
	[VM_FIELD_SIZE] = "kernel_size",
	[VM_FIELD_KERNEL_PAGE_SIZE] = "kernelpagesize",
	[VM_FIELD_MMU_PAGE_SIZE] = "mmupagesize",
	[VM_FIELD_RSS] = "rss",
	[VM_FIELD_PSS] = "pss",
	[VM_FIELD_PSS_DIRTY] = "pss_dirty",
	[VM_FIELD_PSS_ANON] = "pss_anon",
	[VM_FIELD_PSS_FILE] = "pss_file",
	[VM_FIELD_PSS_SHMEM] = "pss_shmem",
	[VM_FIELD_SHARED_CLEAN] = "shared_clean",
	[VM_FIELD_SHARED_DIRTY] = "shared_dirty",
	[VM_FIELD_PRIVATE_CLEAN] = "private_clean",
	[VM_FIELD_PRIVATE_DIRTY] = "private_dirty",
	[VM_FIELD_REFERENCED] = "referenced",
	[VM_FIELD_ANONYMOUS] = "anonymous",
	[VM_FIELD_KSM] = "ksm",
	[VM_FIELD_LAZY_FREE] = "lazyfree",
	[VM_FIELD_ANON_HUGE_PAGES] = "anonhugepages",
	[VM_FIELD_SHMEM_HUGE_PAGES] = "shmemhugepages",
	[VM_FIELD_SHMEM_PMD_MAPPED] = "shmempmdmapped",
	[VM_FIELD_FILE_PMD_MAPPED] = "filepmdmapped",
	[VM_FIELD_SHARED_HUGETLB] = "shared_hugetlb",
	[VM_FIELD_PRIVATE_HUGETLB] = "private_hugetlb",
	[VM_FIELD_SWAP] = "swap",
	[VM_FIELD_SWAP_PSS] = "swappss",
	[VM_FIELD_LOCKED] = "locked",
	[VM_FIELD_NONLINEAR] = "nonlinear",
	[VM_FIELD_THP_ELIGIBLE] = "thpeligible",
	[VM_FIELD_PROTECTION_KEY] = "protectionkey",
};
/* clang-format on */
static_assert(sizeof(field_names) / sizeof(field_names[0]) == VM_FIELD_COUNT, "name every field");

static bool is_field(enum vm_column column)
{
	return column >= VM_COLUMN_FIELDS && column < VM_COLUMN_FIELDS + VM_FIELD_COUNT;
}

static enum vm_field field_of(enum vm_column column)
{
	return (enum vm_field)(column - VM_COLUMN_FIELDS);
}

/* Page sizes are bytes, but their sum says nothing; that of plain numbers neither. */
static bool is_summable(enum vm_field field)
{
	return vm_field_info(field)->unit == VM_UNIT_BYTES && field != VM_FIELD_KERNEL_PAGE_SIZE &&
	       field != VM_FIELD_MMU_PAGE_SIZE;
}

struct vm_column_info vm_column_info(enum vm_column column)
{
	enum vm_field field = field_of(column);

	assert(column < VM_COLUMN_COUNT);
	if (!is_field(column))
		return columns[column].info;
	return (struct vm_column_info){
		.name = field_names[field],
		.help = vm_field_info(field)->help,
		.type = vm_field_info(field)->unit == VM_UNIT_BYTES ? VM_TYPE_BYTES :
								      VM_TYPE_NUMBER,
		.summable = is_summable(field),
	};
}

bool vm_column_is_listed(enum vm_column column)
{
	enum vm_field field = field_of(column);

	return !is_field(column) || (field != VM_FIELD_RSS && field != VM_FIELD_PSS &&
				     field != VM_FIELD_SWAP && field != VM_FIELD_LOCKED);
}

enum vm_column vm_column_find(struct vm_str name)
{
	enum vm_column column = 0;

	while (column < VM_COLUMN_COUNT &&
	       !vm_str_equal_fold(name, vm_str_from(vm_column_info(column).name)))
		column++;
	return column;
}

uint64_t vm_column_fields(enum vm_column column)
{
	assert(column < VM_COLUMN_COUNT);
	if (is_field(column))
		return UINT64_C(1) << field_of(column);
	return columns[column].measure == NO_MEASURE ? 0 :
						       vm_measure_fields(columns[column].measure);
}

bool vm_column_needs_smaps(enum vm_column column)
{
	return column == VM_COLUMN_VM_FLAGS || vm_column_fields(column);
}

bool vm_column_has(const struct vm_mapping *mapping, enum vm_column column)
{
	uint64_t fields = vm_column_fields(column);

	if (column == VM_COLUMN_VM_FLAGS)
		return mapping->vm_flags.p;
	return (mapping->usage.present & fields) == fields;
}

uint64_t vm_column_number(const struct vm_mapping *mapping, enum vm_column column)
{
	assert(column < VM_COLUMN_COUNT);
	if (is_field(column))
		return vm_usage_get(&mapping->usage, field_of(column));
	if (columns[column].measure != NO_MEASURE)
		return vm_measure_of(mapping, columns[column].measure);
	if (column == VM_COLUMN_ADDRESS)
		return mapping->start;
	if (column == VM_COLUMN_END)
		return mapping->end;
	if (column == VM_COLUMN_OFFSET)
		return mapping->offset;
	return column == VM_COLUMN_INODE ? mapping->inode : mapping->deleted;
}

/* Of what has no path, as `[anon:a/b]` and `/memfd:a/b (deleted)`, the slash is a letter like any other. */
static struct vm_str last_part(const struct vm_mapping *m)
{
	struct vm_str name = vm_display_name(m);

	if (!vm_str_starts(name, VM_STR("/")))
		return name;
	if (m->backing == VM_BACKING_ANONYMOUS && vm_str_starts(name, VM_STR("/memfd:")))
		return vm_str_skip(name, 1);
	return vm_str_skip(name, vm_str_find_last(name, '/') + 1);
}

static struct vm_str flags_of(const struct vm_mapping *m)
{
	if (vm_mapping_is_wx(m))
		return m->deleted ? VM_STR("deleted,wx") : VM_STR("wx");
	return m->deleted ? VM_STR("deleted") : VM_STR("");
}

static struct vm_str device_of(const struct vm_mapping *m, char room[32])
{
	struct vm_buf text = { .p = room, .cap = 32 }; /* two times 8 digits fit */

	vm_buf_put_hex(&text, m->dev_major, 2, '0');
	vm_buf_put_char(&text, ':');
	vm_buf_put_hex(&text, m->dev_minor, 2, '0');
	return vm_buf_str(&text);
}

struct vm_str vm_column_text(const struct vm_mapping *mapping, enum vm_column column, char room[32])
{
	if (column == VM_COLUMN_PERMS)
		return (struct vm_str){ mapping->perms, sizeof(mapping->perms) };
	if (column == VM_COLUMN_KIND)
		return vm_str_from(vm_kind_info(mapping->kind)->name);
	if (column == VM_COLUMN_BACKING)
		return vm_str_from(vm_backing_name(mapping->backing));
	if (column == VM_COLUMN_SHARING)
		return vm_str_from(vm_sharing_name(vm_sharing_of(mapping)));
	if (column == VM_COLUMN_FLAGS)
		return flags_of(mapping);
	if (column == VM_COLUMN_DEVICE)
		return device_of(mapping, room);
	if (column == VM_COLUMN_VM_FLAGS)
		return mapping->vm_flags;
	if (column == VM_COLUMN_MAPPING)
		return last_part(mapping);
	assert(column == VM_COLUMN_PATH);
	return vm_name_without_remark(mapping, mapping->deleted);
}

int vm_column_compare(const struct vm_mapping *a, const struct vm_mapping *b, enum vm_column column)
{
	char room_a[32], room_b[32];

	if (vm_column_info(column).type != VM_TYPE_TEXT)
		return vm_order_number(vm_column_number(a, column), vm_column_number(b, column));
	return vm_order_text(vm_column_text(a, column, room_a), vm_column_text(b, column, room_b));
}
