#include "helper.h"

#include "vmview/kind.h"

struct row {
	const char *perms, *name, *flags;
	enum vm_kind kind;
	enum vm_backing backing;
	bool deleted;
};

#define FILE_BACKED VM_BACKING_FILE
#define ANONYMOUS VM_BACKING_ANONYMOUS
#define SPECIAL VM_BACKING_SPECIAL

/* The file of inode 77 is mapped as code; 0x5000 and 0x9000 are stack pointers. */
static const uint64_t pointers[] = { 0x5000, 0x9000 };
static const struct vm_file_id code_files[] = { { 5, 8, 1 }, { 77, 8, 1 }, { 78, 8, 1 } };
static const struct vm_kind_context context = { pointers, 2, code_files, 3 };

static struct vm_mapping make(const char *perms, const char *name, const char *flags)
{
	struct vm_mapping m = { .start = 0x100000, .end = 0x102000, .name = vm_str_from(name) };

	memcpy(m.perms, perms, sizeof(m.perms));
	m.vm_flags = vm_str_from(flags);
	if (name[0] == '/')
		m.inode = 1000, m.dev_major = 8, m.dev_minor = 1;
	return m;
}

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct vm_mapping m = make(rows[i].perms, rows[i].name, rows[i].flags);
		enum vm_kind kind = vm_kind_of(&m, &context);

		assert_row(kind == rows[i].kind, rows[i].name);
		assert_row(vm_kind_of(&m, NULL) == kind, rows[i].name);
		assert_row(vm_backing_of(&m, kind) == rows[i].backing, rows[i].name);
		assert_row(vm_name_says_deleted(&m, kind) == rows[i].deleted, rows[i].name);
	}
}

TEST(name_in_brackets_that_is_none_of_the_others_is_the_kernels)
{
	static const struct row rows[] = {
		{ "r-xp", "[vdso]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "r--p", "[vvar]", "rd mr pf io de dd sd", VM_KIND_KERNEL, SPECIAL, false },
		{ "r--p", "[vvar_vclock]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "--xp", "[vsyscall]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "r-xp", "[sigpage]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "r-xp", "[vectors]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "--xp", "[uprobes]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "---p", "[vdso]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "---p", "[rollup]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "r--s", "[of tomorrow]", NULL, VM_KIND_KERNEL, SPECIAL, false },
	};

	check(rows, COUNT(rows));
}

TEST(main_stack_and_old_names_of_thread_stacks_are_stack)
{
	static const struct row rows[] = {
		{ "rw-p", "[stack]", NULL, VM_KIND_STACK, ANONYMOUS, false },
		{ "rwxp", "[stack]", NULL, VM_KIND_STACK, ANONYMOUS, false },
		{ "rw-p", "[stack:812]", NULL, VM_KIND_STACK, ANONYMOUS, false },
		{ "rw-p", "[stack]", "rd wr ht", VM_KIND_STACK, ANONYMOUS, false },
		{ "rw-p", "[stacked]", NULL, VM_KIND_KERNEL, SPECIAL, false },
		{ "rw-p", "/tmp/[stack]", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
	};

	check(rows, COUNT(rows));
}

TEST(heap_is_what_the_kernel_calls_heap)
{
	static const struct row rows[] = {
		{ "rw-p", "[heap]", NULL, VM_KIND_HEAP, ANONYMOUS, false },
		{ "rwxp", "[heap]", NULL, VM_KIND_HEAP, ANONYMOUS, false },
		{ "---p", "[heap]", NULL, VM_KIND_HEAP, ANONYMOUS, false },
		{ "rw-p", "[heap]", "rd wr ht", VM_KIND_HEAP, ANONYMOUS, false },
		{ "rw-p", "/tmp/[heap]", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
	};

	check(rows, COUNT(rows));
}

TEST(hugetlb_is_told_by_its_flag_or_its_name)
{
	static const struct row rows[] = {
		{ "rw-p", "/anon_hugepage (deleted)", NULL, VM_KIND_HUGETLB, ANONYMOUS, false },
		{ "rw-s", "/anon_hugepage (deleted)", "rd ht", VM_KIND_HUGETLB, ANONYMOUS, false },
		{ "rw-p", "", "rd wr ht", VM_KIND_HUGETLB, ANONYMOUS, false },
		{ "rw-p", "[anon:huge]", "rd wr ht", VM_KIND_HUGETLB, ANONYMOUS, false },
		{ "---p", "", "ht", VM_KIND_HUGETLB, ANONYMOUS, false },
		{ "rw-s", "/SYSV00000000 (deleted)", "rd wr sh ht", VM_KIND_HUGETLB, ANONYMOUS,
		  false },
		{ "rw-s", "/memfd:pages (deleted)", "rd wr sh ht", VM_KIND_HUGETLB, ANONYMOUS,
		  false },
		{ "rw-s", "/dev/hugepages/pool", "rd wr sh ht", VM_KIND_HUGETLB, FILE_BACKED,
		  false },
		{ "rw-s", "/mnt/huge/gone (deleted)", "rd sh ht", VM_KIND_HUGETLB, FILE_BACKED,
		  true },
		{ "r-xp", "/mnt/huge/code", "rd ex ht", VM_KIND_HUGETLB, FILE_BACKED, false },
		{ "rw-p", "/anon_hugepage", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
	};

	check(rows, COUNT(rows));
}

TEST(sysv_shm_has_a_name_of_eight_digits_and_the_remark)
{
	static const struct row rows[] = {
		{ "rw-s", "/SYSV00000000 (deleted)", NULL, VM_KIND_SYSV_SHM, ANONYMOUS, false },
		{ "r--s", "/SYSV0052e2c1 (deleted)", NULL, VM_KIND_SYSV_SHM, ANONYMOUS, false },
		{ "rwxs", "/SYSVffffffff (deleted)", NULL, VM_KIND_SYSV_SHM, ANONYMOUS, false },
		{ "rw-s", "/SYSV0052E2C1 (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, true },
		{ "rw-s", "/SYSV0052e2c (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, true },
		{ "rw-s", "/SYSV0052e2c11 (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED,
		  true },
		{ "rw-s", "/SYSV0052e2c", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "rw-s", "/SYSV0052e2c1", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "rw-s", "/SYSV", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "rw-s", "/tmp/SYSV0052e2c1 (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED,
		  true },
	};

	check(rows, COUNT(rows));
}

TEST(posix_shm_is_a_file_of_dev_shm_and_may_lose_its_link)
{
	static const struct row rows[] = {
		{ "rw-s", "/dev/shm/pool", NULL, VM_KIND_POSIX_SHM, ANONYMOUS, false },
		{ "r--p", "/dev/shm/pool", NULL, VM_KIND_POSIX_SHM, ANONYMOUS, false },
		{ "r-xs", "/dev/shm/code", NULL, VM_KIND_POSIX_SHM, ANONYMOUS, false },
		{ "---s", "/dev/shm/pool", NULL, VM_KIND_POSIX_SHM, ANONYMOUS, false },
		{ "rw-s", "/dev/shm/pool (deleted)", NULL, VM_KIND_POSIX_SHM, ANONYMOUS, true },
		{ "rw-s", "/dev/shmem/pool", NULL, VM_KIND_DEVICE, SPECIAL, false },
		{ "rw-s", "/tmp/dev/shm/pool", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
	};

	check(rows, COUNT(rows));
}

TEST(memfd_has_its_prefix_and_the_remark)
{
	static const struct row rows[] = {
		{ "rw-s", "/memfd:pool (deleted)", NULL, VM_KIND_MEMFD, ANONYMOUS, false },
		{ "rw-p", "/memfd: (deleted)", NULL, VM_KIND_MEMFD, ANONYMOUS, false },
		{ "r-xs", "/memfd:/jit-cache (deleted)", NULL, VM_KIND_MEMFD, ANONYMOUS, false },
		{ "---s", "/memfd:x (deleted)", NULL, VM_KIND_MEMFD, ANONYMOUS, false },
		{ "rw-s", "/memfd:a/b (deleted)", NULL, VM_KIND_MEMFD, ANONYMOUS, false },
		{ "rw-s", "/secretmem (deleted)", NULL, VM_KIND_MEMFD, ANONYMOUS, false },
		{ "rw-s", "/secretmem", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "rw-s", "/tmp/secretmem (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED,
		  true },
		{ "rw-s", "/memfd:pool", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "rw-s", "/tmp/memfd:x (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, true },
	};

	check(rows, COUNT(rows));
}

TEST(shared_anonymous_memory_is_dev_zero_with_the_remark_or_named)
{
	static const struct row rows[] = {
		{ "rw-s", "/dev/zero (deleted)", NULL, VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "rwxs", "/dev/zero (deleted)", NULL, VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "---s", "/dev/zero (deleted)", NULL, VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "rw-s", "[anon_shmem:pool]", NULL, VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "---s", "[anon_shmem:pool]", NULL, VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "rw-s", "[anon_shmem]", NULL, VM_KIND_KERNEL, SPECIAL, false },
	};

	check(rows, COUNT(rows));
}

TEST(objects_of_other_parts_of_the_kernel_in_its_shared_memory_are_shared_anon)
{
	static const struct row rows[] = {
		{ "rw-s", "/i915 (deleted)", "rd wr sh", VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "rw-s", "/drm mm object (deleted)", NULL, VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "rw-s", "/dev/ashmem/gralloc (deleted)", NULL, VM_KIND_SHARED_ANON, ANONYMOUS,
		  false },
		{ "rw-p", "/dev/ashmem/dalvik-main space (deleted)", NULL, VM_KIND_SHARED_ANON,
		  ANONYMOUS, false },
		{ "rw-s", "/dev/ashmem (deleted)", NULL, VM_KIND_SHARED_ANON, ANONYMOUS, false },
		{ "rw-s", "/dev/ashmem", NULL, VM_KIND_DEVICE, SPECIAL, false },
		{ "rw-s", "/i915", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "rw-s", "/srv/i915 (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, true },
	};

	check(rows, COUNT(rows));
}

TEST(anonymous_memory_without_any_access_is_reserved)
{
	static const struct row rows[] = {
		{ "---p", "", NULL, VM_KIND_RESERVED, ANONYMOUS, false },
		{ "---p", "[anon:guard]", NULL, VM_KIND_RESERVED, ANONYMOUS, false },
		{ "---p", "/dev/zero", NULL, VM_KIND_RESERVED, ANONYMOUS, false },
		{ "--xp", "", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "-w-p", "", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "r--p", "", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "---p", "/lib/libc.so.6", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
	};

	check(rows, COUNT(rows));
}

TEST(other_private_anonymous_memory_is_anon)
{
	static const struct row rows[] = {
		{ "rw-p", "", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "rwxp", "", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "rw-p", "[anon:libc_malloc]", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "rw-p", "[anon:a / b (deleted)", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "rw-p", "/dev/zero", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "r-xp", "/dev/zero", NULL, VM_KIND_ANON, ANONYMOUS, false },
		{ "rw-p", "[anonymous]", NULL, VM_KIND_KERNEL, SPECIAL, false },
	};

	check(rows, COUNT(rows));
}

TEST(device_is_below_dev_or_has_the_flags_of_one)
{
	static const struct row rows[] = {
		{ "rw-s", "/dev/dri/card0", NULL, VM_KIND_DEVICE, SPECIAL, false },
		{ "r-xp", "/dev/mem", NULL, VM_KIND_DEVICE, SPECIAL, false },
		{ "rw-s", "/dev/zero", NULL, VM_KIND_DEVICE, SPECIAL, false },
		{ "rw-s", "/dev/node (deleted)", NULL, VM_KIND_DEVICE, SPECIAL, true },
		{ "rw-s", "/sys/devices/pci0000:00/resource0", "rd wr io", VM_KIND_DEVICE, SPECIAL,
		  false },
		{ "rw-s", "/sys/devices/pci0000:00/resource0", "pf", VM_KIND_DEVICE, SPECIAL,
		  false },
		{ "rw-s", "anon_inode:kvm-vcpu:0", "rd wr pf", VM_KIND_DEVICE, SPECIAL, false },
		{ "rw-s", "/sys/devices/pci0000:00/resource0", "rd wr", VM_KIND_MAPPED_FILE,
		  FILE_BACKED, false },
		{ "rw-s", "/home/dev/x", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
	};

	check(rows, COUNT(rows));
}

TEST(name_without_a_path_is_anon_inode)
{
	static const struct row rows[] = {
		{ "rw-s", "anon_inode:[perf_event]", NULL, VM_KIND_ANON_INODE, SPECIAL, false },
		{ "rw-s", "anon_inode:[io_uring]", NULL, VM_KIND_ANON_INODE, SPECIAL, false },
		{ "rw-s", "socket:[23]", NULL, VM_KIND_ANON_INODE, SPECIAL, false },
		{ "r-xp", "pipe:[4]", NULL, VM_KIND_ANON_INODE, SPECIAL, false },
		{ "rw-s", "x (deleted)", NULL, VM_KIND_ANON_INODE, SPECIAL, false },
		{ "rw-s", "/[aio] (deleted)", NULL, VM_KIND_ANON_INODE, SPECIAL, false },
		{ "rw-s", "/tmp/[aio] (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, true },
	};

	check(rows, COUNT(rows));
}

TEST(file_that_can_be_executed_is_code)
{
	static const struct row rows[] = {
		{ "r-xp", "/usr/bin/sleep", NULL, VM_KIND_CODE, FILE_BACKED, false },
		{ "--xp", "/usr/bin/sleep", NULL, VM_KIND_CODE, FILE_BACKED, false },
		{ "rwxp", "/usr/bin/sleep", NULL, VM_KIND_CODE, FILE_BACKED, false },
		{ "r-xs", "/usr/bin/sleep", NULL, VM_KIND_CODE, FILE_BACKED, false },
		{ "r-xp", "/usr/bin/sleep (deleted)", NULL, VM_KIND_CODE, FILE_BACKED, true },
	};

	check(rows, COUNT(rows));
}

TEST(any_other_file_is_mapped_file)
{
	static const struct row rows[] = {
		{ "r--p", "/usr/lib/locale/locale-archive", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED,
		  false },
		{ "rw-s", "/var/lib/x.db", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "rw-s", "/var/lib/x.db (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, true },
		{ "r--p", "/", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "r--p", "/x (deleted) y", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "r--p", "/x(deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, false },
		{ "r--p", "/x (deleted) (deleted)", NULL, VM_KIND_MAPPED_FILE, FILE_BACKED, true },
	};

	check(rows, COUNT(rows));
}

/* What depends on the process */

TEST(private_mapping_of_a_file_that_is_also_code_is_data)
{
	static const struct {
		const char *perms;
		struct vm_file_id file;
		enum vm_kind kind;
	} rows[] = {
		{ "rw-p", { 77, 8, 1 }, VM_KIND_DATA },
		{ "r--p", { 78, 8, 1 }, VM_KIND_DATA },
		{ "---p", { 5, 8, 1 }, VM_KIND_DATA },
		{ "r-xp", { 77, 8, 1 }, VM_KIND_CODE },
		{ "rw-s", { 77, 8, 1 }, VM_KIND_MAPPED_FILE },
		{ "rw-p", { 77, 8, 2 }, VM_KIND_MAPPED_FILE },
		{ "rw-p", { 77, 9, 1 }, VM_KIND_MAPPED_FILE },
		{ "rw-p", { 76, 8, 1 }, VM_KIND_MAPPED_FILE },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vm_mapping m = make(rows[i].perms, "/lib/x.so", NULL);

		m.inode = rows[i].file.inode;
		m.dev_major = rows[i].file.dev_major;
		m.dev_minor = rows[i].file.dev_minor;
		assert_int_equal(vm_kind_of(&m, &context), rows[i].kind);
		assert_int_equal(vm_backing_of(&m, rows[i].kind), VM_BACKING_FILE);
	}
}

TEST(private_anonymous_memory_under_a_stack_pointer_is_stack)
{
	static const struct {
		const char *perms, *name;
		uint64_t start, end;
		enum vm_kind kind;
	} rows[] = {
		{ "rw-p", "", 0x4000, 0x6000, VM_KIND_STACK },
		{ "rw-p", "", 0x5000, 0x6000, VM_KIND_STACK },
		{ "rw-p", "", 0x4000, 0x5001, VM_KIND_STACK },
		{ "rw-p", "", 0x8000, 0xa000, VM_KIND_STACK },
		{ "rw-p", "", 0x1000, 0xa000, VM_KIND_STACK },
		{ "rw-p", "[anon:stack_and_tls:7]", 0x4000, 0x6000, VM_KIND_STACK },
		{ "rw-p", "", 0x4000, 0x5000, VM_KIND_ANON },
		{ "rw-p", "", 0x5001, 0x9000, VM_KIND_ANON },
		{ "rw-p", "", 0x9001, 0xa000, VM_KIND_ANON },
		{ "rw-p", "", 0x1000, 0x2000, VM_KIND_ANON },
		{ "rw-s", "", 0x4000, 0x6000, VM_KIND_ANON },
		{ "rw-p", "[heap]", 0x4000, 0x6000, VM_KIND_HEAP },
		{ "rw-p", "/tmp/x", 0x4000, 0x6000, VM_KIND_MAPPED_FILE },
		{ "rw-s", "/dev/zero (deleted)", 0x4000, 0x6000, VM_KIND_SHARED_ANON },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vm_mapping m = make(rows[i].perms, rows[i].name, NULL);

		m.start = rows[i].start;
		m.end = rows[i].end;
		assert_int_equal(vm_kind_of(&m, &context), rows[i].kind);
	}
}

/* What every kind says of itself */

TEST(kinds_have_their_names_and_letters)
{
	static const struct {
		const char *name;
		char letter;
	} rows[VM_KIND_COUNT] = {
		[VM_KIND_KERNEL] = { "kernel", 'k' },
		[VM_KIND_STACK] = { "stack", 'S' },
		[VM_KIND_HEAP] = { "heap", 'h' },
		[VM_KIND_HUGETLB] = { "hugetlb", 'H' },
		[VM_KIND_SYSV_SHM] = { "sysv-shm", 's' },
		[VM_KIND_POSIX_SHM] = { "posix-shm", 's' },
		[VM_KIND_MEMFD] = { "memfd", 's' },
		[VM_KIND_SHARED_ANON] = { "shared-anon", 's' },
		[VM_KIND_RESERVED] = { "reserved", '-' },
		[VM_KIND_ANON] = { "anon", 'a' },
		[VM_KIND_DEVICE] = { "device", 'd' },
		[VM_KIND_ANON_INODE] = { "anon-inode", 'd' },
		[VM_KIND_CODE] = { "code", 'x' },
		[VM_KIND_DATA] = { "data", 'D' },
		[VM_KIND_MAPPED_FILE] = { "mapped-file", 'f' },
	};

	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
		assert_string_equal(vm_kind_info(kind)->name, rows[kind].name);
		assert_int_equal(vm_kind_info(kind)->letter, rows[kind].letter);
		assert_true(vm_kind_info(kind)->help[0]);
	}
}

TEST(backings_and_sharings_have_names)
{
	assert_string_equal(vm_backing_name(VM_BACKING_FILE), "file");
	assert_string_equal(vm_backing_name(VM_BACKING_ANONYMOUS), "anonymous");
	assert_string_equal(vm_backing_name(VM_BACKING_SPECIAL), "special");
	assert_string_equal(vm_sharing_name(VM_SHARING_SHARED), "shared");
	assert_string_equal(vm_sharing_name(VM_SHARING_PRIVATE), "private");
}

TEST(sharing_is_the_fourth_character_and_nothing_else)
{
	static const char *const names[] = { "",
					     "[heap]",
					     "[vdso]",
					     "/bin/x",
					     "/dev/shm/x",
					     "/memfd:x (deleted)",
					     "/SYSV00000000 (deleted)",
					     "/dev/zero (deleted)" };

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct vm_mapping shared = make("rw-s", names[i], "rd wr");
		const struct vm_mapping private = make("rw-p", names[i], "rd wr sh ms");

		assert_int_equal(vm_sharing_of(&shared), VM_SHARING_SHARED);
		assert_int_equal(vm_sharing_of(&private), VM_SHARING_PRIVATE);
	}
}

TEST(wx_is_writable_and_executable_at_once)
{
	static const struct {
		const char *perms;
		bool wx;
	} rows[] = {
		{ "rwxp", true },  { "-wxp", true },  { "rwxs", true },  { "rw-p", false },
		{ "r-xp", false }, { "--xs", false }, { "-w-p", false }, { "---p", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct vm_mapping m = make(rows[i].perms, "", NULL);

		assert_row(vm_mapping_is_wx(&m) == rows[i].wx, rows[i].perms);
	}
}

TEST(remark_is_taken_off_the_name_of_a_deleted_file_only)
{
	const struct vm_mapping gone = make("r--p", "/x (deleted)", NULL);
	const struct vm_mapping there = make("r--p", "/x", NULL);

	assert_slice(vm_name_without_remark(&gone, true), "/x");
	assert_slice(vm_name_without_remark(&gone, false), "/x (deleted)");
	assert_slice(vm_name_without_remark(&there, true), "/x");
}

TEST(only_one_remark_is_taken_off)
{
	const struct vm_mapping m = make("r--p", "/x (deleted) (deleted)", NULL);

	assert_slice(vm_name_without_remark(&m, true), "/x (deleted)");
}

TEST(files_differ_by_inode_and_by_device)
{
	static const struct vm_file_id a = { 1, 8, 1 }, others[] = {
		{ 2, 8, 1 }, { 1, 9, 1 }, { 1, 8, 2 }, { UINT64_MAX, 0, 0 }
	};

	assert_int_equal(vm_file_id_compare(&a, &a), 0);
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_true(vm_file_id_compare(&a, &others[i]) < 0);
		assert_true(vm_file_id_compare(&others[i], &a) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_in_brackets_that_is_none_of_the_others_is_the_kernels),
		cmocka_unit_test(main_stack_and_old_names_of_thread_stacks_are_stack),
		cmocka_unit_test(heap_is_what_the_kernel_calls_heap),
		cmocka_unit_test(hugetlb_is_told_by_its_flag_or_its_name),
		cmocka_unit_test(sysv_shm_has_a_name_of_eight_digits_and_the_remark),
		cmocka_unit_test(posix_shm_is_a_file_of_dev_shm_and_may_lose_its_link),
		cmocka_unit_test(memfd_has_its_prefix_and_the_remark),
		cmocka_unit_test(shared_anonymous_memory_is_dev_zero_with_the_remark_or_named),
		cmocka_unit_test(
			objects_of_other_parts_of_the_kernel_in_its_shared_memory_are_shared_anon),
		cmocka_unit_test(anonymous_memory_without_any_access_is_reserved),
		cmocka_unit_test(other_private_anonymous_memory_is_anon),
		cmocka_unit_test(device_is_below_dev_or_has_the_flags_of_one),
		cmocka_unit_test(name_without_a_path_is_anon_inode),
		cmocka_unit_test(file_that_can_be_executed_is_code),
		cmocka_unit_test(any_other_file_is_mapped_file),
		cmocka_unit_test(private_mapping_of_a_file_that_is_also_code_is_data),
		cmocka_unit_test(private_anonymous_memory_under_a_stack_pointer_is_stack),
		cmocka_unit_test(kinds_have_their_names_and_letters),
		cmocka_unit_test(backings_and_sharings_have_names),
		cmocka_unit_test(sharing_is_the_fourth_character_and_nothing_else),
		cmocka_unit_test(wx_is_writable_and_executable_at_once),
		cmocka_unit_test(remark_is_taken_off_the_name_of_a_deleted_file_only),
		cmocka_unit_test(only_one_remark_is_taken_off),
		cmocka_unit_test(files_differ_by_inode_and_by_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
