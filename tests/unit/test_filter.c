#include "helper.h"

#include <stdio.h>

#include "vmview/selection.h"

/* The sample: each mapping is meant by the letter at the same place in LETTERS. */
#define LETTERS "abcdefghi"

static const char sample[] =
	"1000-3000 r-xp 0 08:01 11 /usr/lib/libC.so\n"
	"Rss: 8 kB\nPss: 2 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: 0 kB\nAnonymous: 0 kB\nVmFlags: rd ex mr mw me\n"
	"3000-4000 rw-p 0 08:01 11 /usr/lib/libC.so\n"
	"Rss: 4 kB\nPss: 4 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: 4 kB\nAnonymous: 4 kB\nVmFlags: rd wr mr mw me ac\n"
	"10000-20000 rw-p 0 00:00 0 [heap]\n"
	"Rss: 0 kB\nPss: 0 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: 0 kB\nAnonymous: 0 kB\nVmFlags: rd wr mr mw me ac\n"
	"20000-21000 ---p 0 00:00 0\n"
	"30000-32000 rw-s 0 00:1b 3 /dev/shm/pool=\xc3\x84\n"
	"40000-41000 rwxp 0 00:00 0\n"
	"50000-51000 r--s 0 08:01 12 /tmp/a:b (deleted)\n"
	"60000-61000 r-xp 0 00:00 0 [vdso]\n"
	"70000-71000 rw-p 0 00:00 0 [anon:kind:x]\n";

static struct parsed parse_sample(void)
{
	struct parsed parsed = classified(sample);

	assert_int_equal(parsed.snapshot.count, strlen(LETTERS));
	return parsed;
}

static void check_row_of(const struct vm_snapshot *snapshot, const char *expression,
			 const char *letters)
{
	vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 }, got = { 0 };

	assert_row(vm_filter_parse(vm_str_from(expression), &filter, &error) == 0, expression);
	for (size_t i = 0; i < snapshot->count; i++) {
		if (vm_filter_matches(&filter, &snapshot->mappings[i]))
			vm_buf_put_char(&got, LETTERS[i]);
	}
	assert_row(error.len == 0, expression);
	assert_row(vm_str_equal(vm_buf_str(&got), vm_str_from(letters)), expression);
}

struct row {
	const char *expression, *letters;
};

static void check_rows(const struct row *rows, size_t count)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_sample();

	for (size_t i = 0; i < count; i++)
		check_row_of(&parsed.snapshot, rows[i].expression, rows[i].letters);
}

TEST(empty_expression_holds_for_all)
{
	static const struct row rows[] = {
		{ "", LETTERS },
		{ " \t\r\n\v\f ", LETTERS },
	};

	check_rows(rows, COUNT(rows));
}

TEST(text_is_looked_for_in_names_in_upper_and_lower_case)
{
	static const struct row rows[] = {
		{ "libc", "ab" },     { "LIBc.So", "ab" }, { "/usr/lib/libC.so", "ab" },
		{ "(deleted)", "g" }, { "]", "cdfhi" },    { "[anon]", "f" },
		{ "reserved", "d" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(letters_beyond_ascii_are_bytes)
{
	static const struct row rows[] = {
		{ "\xc3\x84", "e" },
		{ "\xc3\xa4", "" },
		{ "\xe3\x84", "" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(colon_or_comparison_behind_more_than_letters_is_text)
{
	static const struct row rows[] = {
		{ "/a:b", "g" },
		{ "[anon:kind", "i" },
		{ "/pool=", "e" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(name_takes_any_text)
{
	static const struct row rows[] = {
		{ "name:libc", "ab" }, { "NAME:pool=", "e" }, { "name:kind:x", "i" },
		{ "name:name:", "" },  { "name:!", "" },      { "!name:so", "cdefgi" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(all_terms_must_hold)
{
	static const struct row rows[] = {
		{ "libc perm:w", "b" },
		{ "  libc\tperm:w  perm:r ", "b" },
		{ "libc perm:w kind:heap", "" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(exclamation_mark_turns_a_term_round)
{
	static const struct row rows[] = {
		{ "!libc", "cdefghi" },
		{ "!kind:anon,heap", "abdegh" },
		{ "!libc !perm:w", "dgh" },
		{ "!!libc", "ab" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(kind_is_any_of_those_named)
{
	static const struct row rows[] = {
		{ "kind:heap", "c" },
		{ "kind:anon,heap", "cfi" },
		{ "kind:reserved,kernel,posix-shm", "deh" },
		{ "KIND:Heap,HEAP", "c" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(backing_and_sharing_are_told)
{
	static const struct row rows[] = {
		{ "backing:file", "abg" },
		{ "backing:file,special", "abgh" },
		{ "backing:anonymous sharing:shared", "e" },
		{ "sharing:private backing:file", "ab" },
		{ "sharing:private,shared", LETTERS },
	};

	check_rows(rows, COUNT(rows));
}

TEST(some_permissions_must_be_there_and_others_may)
{
	static const struct row rows[] = {
		{ "perm:w", "bcefi" },   { "perm:xw", "f" }, { "perm:wx", "f" }, { "perm:s", "eg" },
		{ "perm:p", "abcdfhi" }, { "perm:ws", "e" }, { "!perm:r", "d" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(four_permissions_are_exactly_those)
{
	static const struct row rows[] = {
		{ "perm:rw-p", "bci" }, { "perm:---p", "d" }, { "perm:rwxp", "f" },
		{ "perm:r--p", "" },    { "perm:r--s", "g" }, { "!perm:rw-p", "adefgh" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(measures_are_compared_with_sizes)
{
	static const struct row rows[] = {
		{ "size<8k", "bdfghi" }, { "size<=8k", "abdefghi" }, { "size=8k", "ae" },
		{ "size>=8k", "ace" },   { "size>8k", "c" },         { "size>0.01M", "c" },
		{ "RSS>=4096", "ab" },   { "uss=4k", "b" },          { "copied>0", "b" },
		{ "rss>0 pss<4k", "a" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(number_that_is_not_reported_is_neither_more_nor_less_nor_the_same)
{
	static const struct row rows[] = {
		{ "rss=0", "c" },    { "!rss=0", "ab" }, { "rss>=0", "abc" },
		{ "!rss>4k", "bc" }, { "swap=0", "" },   { "!swap=0", "" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(address_is_held_from_the_first_byte_to_the_last)
{
	static const struct row rows[] = {
		{ "addr:1000", "a" },
		{ "addr:0x2fff", "a" },
		{ "addr:0X3000", "b" },
		{ "addr:0000000000020FFF", "d" },
		{ "addr:ffffffffffffffff", "" },
		{ "!addr:1000", "bcdefghi" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(flags_are_told)
{
	static const struct row rows[] = {
		{ "flag:deleted", "g" }, { "!flag:deleted", "abcdefhi" },
		{ "flag:wx", "f" },      { "flag:WX", "f" },
		{ "flag:ex", "a" },      { "flag:EX", "a" },
		{ "flag:ac", "bc" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(flag_is_neither_there_nor_absent_where_flags_are_not_reported)
{
	static const struct row rows[] = {
		{ "!flag:ac", "a" },
		{ "!flag:ht", "abc" },
	};

	check_rows(rows, COUNT(rows));
}

/* Every name that the tables know makes a term. */
static void check_known(const char *before, const char *name, const char *behind)
{
	vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };
	char text[64];

	snprintf(text, sizeof(text), "%s%s%s", before, name, behind);
	assert_row(vm_filter_parse(vm_str_from(text), &filter, &error) == 0, text);
}

TEST(every_kind_backing_sharing_and_measure_can_be_named)
{
	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++)
		check_known("kind:", vm_kind_info(kind)->name, "");
	for (enum vm_backing backing = 0; backing < VM_BACKING_COUNT; backing++)
		check_known("backing:", vm_backing_name(backing), "");
	for (enum vm_sharing sharing = 0; sharing < VM_SHARING_COUNT; sharing++)
		check_known("sharing:", vm_sharing_name(sharing), "");
	for (enum vm_measure measure = 0; measure < VM_MEASURE_COUNT; measure++)
		check_known("", vm_measure_name(measure), ">=1.5M");
}

TEST(filter_keeps_its_own_copy_of_the_expression)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_sample();
	vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };
	char expression[] = "libc";

	assert_int_equal(vm_filter_parse(vm_str_from(expression), &filter, &error), 0);
	memset(expression, 'x', strlen(expression));
	assert_true(vm_filter_matches(&filter, &parsed.snapshot.mappings[0]));
}

TEST(what_only_smaps_tells_is_known_beforehand)
{
	static const struct {
		const char *expression;
		bool needs;
	} rows[] = {
		{ "", false },
		{ "libc kind:heap perm:w size>4k flag:wx flag:deleted addr:1000", false },
		{ "rss>0", true },
		{ "kind:heap !uss=0", true },
		{ "flag:ht", true },
		{ "kind:heap,hugetlb", true },
		{ "!kind:device", true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
		struct vm_buf error = { 0 };

		assert_int_equal(vm_filter_parse(vm_str_from(rows[i].expression), &filter, &error),
				 0);
		assert_row(vm_filter_needs_smaps(&filter) == rows[i].needs, rows[i].expression);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_expression_holds_for_all),
		cmocka_unit_test(text_is_looked_for_in_names_in_upper_and_lower_case),
		cmocka_unit_test(letters_beyond_ascii_are_bytes),
		cmocka_unit_test(colon_or_comparison_behind_more_than_letters_is_text),
		cmocka_unit_test(name_takes_any_text),
		cmocka_unit_test(all_terms_must_hold),
		cmocka_unit_test(exclamation_mark_turns_a_term_round),
		cmocka_unit_test(kind_is_any_of_those_named),
		cmocka_unit_test(backing_and_sharing_are_told),
		cmocka_unit_test(some_permissions_must_be_there_and_others_may),
		cmocka_unit_test(four_permissions_are_exactly_those),
		cmocka_unit_test(measures_are_compared_with_sizes),
		cmocka_unit_test(number_that_is_not_reported_is_neither_more_nor_less_nor_the_same),
		cmocka_unit_test(address_is_held_from_the_first_byte_to_the_last),
		cmocka_unit_test(flags_are_told),
		cmocka_unit_test(flag_is_neither_there_nor_absent_where_flags_are_not_reported),
		cmocka_unit_test(every_kind_backing_sharing_and_measure_can_be_named),
		cmocka_unit_test(filter_keeps_its_own_copy_of_the_expression),
		cmocka_unit_test(what_only_smaps_tells_is_known_beforehand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
