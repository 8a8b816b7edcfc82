#include "pmap_support.h"

#include <errno.h>
#include <stdio.h>

#include "vmview/colour.h"

TEST(default_shows_address_size_mode_and_name)
{
	check_format(VM_PMAP_DEFAULT, program,
		     "0000000000400000      8K r-x-- sleep\n"
		     "0000000000601000    132K rw---   [ anon ]\n"
		     "00007f0000000000     16K rw-s- x.db\n"
		     "00007ffc00000000    132K rw---   [ stack ]\n"
		     " total              288K\n");
}

TEST(extended_adds_rss_and_dirty)
{
	check_format(VM_PMAP_EXTENDED, program,
		     "Address           Kbytes     RSS   Dirty Mode  Mapping\n"
		     "0000000000400000       8       8       0 r-x-- sleep\n"
		     "0000000000601000     132      12      12 rw---   [ anon ]\n"
		     "00007f0000000000      16       4       4 rw-s- x.db\n"
		     "00007ffc00000000     132      16      16 rw---   [ stack ]\n"
		     "---------------- ------- ------- ------- \n"
		     "total kB             288      40      32\n");
}

TEST(device_adds_offset_and_device)
{
	check_format(VM_PMAP_DEVICE, program,
		     "Address           Kbytes Mode  Offset           Device    Mapping\n"
		     "0000000000400000       8 r-x-- 0000000000001000 008:00002 sleep\n"
		     "0000000000601000     132 rw--- 0000000000000000 000:00000   [ anon ]\n"
		     "00007f0000000000      16 rw-s- 0000000000002000 103:0001a x.db\n"
		     "00007ffc00000000     132 rw--- 0000000000000000 000:00000   [ stack ]\n"
		     "mapped: 288K    writeable/private: 264K    shared: 16K\n");
}

/* -q */

TEST(quiet_default_leaves_out_the_total)
{
	struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

	options.quiet = true;
	check_output(&options, "1000-2000 rw-p 00000000 00:00 0 \n",
		     "0000000000001000      4K rw---   [ anon ]\n");
}

TEST(quiet_extended_and_device_leave_out_titles_and_totals)
{
	struct vm_pmap_options options = options_of(VM_PMAP_EXTENDED);

	options.quiet = true;
	check_output(
		&options,
		"1000-2000 rw-p 00000000 00:00 0 \nRss: 0 kB\nShared_Dirty: 0 kB\nPrivate_Dirty: 0 kB\n",
		"0000000000001000       4       0       0 rw---   [ anon ]\n");
	options.format = VM_PMAP_DEVICE;
	check_output(&options, "1000-2000 rw-p 00000000 00:00 0 \n",
		     "0000000000001000       4 rw--- 0000000000000000 000:00000   [ anon ]\n");
}

/* -A */

TEST(range_takes_what_touches_it_and_sums_only_that)
{
	static const struct {
		uint64_t low, high;
		const char *wanted;
	} rows[] = {
		{ 0x402000, 0x600fff, " total                0K\n" },
		{ 0x401fff, 0x600fff,
		  "0000000000400000      8K r-x-- sleep\n total                8K\n" },
		{ 0x402000, 0x601000,
		  "0000000000601000    132K rw---   [ anon ]\n total              132K\n" },
		{ 0x610000, 0x610000,
		  "0000000000601000    132K rw---   [ anon ]\n total              132K\n" },
		{ 0, 0x500000, "0000000000400000      8K r-x-- sleep\n total                8K\n" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

		options.low = rows[i].low;
		options.high = rows[i].high;
		check_output(&options, program, rows[i].wanted);
	}
}

TEST(range_sums_every_column_of_extended_and_device)
{
	struct vm_pmap_options options = options_of(VM_PMAP_EXTENDED);

	options.low = options.high = 0x7f0000000000;
	check_output(&options, program,
		     "Address           Kbytes     RSS   Dirty Mode  Mapping\n"
		     "00007f0000000000      16       4       4 rw-s- x.db\n"
		     "---------------- ------- ------- ------- \n"
		     "total kB              16       4       4\n");
	options.format = VM_PMAP_DEVICE;
	check_output(&options, program,
		     "Address           Kbytes Mode  Offset           Device    Mapping\n"
		     "00007f0000000000      16 rw-s- 0000000000002000 103:0001a x.db\n"
		     "mapped: 16K    writeable/private: 0K    shared: 16K\n");
}

TEST(range_of_the_highest_address_finds_vsyscall)
{
	struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

	options.low = 0xffffffffff600000;
	check_output(
		&options,
		"1000-2000 rw-p 0 0:0 0 \nffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n",
		"ffffffffff600000      4K --x--   [ anon ]\n"
		" total                4K\n");
}

/* Names */

static void check_name(const struct vm_pmap_options *options, const char *name, const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf row = { 0 };

	vm_buf_put_text(&text, "1000-2000 rw-p 00000000 00:00 9   ");
	vm_buf_put_text(&text, name);
	vm_buf_put_char(&text, '\0');
	vm_buf_put_text(&row, "0000000000001000      4K rw--- ");
	vm_buf_put_text(&row, wanted);
	vm_buf_put_text(&row, "\n total                4K\n");
	vm_buf_put_char(&row, '\0');
	check_output(options, text.p, row.p);
}

TEST(names_are_those_of_files_or_stand_ins)
{
	static const struct {
		const char *name, *plain, *path, *kernel; /* as it is, with -p, with -k */
	} rows[] = {
		{ "", "  [ anon ]", "  [ anon ]", "  [ anon ]" },
		{ "/usr/bin/sleep", "sleep", "/usr/bin/sleep", "sleep" },
		{ "/", "/", "/", "/" },
		{ "/x/", "/", "/x/", "/" },
		{ "/a b/c d", "c d", "/a b/c d", "c d" },
		{ "/x/y (deleted)", "y (deleted)", "/x/y (deleted)", "y (deleted)" },
		{ "/SYSV0000162e (deleted)", "SYSV0000162e (deleted)", "/SYSV0000162e (deleted)",
		  "SYSV0000162e (deleted)" },
		{ "[heap]", "  [ anon ]", "  [ anon ]", "[heap]" },
		{ "[vdso]", "  [ anon ]", "  [ anon ]", "[vdso]" },
		{ "[anon:a/b]", "  [ anon ]", "  [ anon ]", "[anon:a/b]" },
		{ "[stack:12]", "  [ anon ]", "  [ anon ]", "[stack:12]" },
		{ "anon_inode:[perf_event]", "  [ anon ]", "  [ anon ]", "[perf_event]" },
		{ "socket", "  [ anon ]", "  [ anon ]", "  [ anon ]" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

		check_name(&options, rows[i].name, rows[i].plain);
		options.show_path = true;
		check_name(&options, rows[i].name, rows[i].path);
		options.show_path = false;
		options.kernel_names = true;
		check_name(&options, rows[i].name, rows[i].kernel);
	}
}

TEST(nothing_in_a_name_reaches_the_terminal)
{
	struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

	check_name(&options, "/tmp/\033[31mred\a", "?[31mred?");
	check_name(&options, "/tmp/gr\303\274n", "gr??n");
	options.kernel_names = true;
	check_name(&options, "[anon:\033c]", "[anon:?c]");
}

TEST(segment_on_the_kernels_own_device_is_called_by_its_id)
{
	struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

	options.has_shm_device = true;
	options.shm_minor = 5;
	check_output(&options,
		     "1000-2000 rw-s 00000000 00:05 32791 /SYSV0000162e (deleted)\n"
		     "2000-3000 rw-s 00000000 00:06 32791 /SYSV0000162e (deleted)\n"
		     "3000-4000 rw-s 00000000 00:05 32791 /memfd:x (deleted)\n",
		     "0000000000001000      4K rw-s-   [ shmid=0x8017 ]\n"
		     "0000000000002000      4K rw-s- SYSV0000162e (deleted)\n"
		     "0000000000003000      4K rw-s- memfd:x (deleted)\n"
		     " total               12K\n");
}

static void check_saved_segment(const struct vm_pmap_options *options, const char *wanted)
{
	vm_cleanup(text_free) char *text = NULL;
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	vm_pmap_init(&pmap, options, out);
	write_process(&pmap, "2000-3000 rw-s 00000000 00:06 32791 /SYSV0000162e (deleted)\n", 0,
		      true);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, wanted));
}

TEST(segment_of_a_capture_is_told_by_its_name_unless_the_device_is_known)
{
	struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

	check_saved_segment(&options, "[ shmid=0x8017 ]");
	options.has_shm_device = true;
	options.shm_minor = 6;
	check_saved_segment(&options, "[ shmid=0x8017 ]");
	options.shm_minor = 5;
	check_saved_segment(&options, "SYSV0000162e (deleted)");
}

/* The stack */

static void check_stack(uint64_t start_stack, bool saved, const char *name, bool found)
{
	vm_cleanup(text_free) char *text = NULL;
	const struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	vm_cleanup(vm_buf_deinit) struct vm_buf maps = { 0 };
	size_t len;
	FILE *out = open_memstream(&text, &len);

	vm_buf_put_text(&maps, "5000-7000 rw-p 00000000 00:00 0 ");
	vm_buf_put(&maps, name, strlen(name) + 1);
	vm_pmap_init(&pmap, &options, out);
	write_process(&pmap, maps.p, start_stack, saved);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strstr(text, "[ stack ]") != NULL, found);
}

TEST(stack_is_where_it_starts_its_end_included)
{
	check_stack(0x4fff, false, "[stack]", false);
	check_stack(0x5000, false, "", true);
	check_stack(0x6fff, false, "", true);
	check_stack(0x7000, false, "", true);
	check_stack(0x7001, false, "[stack]", false);
}

TEST(stack_of_a_live_process_is_not_told_by_its_name)
{
	check_stack(0, false, "[stack]", false);
}

TEST(stack_of_a_capture_is_told_by_its_name_where_its_start_is_unknown)
{
	check_stack(0, true, "[stack]", true);
	check_stack(0, true, "", false);
	check_stack(0x5000, true, "", true);
}

/* Zero, and not reported */

TEST(field_that_is_not_reported_is_a_dash)
{
	check_format(
		VM_PMAP_EXTENDED,
		"1000-2000 rw-p 00000000 00:00 0 \nRss: 0 kB\n2000-3000 rw-p 00000000 00:00 0 \n",
		"Address           Kbytes     RSS   Dirty Mode  Mapping\n"
		"0000000000001000       4       0       - rw---   [ anon ]\n"
		"0000000000002000       4       -       - rw---   [ anon ]\n"
		"---------------- ------- ------- ------- \n"
		"total kB               8       0       -\n");
}

/* No mapping, and several processes */

TEST(process_without_mappings_has_totals_of_zero)
{
	check_format(VM_PMAP_DEFAULT, "", " total                0K\n");
	check_format(VM_PMAP_EXTENDED, "",
		     "Address           Kbytes     RSS   Dirty Mode  Mapping\n"
		     "---------------- ------- ------- ------- \n"
		     "total kB               0       0       0\n");
	check_format(VM_PMAP_DEVICE, "",
		     "Address           Kbytes Mode  Offset           Device    Mapping\n"
		     "mapped: 0K    writeable/private: 0K    shared: 0K\n");
	check_format(VM_PMAP_FULL, "", "");
}

TEST(totals_begin_anew_with_each_process)
{
	static const char *const texts[] = { "1000-2000 rw-p 00000000 00:00 0 \n",
					     "3000-5000 rw-s 00000000 00:00 0 \n" };
	const struct vm_pmap_options options = options_of(VM_PMAP_DEVICE);

	check_processes(&options, texts, 2,
			"Address           Kbytes Mode  Offset           Device    Mapping\n"
			"0000000000001000       4 rw--- 0000000000000000 000:00000   [ anon ]\n"
			"mapped: 4K    writeable/private: 4K    shared: 0K\n"
			"Address           Kbytes Mode  Offset           Device    Mapping\n"
			"0000000000003000       8 rw-s- 0000000000000000 000:00000   [ anon ]\n"
			"mapped: 8K    writeable/private: 0K    shared: 8K\n");
}

TEST(largest_mapping_and_sums_do_not_wrap)
{
	check_format(VM_PMAP_DEFAULT,
		     "0-ffffffffffffffff rw-p 0 0:0 0\n0-ffffffffffffffff rw-p 0 0:0 0\n",
		     "0000000000000000 18014398509481983K rw---   [ stack ]\n"
		     "0000000000000000 18014398509481983K rw---   [ stack ]\n"
		     " total 18014398509481983K\n");
}

TEST(large_sums_are_kilobytes)
{
	check_format(
		VM_PMAP_DEVICE,
		"40000000-80000000 rw-s 00000000 00:00 0 \n80000000-c0000000 rw-p 00000000 00:00 0 \n",
		"Address           Kbytes Mode  Offset           Device    Mapping\n"
		"0000000040000000 1048576 rw-s- 0000000000000000 000:00000   [ anon ]\n"
		"0000000080000000 1048576 rw--- 0000000000000000 000:00000   [ anon ]\n"
		"mapped: 2097152K    writeable/private: 1048576K    shared: 1048576K\n");
}

TEST(rows_are_written_while_they_come)
{
	const struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse("1000-2000 rw-p 00000000 00:00 0 \n");
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	FILE *out = fopen("/dev/null", "w");

	vm_pmap_init(&pmap, &options, out);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(vm_pmap_add(&pmap, only(&parsed)), 0);
	assert_true(pmap.text.cap < 100000);
	fclose(out);
}

TEST(heading_has_number_and_command)
{
	vm_cleanup(text_free) char *text = NULL;
	const struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	vm_pmap_init(&pmap, &options, out);
	assert_int_equal(vm_pmap_heading(&pmap, VM_STR("17"), VM_STR("sleep 1000")), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "17:   sleep 1000\n");
}

TEST(output_that_cannot_be_written_is_an_error)
{
	const struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	FILE *out = fopen("/dev/full", "w");

	assert_non_null(out);
	setvbuf(out, NULL, _IONBF, 0);
	vm_pmap_init(&pmap, &options, out);
	assert_int_equal(vm_pmap_heading(&pmap, VM_STR("1"), VM_STR("x")), -ENOSPC);
	fclose(out);
}

/* Colour */

TEST(without_colour_no_escape_is_written)
{
	const struct vm_palette *palette = vm_palette_of(VM_DEPTH_NONE);

	for (enum vm_backing backing = 0; backing < VM_BACKING_COUNT; backing++)
		assert_string_equal(palette->hue[backing], "");
	assert_string_equal(palette->shared_on, "");
	assert_string_equal(palette->shared_off, "");
	assert_string_equal(palette->reset, "");
}

TEST(hue_says_backing_and_reverse_says_shared)
{
	static const struct vm_palette palette = {
		.hue = { "<file>", "<anonymous>", "<special>" },
		.shared_on = "<on>",
		.shared_off = "<off>",
		.reset = "<reset>",
	};
	struct vm_pmap_options options = options_of(VM_PMAP_DEFAULT);

	options.palette = &palette;
	check_output(
		&options,
		"1000-2000 r-xp 00000000 08:01 7 /bin/x\n2000-3000 rw-s 00000000 08:01 7 /bin/x\n"
		"3000-4000 rw-s 00000000 00:01 7 /memfd:x (deleted)\n4000-5000 r-xp 00000000 00:00 0 [vdso]\n",
		"<file>0000000000001000      4K r-x-- x<reset>\n"
		"<file>0000000000002000      4K <on>rw-s-<off> <on>x<reset>\n"
		"<anonymous>0000000000003000      4K <on>rw-s-<off> <on>memfd:x (deleted)<reset>\n"
		"<special>0000000000004000      4K r-x--   [ anon ]<reset>\n"
		" total               16K\n");
}

TEST(only_formats_with_numbers_need_smaps)
{
	assert_false(vm_pmap_needs_smaps(VM_PMAP_DEFAULT));
	assert_false(vm_pmap_needs_smaps(VM_PMAP_DEVICE));
	assert_true(vm_pmap_needs_smaps(VM_PMAP_EXTENDED));
	assert_true(vm_pmap_needs_smaps(VM_PMAP_FULL));
	assert_true(vm_pmap_needs_smaps(VM_PMAP_CHOSEN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_shows_address_size_mode_and_name),
		cmocka_unit_test(extended_adds_rss_and_dirty),
		cmocka_unit_test(device_adds_offset_and_device),
		cmocka_unit_test(quiet_default_leaves_out_the_total),
		cmocka_unit_test(quiet_extended_and_device_leave_out_titles_and_totals),
		cmocka_unit_test(range_takes_what_touches_it_and_sums_only_that),
		cmocka_unit_test(range_sums_every_column_of_extended_and_device),
		cmocka_unit_test(range_of_the_highest_address_finds_vsyscall),
		cmocka_unit_test(names_are_those_of_files_or_stand_ins),
		cmocka_unit_test(nothing_in_a_name_reaches_the_terminal),
		cmocka_unit_test(segment_on_the_kernels_own_device_is_called_by_its_id),
		cmocka_unit_test(
			segment_of_a_capture_is_told_by_its_name_unless_the_device_is_known),
		cmocka_unit_test(stack_is_where_it_starts_its_end_included),
		cmocka_unit_test(stack_of_a_live_process_is_not_told_by_its_name),
		cmocka_unit_test(stack_of_a_capture_is_told_by_its_name_where_its_start_is_unknown),
		cmocka_unit_test(field_that_is_not_reported_is_a_dash),
		cmocka_unit_test(process_without_mappings_has_totals_of_zero),
		cmocka_unit_test(totals_begin_anew_with_each_process),
		cmocka_unit_test(largest_mapping_and_sums_do_not_wrap),
		cmocka_unit_test(large_sums_are_kilobytes),
		cmocka_unit_test(rows_are_written_while_they_come),
		cmocka_unit_test(heading_has_number_and_command),
		cmocka_unit_test(output_that_cannot_be_written_is_an_error),
		cmocka_unit_test(without_colour_no_escape_is_written),
		cmocka_unit_test(hue_says_backing_and_reverse_says_shared),
		cmocka_unit_test(only_formats_with_numbers_need_smaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
