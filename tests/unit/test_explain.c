#include "helper.h"

#include <stdio.h>

#include "vmview/explain.h"

static struct vm_str next_line(struct vm_str *rest)
{
	struct vm_str line = { rest->p, vm_str_find(*rest, '\n') };

	*rest = vm_str_skip(*rest, line.len + 1);
	return line;
}

/* Explain the only mapping of the text of a smaps. */
static struct vm_buf explain(const char *smaps)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(smaps);
	struct vm_buf text = { 0 };

	vm_explain(&text, only(&parsed), (struct vm_str){ 0 });
	assert_false(text.failed);
	return text;
}

static void check_told(const char *smaps, const char *wanted, bool told, int line)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = explain(smaps);

	if (vm_str_contains(vm_buf_str(&text), vm_str_from(wanted)) == told)
		return;
	print_message("# %s \"%s\" in:\n%.*s\n", told ? "no" : "unwanted", wanted, (int)text.len,
		      text.p);
	_fail(__FILE__, line);
}

#define assert_told(smaps, wanted) check_told((smaps), (wanted), true, __LINE__)
#define assert_not_told(smaps, unwanted) check_told((smaps), (unwanted), false, __LINE__)

#define FILE_ROW(perms) "7f0000000000-7f0000010000 " perms " 00028000 fe:00 77 /lib/libx.so\n"
#define ANON_ROW(perms) "7f0000000000-7f0000010000 " perms " 00000000 00:00 0 \n"

TEST(typical_mappings_take_five_to_ten_lines_before_the_flags)
{
	static const char *const rows[] = {
		FILE_ROW("r-xp") "Size: 64 kB\nKernelPageSize: 4 kB\nRss: 8 kB\nPss: 1 kB\n"
				 "Shared_Clean: 8 kB\nShared_Dirty: 0 kB\nSwap: 0 kB\n",
		FILE_ROW("rw-p") "Rss: 8 kB\nPss: 8 kB\nShared_Clean: 0 kB\nAnonymous: 8 kB\n",
		ANON_ROW("rw-p") "Rss: 8 kB\nPrivate_Dirty: 8 kB\nAnonymous: 8 kB\nSwap: 0 kB\n",
		ANON_ROW("---p") "Rss: 0 kB\nPss: 0 kB\nSwap: 0 kB\n",
		"1000-9000 rw-s 0 00:01 9 /memfd:x (deleted)\nRss: 8 kB\nPrivate_Dirty: 8 kB\n",
		"1000-3000 r-xp 0 00:00 0 [vdso]\nRss: 4 kB\nPss: 0 kB\nShared_Clean: 4 kB\n",
		FILE_ROW("r--p"),
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = explain(rows[i]);
		struct vm_str rest = vm_buf_str(&text), line;
		size_t count = 0;

		for (; rest.len; count++) {
			line = next_line(&rest);
			assert_row(line.len <= 80, rows[i]);
		}
		assert_row(count >= 5 && count <= 10, rows[i]);
	}
}

TEST(code_of_a_library_reads_like_this)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = explain(
		FILE_ROW("r-xp") "KernelPageSize: 4 kB\nRss: 8 kB\nPss: 1 kB\nShared_Clean: 8 kB\n"
				 "Shared_Dirty: 0 kB\nAnonymous: 0 kB\nVmFlags: rd ex mr mw me\n");

	assert_slice(
		vm_buf_str(&text),
		"Machine code of a program or library: a file mapped so that it may be executed.\n"
		"Pages come from the file at the first touch: from disk, or from the page cache.\n"
		"A write ends with SIGSEGV, until mprotect(2) allows it: then it copies the page.\n"
		"After fork(2) the child has the same mapping and shares the pages.\n"
		"8K of 64K are in memory here (RSS); the rest is fetched when it is touched.\n"
		"Private, yet 8K are mapped elsewhere too (Shared_*); fair share (PSS): 1K.\n"
		"Range 7f0000000000-7f0000010000: 65536 bytes, 16 pages of 4K, r-xp\n"
		"File /lib/libx.so\n"
		"Offset 0x28000, device 254:0 (fe:00 in maps), inode 77\n"
		"rd  readable\n"
		"ex  executable\n"
		"mr  may be made readable by mprotect(2)\n"
		"mw  may be made writable by mprotect(2)\n"
		"me  may be made executable by mprotect(2)");
}

TEST(where_writes_go_depends_on_sharing_and_backing)
{
	assert_told(FILE_ROW("rw-p"), "A write copies the page first");
	assert_told(FILE_ROW("rw-s"), "Writes go to the file");
	assert_told(ANON_ROW("rw-p"), "Only this process");
	assert_told("1000-2000 rw-s 0 00:01 9 /memfd:x (deleted)\n", "maps the same object");
	assert_told("1000-2000 rw-p 0 00:01 9 /memfd:x (deleted)\n", "the object does not change");
}

TEST(what_may_not_be_written_says_whether_mprotect_helps)
{
	assert_told(FILE_ROW("r--s"), "unless mprotect(2) allows it");
	assert_told(FILE_ROW("r--s") "VmFlags: rd mr mw ms\n", "unless mprotect(2) allows it");
	assert_told(FILE_ROW("r--s") "VmFlags: rd mr ms\n", "for good: it was opened or sealed");
	assert_told(FILE_ROW("r--p") "VmFlags: rd mr mw sl\n", "for good: mseal(2)");
	assert_told(ANON_ROW("---p"), "Any access ends with SIGSEGV");
}

TEST(what_fork_does_depends_on_sharing_and_flags)
{
	assert_told(ANON_ROW("rw-p"), "parent and child share each page until one writes");
	assert_told(FILE_ROW("rw-s"), "each sees what the other writes");
	assert_told(FILE_ROW("r--s"), "shares the pages");
	assert_told(ANON_ROW("rw-p") "VmFlags: rd wr dc\n", "the child has nothing here");
	assert_told(ANON_ROW("rw-p") "VmFlags: rd wr wf\n", "the child finds zeros");
}

TEST(copies_are_told_and_none_differs_from_not_reported)
{
	assert_told(FILE_ROW("rw-p") "Rss: 8 kB\nAnonymous: 4 kB\n", "4K are copies made by");
	assert_told(FILE_ROW("r--p") "Rss: 8 kB\nAnonymous: 4 kB\n", "before it became read-only");
	assert_told(FILE_ROW("rw-p") "Rss: 8 kB\nAnonymous: 0 kB\n", "(Anonymous 0)");
	assert_told(FILE_ROW("rw-p") "Rss: 8 kB\n", "does not report how much was copied");
	assert_not_told(FILE_ROW("rw-p") "Rss: 8 kB\nAnonymous: 0 kB\nSwap: 4 kB\n", "Anonymous 0");
	assert_not_told(FILE_ROW("rw-s") "Rss: 8 kB\nAnonymous: 0 kB\n", "copies");
	assert_not_told(ANON_ROW("rw-p") "Rss: 8 kB\nAnonymous: 8 kB\n", "copies");
}

TEST(resident_zero_not_reported_and_not_read_differ)
{
	assert_told(ANON_ROW("rw-p") "Rss: 64 kB\n", "All 64K are in memory (RSS).");
	assert_told(ANON_ROW("rw-p") "Rss: 16 kB\n", "16K of 64K are in memory (RSS)");
	assert_told(ANON_ROW("rw-p") "Rss: 60 kB\n", "60 kB of 64 kB are in memory (RSS)");
	assert_told(ANON_ROW("rw-p") "Rss: 0 kB\n", "None is in memory (RSS 0)");
	assert_told(ANON_ROW("rw-p") "Size: 64 kB\n",
		    "does not report how much of it is in memory");
	assert_told(ANON_ROW("rw-p"), "Not known without smaps");
	assert_told(ANON_ROW("rw-p") "Rss: 0 kB\n", "does not report VmFlags");
	assert_not_told(ANON_ROW("rw-p"), "VmFlags");
}

TEST(what_has_no_access_and_no_pages_costs_nothing)
{
	assert_told(ANON_ROW("---p") "Rss: 0 kB\n", "It uses no memory (RSS 0)");
	assert_told(FILE_ROW("---p") "Rss: 0 kB\n", "It uses no memory (RSS 0)");
	assert_not_told(ANON_ROW("---p") "Rss: 4 kB\n", "uses no memory");
	assert_not_told(ANON_ROW("---p") "Rss: 0 kB\nSwap: 4 kB\n", "uses no memory");
}

TEST(parts_of_a_library_are_told_by_their_perms)
{
	static const char code[] = "6000-7000 r-xp 0 fe:00 77 /lib/libx.so\n";
	static const char *const rows[][2] = {
		{ "r--p", "Read-only data" },
		{ "rw-p", "Variables" },
		{ "---p", "A gap between" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
		vm_cleanup(parsed_deinit) struct parsed parsed = { 0 };
		char both[200];

		snprintf(both, sizeof(both), "%s8000-9000 %s 0 fe:00 77 /lib/libx.so\n", code,
			 rows[i][0]);
		parsed = parse(both);
		assert_int_equal(vm_snapshot_classify(&parsed.snapshot, NULL, 0), 0);
		vm_explain(&text, &parsed.snapshot.mappings[1], (struct vm_str){ 0 });
		assert_true(vm_str_starts(vm_buf_str(&text), vm_str_from(rows[i][1])));
	}
}

TEST(sharing_right_now_is_told_apart_from_map_shared)
{
	static const char none[] = FILE_ROW("rw-s") "Rss: 4 kB\nShared_Clean: 0 kB\n"
						    "Shared_Dirty: 0 kB\n";

	assert_told(ANON_ROW("rw-p") "Rss: 8 kB\nPss: 4 kB\nShared_Dirty: 8 kB\n",
		    "Private, yet 8K");
	assert_told(FILE_ROW("rw-s") "Rss: 8 kB\nPss: 4 kB\nShared_Clean: 8 kB\n", "(PSS) is 4K");
	assert_told(FILE_ROW("rw-s") "Rss: 8 kB\nShared_Clean: 8 kB\n", "8K are mapped elsewhere");
	assert_told(none, "Shared, yet nothing else");
	assert_not_told(FILE_ROW("rw-s") "Rss: 4 kB\n", "nothing else");
}

TEST(dirty_means_swap_without_a_file_and_writing_back_with_one)
{
	assert_told(ANON_ROW("rw-p") "Private_Dirty: 8 kB\n", "8K are dirty: no file");
	assert_told(FILE_ROW("rw-s") "Private_Dirty: 8 kB\n", "8K are dirty: changed");
	assert_not_told(FILE_ROW("rw-p") "Private_Dirty: 8 kB\n", "dirty");
	assert_told(ANON_ROW("rw-p") "Private_Dirty: 8 kB\nVmFlags: rd wr dp\n", "MAP_DROPPABLE");
}

TEST(what_is_rarely_there_is_told_only_where_it_is)
{
	static const char all[] = ANON_ROW("rw-p") "AnonHugePages: 2048 kB\nLazyFree: 8 kB\n"
						   "KSM: 4 kB\nSwap: 12 kB\nLocked: 16 kB\n";

	assert_told(all, "12K are swapped out");
	assert_told(all, "(Locked 16K)");
	assert_told(all, "2M are in transparent huge pages");
	assert_told(all, "8K are given up (MADV_FREE)");
	assert_told(all, "4K are merged");
	assert_not_told(ANON_ROW("rw-p") "Swap: 0 kB\nLocked: 0 kB\n", "swapped out and");
}

TEST(hugetlb_pages_are_counted_outside_rss)
{
	static const char row[] = "40000000-40800000 rw-s 0 00:0f 5 /anon_hugepage (deleted)\n"
				  "KernelPageSize: 2048 kB\nRss: 0 kB\n";
	char text[300];

	snprintf(text, sizeof(text), "%sShared_Hugetlb: 2048 kB\nPrivate_Hugetlb: 2048 kB\n", row);
	assert_told(text, "4M of 8M are in use, in pages of 2M; RSS never counts hugetlb pages.");
	snprintf(text, sizeof(text), "%sShared_Hugetlb: 0 kB\nPrivate_Hugetlb: 0 kB\n", row);
	assert_told(text, "No huge page is in use");
	assert_told(row, "This kernel does not report how much is in use");
	assert_told(row, "4 pages of 2M");
	assert_told("1000-2000 rw-s 0 00:0f 5 /mnt/huge/x\nVmFlags: rd wr ht\n",
		    "a hugetlbfs file");
}

TEST(deleted_files_and_write_execute_are_told_at_once)
{
	assert_told("1000-2000 rwxp 0 fe:00 9 /tmp/x (deleted)\n",
		    ".\nThe file has lost its name (deleted, replaced); its content stays while in "
		    "use.\nWritable and executable (W+X)");
	assert_told("1000-2000 rwxp 0 fe:00 9 /tmp/x (deleted)\n", "\nFile /tmp/x\n");
	assert_not_told("1000-2000 rw-s 0 00:01 9 /memfd:x (deleted)\n", "lost its name");
}

TEST(names_that_programs_chose_are_facts)
{
	assert_told("1000-2000 rw-s 0 00:01 9 /memfd:a b (deleted)\n", "\nName a b\n");
	assert_told("1000-2000 rw-p 0 00:00 0 [anon:glibc: malloc]\n", "\nName glibc: malloc");
	assert_told("1000-2000 rw-s 0 00:01 9 [anon_shmem:x]]\n", "\nName x]\n");
	assert_told("1000-2000 rw-s 0 00:01 98 /SYSV0000beef (deleted)\n", "\nKey 0x0000beef\n");
	assert_told("1000-2000 rw-s 0 00:01 98 /SYSV00000000 (deleted)\n", "id 98 in `ipcs -m`");
	assert_told("1000-2000 rw-s 0 00:01 98 /dev/zero (deleted)\n", "\n"
								       "In maps /dev/zero (del");
	assert_told("1000-2000 rw-s 0 00:0e 98 socket:[5]\n", "\nObject socket:[5]\n");
	assert_not_told("1000-2000 rw-s 0 00:01 9 /memfd: (deleted)\n", "\nName");
	assert_not_told(ANON_ROW("rw-p"), "Offset");
}

TEST(foreign_bytes_are_made_safe_and_never_taken_for_a_format)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text =
		explain("1000-2000 r--p 0 fe:00 9 /%s%n{}{n}\033[2J\x9b\xe2\x80\xae\n"
			"VmFlags: %n \033]0 {} rd\n");

	assert_true(vm_str_contains(vm_buf_str(&text), VM_STR("File /%s%n{}{n}?[2J????\n")));
	assert_true(vm_str_ends(vm_buf_str(&text), VM_STR("%n  not known to vmview\n"
							  "?]0  not known to vmview\n"
							  "{}  not known to vmview\n"
							  "rd  readable")));
}

TEST(explanation_is_appended_without_a_newline_around_it)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_mapping mapping = { .end = 4096, .perms = "r--p", .kind = VM_KIND_ANON };

	vm_buf_put_text(&text, "before ");
	vm_explain(&text, &mapping, VM_STR("c0ffee"));
	assert_true(vm_str_starts(vm_buf_str(&text), VM_STR("before Private anonymous")));
	assert_true(vm_str_ends(vm_buf_str(&text), VM_STR("\nBuild-id c0ffee")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typical_mappings_take_five_to_ten_lines_before_the_flags),
		cmocka_unit_test(code_of_a_library_reads_like_this),
		cmocka_unit_test(where_writes_go_depends_on_sharing_and_backing),
		cmocka_unit_test(what_may_not_be_written_says_whether_mprotect_helps),
		cmocka_unit_test(what_fork_does_depends_on_sharing_and_flags),
		cmocka_unit_test(copies_are_told_and_none_differs_from_not_reported),
		cmocka_unit_test(resident_zero_not_reported_and_not_read_differ),
		cmocka_unit_test(what_has_no_access_and_no_pages_costs_nothing),
		cmocka_unit_test(parts_of_a_library_are_told_by_their_perms),
		cmocka_unit_test(sharing_right_now_is_told_apart_from_map_shared),
		cmocka_unit_test(dirty_means_swap_without_a_file_and_writing_back_with_one),
		cmocka_unit_test(what_is_rarely_there_is_told_only_where_it_is),
		cmocka_unit_test(hugetlb_pages_are_counted_outside_rss),
		cmocka_unit_test(deleted_files_and_write_execute_are_told_at_once),
		cmocka_unit_test(names_that_programs_chose_are_facts),
		cmocka_unit_test(foreign_bytes_are_made_safe_and_never_taken_for_a_format),
		cmocka_unit_test(explanation_is_appended_without_a_newline_around_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
