/*
 * -X, -XX and -c.
 */
#include "pmap_support.h"

#include <errno.h>
#include <stdio.h>

TEST(full_shows_the_fields_of_smaps_and_their_sums)
{
	check_format(VM_PMAP_FULL, program,
		     "     Address Perm   Offset Device    Inode Size Rss Pss THPeligible Mapping\n"
		     "    00400000 r-xp 00001000  08:02        7    8   8   3           0 sleep\n"
		     "    00601000 rw-p 00000000  00:00        0  132  12  12           1 [heap]\n"
		     "7f0000000000 rw-s 00002000 103:1a 12345678   16   4   2           0 x.db\n"
		     "7ffc00000000 rw-p 00000000  00:00        0  132  16  16           0 [stack]\n"
		     "                                           ==== === === =========== \n"
		     "                                            288  40  33           1 KB \n");
}

TEST(all_adds_the_less_important_fields_and_flags)
{
	check_format(
		VM_PMAP_ALL, program,
		"     Address Perm   Offset Device    Inode Size KernelPageSize Rss Pss Shared_Dirty Private_Dirty THPeligible              VmFlags Mapping\n"
		"    00400000 r-xp 00001000  08:02        7    8              4   8   3            0             0           0       rd ex mr mw me sleep\n"
		"    00601000 rw-p 00000000  00:00        0  132              4  12  12            0            12           1    rd wr mr mw me ac [heap]\n"
		"7f0000000000 rw-s 00002000 103:1a 12345678   16              4   4   2            4             0           0 rd wr sh mr mw me ms x.db\n"
		"7ffc00000000 rw-p 00000000  00:00        0  132              4  16  16            0            16           0 rd wr mr mw me gd ac [stack]\n"
		"                                           ==== ============== === === ============ ============= =========== \n"
		"                                            288             16  40  33            4            28           1 KB \n");
}

TEST(chosen_shows_the_columns_that_are_named)
{
	static const struct vm_str chosen[] = {
		{ "Pss", 3 }, { "Perm", 4 }, { "Mapping", 7 }, { "Swap", 4 }
	};
	struct vm_pmap_options options = options_of(VM_PMAP_CHOSEN);

	options.chosen = chosen;
	options.chosen_count = COUNT(chosen);
	check_output(&options, program,
		     "     Address Perm Pss Mapping\n"
		     "    00400000 r-xp   3 sleep\n"
		     "    00601000 rw-p  12 [heap]\n"
		     "7f0000000000 rw-s   2 x.db\n"
		     "7ffc00000000 rw-p  16 [stack]\n"
		     "                  === \n"
		     "                   33 KB \n");
}

TEST(chosen_may_leave_out_columns_in_the_middle)
{
	static const struct vm_str chosen[] = { { "Inode", 5 } };
	struct vm_pmap_options options = options_of(VM_PMAP_CHOSEN);

	options.chosen = chosen;
	options.chosen_count = COUNT(chosen);
	check_output(&options, "1000-2000 rw-p 00000000 08:01 77 /x\n",
		     " Address Inode \n"
		     "00001000    77\n");
}

TEST(chosen_without_any_column_shows_addresses)
{
	check_format(VM_PMAP_CHOSEN, "1000-2000 rw-p 00000000 00:00 0 [heap]\nRss: 4 kB\n",
		     " Address \n"
		     "00001000\n");
}

TEST(quiet_full_is_as_wide_as_its_numbers)
{
	struct vm_pmap_options options = options_of(VM_PMAP_FULL);

	options.quiet = true;
	check_output(&options, program,
		     "    00400000 r-xp 00001000  08:02        7   8  8  3 0 sleep\n"
		     "    00601000 rw-p 00000000  00:00        0 132 12 12 1 [heap]\n"
		     "7f0000000000 rw-s 00002000 103:1a 12345678  16  4  2 0 x.db\n"
		     "7ffc00000000 rw-p 00000000  00:00        0 132 16 16 0 [stack]\n");
}

TEST(range_sums_every_column_of_full)
{
	struct vm_pmap_options options = options_of(VM_PMAP_FULL);

	options.low = options.high = 0x601000;
	check_output(&options, program,
		     "     Address Perm   Offset Device    Inode Size Rss Pss THPeligible Mapping\n"
		     "    00601000 rw-p 00000000  00:00        0  132  12  12           1 [heap]\n"
		     "                                           ==== === === =========== \n"
		     "                                            132  12  12           1 KB \n");
}

TEST(field_out_of_range_makes_its_column_all_the_same)
{
	struct vm_pmap_options options = options_of(VM_PMAP_FULL);

	options.high = 0x2fff;
	check_output(&options,
		     "1000-2000 rw-p 00000000 00:00 0 \nRss: 4 kB\n"
		     "3000-4000 rw-p 00000000 00:00 0 \nSwap: 4 kB\nLocked: 8 kB\n",
		     " Address Perm   Offset Device Inode Rss Swap Locked Mapping\n"
		     "00001000 rw-p 00000000  00:00     0   4    -      - \n"
		     "                                    === ==== ====== \n"
		     "                                      4    0      0 KB \n");
}

TEST(full_shows_names_as_the_kernel_has_them_but_safe)
{
	check_format(
		VM_PMAP_FULL,
		"1000-2000 rw-p 00000000 00:00 0 [anon:a/b]\n2000-3000 rw-p 00000000 00:00 0 /x/gr\303\274n\033[m\n"
		"3000-4000 rw-p 00000000 00:00 0 \n",
		" Address Perm   Offset Device Inode Mapping\n"
		"00001000 rw-p 00000000  00:00     0 [anon:a/b]\n"
		"00002000 rw-p 00000000  00:00     0 gr\303\274n?[m\n"
		"00003000 rw-p 00000000  00:00     0 \n");
}

TEST(full_with_paths_shows_them_whole)
{
	struct vm_pmap_options options = options_of(VM_PMAP_FULL);

	options.show_path = true;
	check_output(&options, "1000-2000 rw-p 00000000 00:00 0 /usr/bin/x\n",
		     " Address Perm   Offset Device Inode Mapping\n"
		     "00001000 rw-p 00000000  00:00     0 /usr/bin/x\n");
}

TEST(full_shows_a_dash_where_one_mapping_lacks_a_field)
{
	check_format(
		VM_PMAP_FULL,
		"1000-2000 rw-p 00000000 00:00 0 \nRss: 0 kB\n2000-3000 rw-p 00000000 00:00 0 \nNonlinear: 8 kB\n",
		" Address Perm   Offset Device Inode Rss Nonlinear Mapping\n"
		"00001000 rw-p 00000000  00:00     0   0         - \n"
		"00002000 rw-p 00000000  00:00     0   -         8 \n"
		"                                    === ========= \n"
		"                                      0         8 KB \n");
}

TEST(column_is_as_wide_as_its_sum)
{
	check_format(
		VM_PMAP_FULL,
		"1000-2000 rw-p 00000000 00:00 0 \nRss: 6000 kB\n2000-3000 rw-p 00000000 00:00 0 \nRss: 5 kB\n"
		"3000-4000 rw-p 00000000 00:00 0 \nRss: 6000 kB\n",
		" Address Perm   Offset Device Inode   Rss Mapping\n"
		"00001000 rw-p 00000000  00:00     0  6000 \n"
		"00002000 rw-p 00000000  00:00     0     5 \n"
		"00003000 rw-p 00000000  00:00     0  6000 \n"
		"                                    ===== \n"
		"                                    12005 KB \n");
}

TEST(unknown_numeric_field_is_a_column_and_words_are_not)
{
	check_format(
		VM_PMAP_FULL,
		"1000-2000 rw-p 00000000 00:00 0 \nExotic: 12 kB\nRss: 4 kB\nCount: 3\nMood: good\nName: [x]\n",
		" Address Perm   Offset Device Inode Exotic Rss Count Mapping\n"
		"00001000 rw-p 00000000  00:00     0     12   4     3 \n"
		"                                    ====== === ===== \n"
		"                                        12   4     3 KB \n");
}

TEST(columns_stand_in_the_order_in_which_fields_first_appear)
{
	check_format(VM_PMAP_FULL,
		     "1000-2000 rw-p 00000000 00:00 0 \nPss: 1 kB\nRss: 2 kB\n"
		     "2000-3000 rw-p 00000000 00:00 0 \nRss: 3 kB\nSwap: 4 kB\nPss: 5 kB\n",
		     " Address Perm   Offset Device Inode Pss Rss Swap Mapping\n"
		     "00001000 rw-p 00000000  00:00     0   1   2    - \n"
		     "00002000 rw-p 00000000  00:00     0   5   3    4 \n"
		     "                                    === === ==== \n"
		     "                                      6   5    4 KB \n");
}

TEST(flags_have_no_column_where_no_mapping_reports_them)
{
	check_format(VM_PMAP_ALL, "1000-2000 rw-p 00000000 00:00 0 \nRss: 4 kB\n",
		     " Address Perm   Offset Device Inode Rss Mapping\n"
		     "00001000 rw-p 00000000  00:00     0   4 \n"
		     "                                    === \n"
		     "                                      4 KB \n");
}

TEST(foreign_bytes_in_flags_are_made_safe)
{
	check_format(VM_PMAP_ALL, "1000-2000 rw-p 00000000 00:00 0 \nVmFlags: r\033 wr\n",
		     " Address Perm   Offset Device Inode VmFlags Mapping\n"
		     "00001000 rw-p 00000000  00:00     0   r? wr \n");
}

TEST(thousands_of_different_fields_are_too_many)
{
	const struct vm_pmap_options options = options_of(VM_PMAP_ALL);
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	FILE *out = fopen("/dev/null", "w");

	vm_buf_put_text(&text, "1000-2000 rw-p 00000000 00:00 0\n");
	for (unsigned i = 0; i < 5000; i++) {
		vm_buf_put_char(&text, 'F');
		vm_buf_put_dec(&text, i, 0, ' ');
		vm_buf_put_text(&text, ": 1 kB\n");
	}
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(vm_buf_str(&text), 0);
	vm_pmap_init(&pmap, &options, out);
	assert_int_equal(vm_pmap_write_all(&pmap, only(&parsed), 1), -E2BIG);
	fclose(out);
}

TEST(sums_of_full_begin_anew_and_columns_stay)
{
	static const char *const texts[] = {
		"1000-2000 rw-p 00000000 00:00 0 \nRss: 4 kB\nPss: 1 kB\n",
		"1000-2000 rw-p 00000000 00:00 0 \nRss: 2 kB\n"
	};
	const struct vm_pmap_options options = options_of(VM_PMAP_FULL);

	check_processes(&options, texts, 2,
			" Address Perm   Offset Device Inode Rss Pss Mapping\n"
			"00001000 rw-p 00000000  00:00     0   4   1 \n"
			"                                    === === \n"
			"                                      4   1 KB \n"
			" Address Perm   Offset Device Inode Rss Pss Mapping\n"
			"00001000 rw-p 00000000  00:00     0   2   - \n"
			"                                    === === \n"
			"                                      2   0 KB \n");
}

TEST(full_is_coloured_like_the_rest)
{
	static const struct vm_palette palette = {
		.hue = { "<file>", "<anonymous>", "<special>" },
		.shared_on = "<on>",
		.shared_off = "<off>",
		.reset = "<reset>",
	};
	struct vm_pmap_options options = options_of(VM_PMAP_FULL);

	options.palette = &palette;
	check_output(&options, "1000-2000 rw-s 00000000 00:00 0 /x\nRss: 4 kB\n",
		     " Address Perm   Offset Device Inode Rss Mapping\n"
		     "<file>00001000 <on>rw-s<off> 00000000  00:00     0   4 <on>x<reset>\n"
		     "                                    === \n"
		     "                                      4 KB \n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_shows_the_fields_of_smaps_and_their_sums),
		cmocka_unit_test(all_adds_the_less_important_fields_and_flags),
		cmocka_unit_test(chosen_shows_the_columns_that_are_named),
		cmocka_unit_test(chosen_may_leave_out_columns_in_the_middle),
		cmocka_unit_test(chosen_without_any_column_shows_addresses),
		cmocka_unit_test(quiet_full_is_as_wide_as_its_numbers),
		cmocka_unit_test(range_sums_every_column_of_full),
		cmocka_unit_test(field_out_of_range_makes_its_column_all_the_same),
		cmocka_unit_test(full_shows_names_as_the_kernel_has_them_but_safe),
		cmocka_unit_test(full_with_paths_shows_them_whole),
		cmocka_unit_test(full_shows_a_dash_where_one_mapping_lacks_a_field),
		cmocka_unit_test(column_is_as_wide_as_its_sum),
		cmocka_unit_test(unknown_numeric_field_is_a_column_and_words_are_not),
		cmocka_unit_test(columns_stand_in_the_order_in_which_fields_first_appear),
		cmocka_unit_test(flags_have_no_column_where_no_mapping_reports_them),
		cmocka_unit_test(foreign_bytes_in_flags_are_made_safe),
		cmocka_unit_test(thousands_of_different_fields_are_too_many),
		cmocka_unit_test(sums_of_full_begin_anew_and_columns_stay),
		cmocka_unit_test(full_is_coloured_like_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
