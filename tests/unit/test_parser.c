#include "helper.h"

#include <errno.h>

#include "vmview/parser.h"

#define HEAD "1000-3000 rw-p 00000000 00:00 0 \n"
#define NEXT "4000-5000 r--p 00000000 00:00 0 \n"

/* First lines */

TEST(line_is_read_into_its_parts)
{
	static const struct {
		const char *line;
		uint64_t start, end, offset, inode;
		uint32_t major, minor;
		const char *perms, *name;
	} rows[] = {
		{ "00400000-0040b000 r-xp 00001000 08:02 173521                             /bin/dbus",
		  0x400000, 0x40b000, 0x1000, 173521, 8, 2, "r-xp", "/bin/dbus" },
		{ "08048000-08089000 r-xp 00000000 03:01 104219 /bin/tcsh", 0x8048000, 0x8089000, 0,
		  104219, 3, 1, "r-xp", "/bin/tcsh" },
		{ "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
		  0xffffffffff600000, 0xffffffffff601000, 0, 0, 0, 0, "--xp", "[vsyscall]" },
		{ "ffff0000-ffff1000 r-xp 00000000 00:00 0          [vectors]", 0xffff0000,
		  0xffff1000, 0, 0, 0, 0, "r-xp", "[vectors]" },
		{ "3ff9e880000-3ff9ea3d000 rw-s 1bd000 103:1a2 4294967296 /a", 0x3ff9e880000,
		  0x3ff9ea3d000, 0x1bd000, 4294967296, 0x103, 0x1a2, "rw-s", "/a" },
		{ "1000-1000 ---p ffffffffffffffff ffffffff:ffffffff 18446744073709551615", 0x1000,
		  0x1000, UINT64_MAX, UINT64_MAX, UINT32_MAX, UINT32_MAX, "---p", "" },
		{ "0-ffffffffffffffff rwxs 0 00:00 0", 0, UINT64_MAX, 0, 0, 0, 0, "rwxs", "" },
		{ "40120000-40220000 rw-p 00000000 00:00 0          [stack:812]", 0x40120000,
		  0x40220000, 0, 0, 0, 0, "rw-p", "[stack:812]" },
		{ "00400000-7ffc9d1f7000 ---p 00000000 00:00 0                              [rollup]",
		  0x400000, 0x7ffc9d1f7000, 0, 0, 0, 0, "---p", "[rollup]" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(parsed_deinit) struct parsed parsed = parse(rows[i].line);
		const struct vm_mapping *m = only(&parsed);

		assert_row(m->start == rows[i].start && m->end == rows[i].end, rows[i].line);
		assert_row(m->offset == rows[i].offset && m->inode == rows[i].inode, rows[i].line);
		assert_row(m->dev_major == rows[i].major, rows[i].line);
		assert_row(m->dev_minor == rows[i].minor, rows[i].line);
		assert_row(memcmp(m->perms, rows[i].perms, 4) == 0, rows[i].line);
		assert_same(m->name, vm_str_from(rows[i].name));
	}
}

TEST(every_combination_of_permissions_is_read)
{
	for (int i = 0; i < 16; i++) {
		char line[] = "1000-2000 ---- 00000000 00:00 0\n";
		const char perms[] = { i & 1 ? 'r' : '-', i & 2 ? 'w' : '-', i & 4 ? 'x' : '-',
				       i & 8 ? 's' : 'p' };

		memcpy(line + 10, perms, 4);
		vm_cleanup(parsed_deinit) struct parsed parsed = parse(line);
		assert_memory_equal(only(&parsed)->perms, perms, 4);
	}
}

/* Names */

static struct parsed parse_name(struct vm_str name, size_t piece)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_buf_put_text(&text, "1000-2000 rw-p 00000000 00:00 0      ");
	vm_buf_put_str(&text, name);
	vm_buf_put_text(&text, "\nSize:  4 kB\n");
	return parse_in_pieces(vm_buf_str(&text), piece);
}

TEST(name_of_any_bytes_is_kept_as_it_is)
{
	static const char *const names[] = {
		"/a b  c",
		"/ends in a blank ",
		"/[heap]",
		"[anon:a [b] / c]",
		"/brackets] [and more",
		"/two\\012lines",
		"/back\\slash\\134\\",
		"/x (deleted)",
		"/tab\tand\rreturn",
		"/esc\033[31m\a",
		"/caf\351 \377\376",
		"/Rss:      4 kB",
		"Rss: 4 kB",
		"anon_inode:[eventpoll]",
		"socket:[12345]",
		"a",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_name(vm_str_from(names[i]), 0);

		assert_same(only(&parsed)->name, vm_str_from(names[i]));
	}
}

TEST(every_byte_but_newline_can_stand_in_a_name)
{
	for (int c = 0; c < 256; c++) {
		char name[] = { '/', (char)c, 'x' };

		if (c == '\n')
			continue;
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_name((struct vm_str){ name, 3 }, 0);
		assert_same(only(&parsed)->name, ((struct vm_str){ name, 3 }));
	}
}

TEST(nul_bytes_do_not_end_a_name)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_name(VM_STR("/a\0b\0"), 0);

	assert_slice(only(&parsed)->name, "/a\0b\0");
	assert_true(vm_usage_has(&only(&parsed)->usage, VM_FIELD_SIZE));
}

TEST(name_of_10000_bytes_is_kept_however_it_arrives)
{
	static const size_t pieces[] = { 0, 1, 4096 };
	vm_cleanup(vm_buf_deinit) struct vm_buf name = { 0 };

	for (int i = 0; i < 10000; i++)
		vm_buf_put_char(&name, (char)('!' + i % 90));
	for (size_t i = 0; i < COUNT(pieces); i++) {
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_name(vm_buf_str(&name), pieces[i]);

		assert_same(only(&parsed)->name, vm_buf_str(&name));
	}
}

TEST(blanks_before_the_name_are_padding)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse("1000-2000 rw-p 00000000 00:00 0                                \n");

	assert_int_equal(only(&parsed)->name.len, 0);
}

/* Fields */

static uint64_t field_of(const struct parsed *parsed, enum vm_field field)
{
	const struct vm_usage *usage = &only(parsed)->usage;

	assert_true(vm_usage_has(usage, field));
	return vm_usage_get(usage, field);
}

TEST(every_known_field_is_read)
{
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++) {
		const struct vm_field_info *info = vm_field_info(field);
		bool bytes = info->unit == VM_UNIT_BYTES;
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_buf_put_text(&text, HEAD);
		vm_buf_put_str(&text, info->key);
		vm_buf_put_text(&text, bytes ? ":       12 kB\n" : ":    12\n");
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_in_pieces(vm_buf_str(&text), 0);
		assert_int_equal(field_of(&parsed, field), bytes ? 12 * 1024 : 12);
		assert_int_equal(only(&parsed)->usage.extra_count, 0);
	}
}

TEST(zero_and_not_reported_differ)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(HEAD "Rss: 0 kB\n");
	const struct vm_usage *usage = &only(&parsed)->usage;

	assert_true(vm_usage_has(usage, VM_FIELD_RSS));
	assert_int_equal(vm_usage_get(usage, VM_FIELD_RSS), 0);
	assert_false(vm_usage_has(usage, VM_FIELD_PSS));
	assert_int_equal(vm_usage_get(usage, VM_FIELD_PSS), 0);
}

TEST(line_of_maps_reports_no_field)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(HEAD);

	assert_int_equal(only(&parsed)->usage.present, 0);
	assert_null(only(&parsed)->vm_flags.p);
}

TEST(fields_may_stand_in_any_order)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(
		HEAD
		"Swap: 1 kB\nVmFlags: rd\nSwapPss: 2 kB\nSize: 8 kB\nPss_Dirty: 3 kB\nPss: 4 kB\n");
	static const uint8_t order[] = { VM_FIELD_SWAP, VM_FIELD_SWAP_PSS, VM_FIELD_SIZE,
					 VM_FIELD_PSS_DIRTY, VM_FIELD_PSS };

	assert_int_equal(field_of(&parsed, VM_FIELD_SWAP), 1024);
	assert_int_equal(field_of(&parsed, VM_FIELD_SWAP_PSS), 2048);
	assert_int_equal(field_of(&parsed, VM_FIELD_PSS_DIRTY), 3072);
	assert_int_equal(field_of(&parsed, VM_FIELD_PSS), 4096);
	assert_int_equal(only(&parsed)->usage.order_count, COUNT(order));
	assert_memory_equal(only(&parsed)->usage.order, order, sizeof(order));
}

TEST(order_may_change_from_one_mapping_to_the_next)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse(HEAD "Size: 8 kB\nRss: 1 kB\nPss: 2 kB\nOdd: 3 kB\n" NEXT
			   "Pss: 4 kB\nOdd: 5 kB\nSize: 6 kB\nLocked: 7 kB\nRss: 8 kB\n");
	const struct vm_usage *usage = &parsed.snapshot.mappings[1].usage;

	assert_int_equal(parsed.result, 0);
	assert_int_equal(vm_usage_get(usage, VM_FIELD_PSS), 4096);
	assert_int_equal(vm_usage_get(usage, VM_FIELD_SIZE), 6144);
	assert_int_equal(vm_usage_get(usage, VM_FIELD_LOCKED), 7168);
	assert_int_equal(vm_usage_get(usage, VM_FIELD_RSS), 8192);
	assert_slice(usage->extras[0].value, "5 kB");
}

static void check_bytewise(const char *path, struct vm_str text)
{
	vm_cleanup(parsed_deinit) struct parsed whole = parse_in_pieces(text, 0);
	vm_cleanup(parsed_deinit) struct parsed bytes = parse_in_pieces(text, 1);

	assert_row(whole.result == 0, path);
	assert_row(bytes.result == 0, path);
	assert_row(whole.line == bytes.line, path);
	assert_row(whole.snapshot.count == bytes.snapshot.count, path);
	for (size_t i = 0; i < whole.snapshot.count; i++)
		assert_same_mapping(&whole.snapshot.mappings[i], &bytes.snapshot.mappings[i]);
}

/* The field that is expected, by the mapping before, has a way of its own. */
TEST(expected_field_may_be_written_in_many_ways)
{
	static const struct {
		const char *line;
		uint64_t value;
	} rows[] = {
		{ "Rss:                4 kB\n", 4096 },
		{ "Rss:4 kB\n", 4096 },
		{ "Rss:\t4 kB\n", 4096 },
		{ "Rss: 4 kB \t\n", 4096 },
		{ "Rss: 000000000000000000000000000004 kB\n", 4096 },
		{ "Rss: 999999999999999 kB\n", UINT64_C(999999999999999) * 1024 },
		{ "Rss: 9999999999999999 kB\n", UINT64_C(9999999999999999) * 1024 },
		{ "Rss: 8 kB\nRss: 4 kB\n", 4096 },
		{ "Rss: 4 kB\nRss: 4 kB\n", 4096 },
		{ "Rss: 4 kB", 4096 },
		{ "Rssx: 8 kB\nRss: 4 kB\n", 4096 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_buf_put_text(&text, HEAD "Rss: 0 kB\n" NEXT);
		vm_buf_put_text(&text, rows[i].line);
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_in_pieces(vm_buf_str(&text), 0);
		assert_row(parsed.result == 0 && parsed.snapshot.count == 2, rows[i].line);
		assert_row(vm_usage_get(&parsed.snapshot.mappings[1].usage, VM_FIELD_RSS) ==
				   rows[i].value,
			   rows[i].line);
		check_bytewise(rows[i].line, vm_buf_str(&text));
	}
}

TEST(duplicate_field_is_listed_once_with_its_last_value)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse(HEAD "Rss: 4 kB\nPss: 1 kB\nRss: 8 kB\n");

	assert_int_equal(field_of(&parsed, VM_FIELD_RSS), 8192);
	assert_int_equal(only(&parsed)->usage.order_count, 2);
}

TEST(unknown_field_is_kept_under_its_own_name)
{
	static const struct {
		const char *line, *key, *value;
	} rows[] = {
		{ "Exotic:        12 kB", "Exotic", "12 kB" },
		{ "Pss_Exotic:\t7", "Pss_Exotic", "7" },
		{ "Mood: fair to middling  ", "Mood", "fair to middling" },
		{ "Ps: 1 kB", "Ps", "1 kB" },
		{ "lower_case9: x", "lower_case9", "x" },
		{ "AZ_az09: x", "AZ_az09", "x" },
		{ "Zone: 1", "Zone", "1" },
		{ "abc: 1", "abc", "1" },
		{ "Empty:", "Empty", "" },
		{ "Name:           [anon:libc_malloc]", "Name", "[anon:libc_malloc]" },
		{ "Huge: 99999999999999999999 kB", "Huge", "99999999999999999999 kB" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_buf_put_text(&text, HEAD);
		vm_buf_put_text(&text, rows[i].line);
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_in_pieces(vm_buf_str(&text), 0);
		assert_int_equal(only(&parsed)->usage.extra_count, 1);
		assert_same(only(&parsed)->usage.extras[0].key, vm_str_from(rows[i].key));
		assert_same(only(&parsed)->usage.extras[0].value, vm_str_from(rows[i].value));
	}
}

TEST(unknown_fields_keep_their_place_among_the_known)
{
	static const uint8_t order[] = { VM_ORDER_EXTRA, VM_FIELD_SIZE, VM_ORDER_EXTRA,
					 VM_FIELD_RSS };
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse(HEAD "First: 1 kB\nSize: 8 kB\nSecond: 2 kB\nRss: 4 kB\n");
	const struct vm_usage *usage = &only(&parsed)->usage;

	assert_int_equal(usage->order_count, COUNT(order));
	assert_memory_equal(usage->order, order, sizeof(order));
	assert_slice(usage->extras[0].key, "First");
	assert_slice(usage->extras[1].key, "Second");
}

TEST(thousands_of_unknown_fields_are_kept)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	const struct vm_usage *usage;

	vm_buf_put_text(&text, HEAD);
	for (unsigned i = 0; i < 5000; i++) {
		vm_buf_put_char(&text, 'F');
		vm_buf_put_dec(&text, i, 0, ' ');
		vm_buf_put_text(&text, ": 1 kB\n");
	}
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(vm_buf_str(&text), 0);
	usage = &only(&parsed)->usage;
	assert_int_equal(usage->extra_count, 5000);
	assert_slice(usage->extras[0].key, "F0");
	assert_slice(usage->extras[4999].key, "F4999");
}

TEST(name_line_does_not_become_the_name)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse(HEAD "Name:    [anon:x]\nSize: 8 kB\n");

	assert_int_equal(only(&parsed)->name.len, 0);
	assert_int_equal(field_of(&parsed, VM_FIELD_SIZE), 8192);
}

TEST(flags_are_kept_without_the_blank_at_their_end)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(HEAD "VmFlags: rd wr mr zz \n");

	assert_slice(only(&parsed)->vm_flags, "rd wr mr zz");
}

TEST(empty_flags_are_reported_and_empty)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(HEAD "VmFlags:\n");

	assert_non_null(only(&parsed)->vm_flags.p);
	assert_int_equal(only(&parsed)->vm_flags.len, 0);
}

TEST(hugetlb_and_nonlinear_fields_are_read)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(
		HEAD
		"Shared_Hugetlb:     2048 kB\nPrivate_Hugetlb:    4096 kB\nNonlinear:            16 kB\n");

	assert_int_equal(field_of(&parsed, VM_FIELD_SHARED_HUGETLB), 2048 * 1024);
	assert_int_equal(field_of(&parsed, VM_FIELD_PRIVATE_HUGETLB), 4096 * 1024);
	assert_int_equal(field_of(&parsed, VM_FIELD_NONLINEAR), 16 * 1024);
}

TEST(largest_number_of_kilobytes_is_read)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(HEAD "Rss: 18014398509481983 kB\n");

	assert_int_equal(field_of(&parsed, VM_FIELD_RSS), UINT64_MAX - 1023);
}

TEST(nothing_of_a_mapping_is_left_in_the_next)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(
		"1000-2000 rw-p 00000000 00:00 0 [heap]\nRss: 4 kB\nOdd: 1\nVmFlags: rd\n" NEXT);
	const struct vm_mapping *m = &parsed.snapshot.mappings[1];

	assert_int_equal(m->name.len, 0);
	assert_null(m->vm_flags.p);
	assert_int_equal(m->usage.present, 0);
	assert_int_equal(m->usage.order_count, 0);
	assert_int_equal(m->usage.extra_count, 0);
}

TEST(kernel_2_6_16_reports_neither_pss_nor_swap)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(
		"bfae1000-bfaf7000 rw-p bfae1000 00:00 0          [stack]\n"
		"Size:                88 kB\nRss:                  8 kB\nShared_Clean:         0 kB\n"
		"Shared_Dirty:         0 kB\nPrivate_Clean:        0 kB\nPrivate_Dirty:        8 kB\n");

	assert_int_equal(field_of(&parsed, VM_FIELD_PRIVATE_DIRTY), 8192);
	assert_int_equal(field_of(&parsed, VM_FIELD_SHARED_DIRTY), 0);
	assert_false(vm_usage_has(&only(&parsed)->usage, VM_FIELD_PSS));
	assert_false(vm_usage_has(&only(&parsed)->usage, VM_FIELD_SWAP));
	assert_false(vm_usage_has(&only(&parsed)->usage, VM_FIELD_REFERENCED));
}

/* Pieces */

TEST(every_fixture_is_the_same_byte_by_byte_and_at_once)
{
	each_fixture(check_bytewise);
}

TEST(text_may_be_cut_anywhere)
{
	const struct vm_str text =
		VM_STR("1000-3000 rw-p 00000000 00:00 0 /a b\nRss: 4 kB\nOdd: 1 2\nVmFlags: rd wr\n"
		       "4000-5000 r--p 00000000 00:00 0 \nRss: 0 kB");
	vm_cleanup(parsed_deinit) struct parsed whole = parse_in_pieces(text, 0);

	assert_int_equal(whole.snapshot.count, 2);
	for (size_t piece = 1; piece <= text.len; piece++) {
		vm_cleanup(parsed_deinit) struct parsed cut = parse_in_pieces(text, piece);

		assert_int_equal(cut.snapshot.count, 2);
		assert_same_mapping(&cut.snapshot.mappings[0], &whole.snapshot.mappings[0]);
		assert_same_mapping(&cut.snapshot.mappings[1], &whole.snapshot.mappings[1]);
	}
}

TEST(last_line_without_newline_counts)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(HEAD "Rss: 4 kB");

	assert_int_equal(field_of(&parsed, VM_FIELD_RSS), 4096);
	assert_int_equal(parsed.line, 2);
}

TEST(no_text_is_no_mapping_and_no_error)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse("");

	assert_int_equal(parsed.result, 0);
	assert_int_equal(parsed.mappings, 0);
	assert_int_equal(parsed.line, 0);
}

TEST(lines_and_mappings_are_counted)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse(HEAD "Rss: 4 kB\n" NEXT "Rss: 4 kB\n");

	assert_int_equal(parsed.line, 4);
	assert_int_equal(parsed.mappings, 2);
	assert_null(parsed.reason);
}

TEST(mappings_are_handed_out_in_the_order_of_the_text)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(NEXT HEAD NEXT);

	assert_int_equal(parsed.snapshot.count, 3);
	assert_int_equal(parsed.snapshot.mappings[0].start, 0x4000);
	assert_int_equal(parsed.snapshot.mappings[1].start, 0x1000);
	assert_int_equal(parsed.snapshot.mappings[2].start, 0x4000);
}

/* The callback */

static int count_down(const struct vm_mapping *mapping, void *user)
{
	int *left = user;

	(void)mapping;
	return --*left ? 0 : -ECANCELED;
}

static int feed_to_counter(const char *text, int *left, uint64_t *mappings)
{
	struct vm_parser parser;
	int r;

	vm_parser_init(&parser, count_down, left);
	r = vm_parser_feed(&parser, text, strlen(text));
	*mappings = parser.mappings;
	vm_parser_deinit(&parser);
	return r;
}

TEST(mapping_is_handed_out_when_the_next_begins)
{
	int left = 10;
	uint64_t mappings;

	assert_int_equal(feed_to_counter(HEAD "Rss: 4 kB\n", &left, &mappings), 0);
	assert_int_equal(mappings, 0);
	assert_int_equal(feed_to_counter(HEAD "Rss: 4 kB\n" NEXT, &left, &mappings), 0);
	assert_int_equal(mappings, 1);
}

TEST(error_of_the_callback_ends_the_parse_and_is_returned)
{
	int left = 2;
	uint64_t mappings;

	assert_int_equal(feed_to_counter(HEAD NEXT HEAD NEXT HEAD, &left, &mappings), -ECANCELED);
	assert_int_equal(left, 0);
	assert_int_equal(mappings, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_is_read_into_its_parts),
		cmocka_unit_test(every_combination_of_permissions_is_read),
		cmocka_unit_test(name_of_any_bytes_is_kept_as_it_is),
		cmocka_unit_test(every_byte_but_newline_can_stand_in_a_name),
		cmocka_unit_test(nul_bytes_do_not_end_a_name),
		cmocka_unit_test(name_of_10000_bytes_is_kept_however_it_arrives),
		cmocka_unit_test(blanks_before_the_name_are_padding),
		cmocka_unit_test(every_known_field_is_read),
		cmocka_unit_test(zero_and_not_reported_differ),
		cmocka_unit_test(line_of_maps_reports_no_field),
		cmocka_unit_test(fields_may_stand_in_any_order),
		cmocka_unit_test(order_may_change_from_one_mapping_to_the_next),
		cmocka_unit_test(expected_field_may_be_written_in_many_ways),
		cmocka_unit_test(duplicate_field_is_listed_once_with_its_last_value),
		cmocka_unit_test(unknown_field_is_kept_under_its_own_name),
		cmocka_unit_test(unknown_fields_keep_their_place_among_the_known),
		cmocka_unit_test(thousands_of_unknown_fields_are_kept),
		cmocka_unit_test(name_line_does_not_become_the_name),
		cmocka_unit_test(flags_are_kept_without_the_blank_at_their_end),
		cmocka_unit_test(empty_flags_are_reported_and_empty),
		cmocka_unit_test(hugetlb_and_nonlinear_fields_are_read),
		cmocka_unit_test(largest_number_of_kilobytes_is_read),
		cmocka_unit_test(nothing_of_a_mapping_is_left_in_the_next),
		cmocka_unit_test(kernel_2_6_16_reports_neither_pss_nor_swap),
		cmocka_unit_test(every_fixture_is_the_same_byte_by_byte_and_at_once),
		cmocka_unit_test(text_may_be_cut_anywhere),
		cmocka_unit_test(last_line_without_newline_counts),
		cmocka_unit_test(no_text_is_no_mapping_and_no_error),
		cmocka_unit_test(lines_and_mappings_are_counted),
		cmocka_unit_test(mappings_are_handed_out_in_the_order_of_the_text),
		cmocka_unit_test(mapping_is_handed_out_when_the_next_begins),
		cmocka_unit_test(error_of_the_callback_ends_the_parse_and_is_returned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
