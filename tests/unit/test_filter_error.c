#include "helper.h"

#include <errno.h>

#include "vmview/safe.h"
#include "vmview/selection.h"

#define KINDS                                                                                     \
	"kernel, stack, heap, hugetlb, sysv-shm, posix-shm, memfd, shared-anon, reserved, anon, " \
	"device, anon-inode, code, data, mapped-file"
#define MEASURES "size, rss, pss, uss, shared, dirty, swap, locked, hugetlb, copied"
#define SIZES "sizes are written 4096, 64k, 1.5M or 2G"
#define PERMS "permissions are some of r, w, x, s and p, as in wx, or all four as in rw-p"
#define ADDRESS "an address has up to 16 hexadecimal digits, as in addr:7f12a000 or addr:0x7f12a000"
#define FLAGS \
	"there is no such flag; there are deleted, wx and the two letters of a VmFlag, as in flag:ht"
#define KEYS                                                                                              \
	"there is no such term; before a colon stands one of name, match, kind, backing, sharing, perm, " \
	"addr, flag; for names that contain this, write "

struct row {
	const char *expression, *error;
};

static void check_rows(const struct row *rows, size_t count)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct vm_filter filter = { 0 };
		struct vm_str expression = vm_str_from(rows[i].expression);

		assert_row(vm_filter_parse(expression, &filter, &error) == -EINVAL,
			   rows[i].expression);
		assert_same(vm_buf_str(&error), vm_str_from(rows[i].error));
		assert_row(!filter.terms && !filter.count && !filter.text.blocks,
			   rows[i].expression);
	}
}

TEST(unknown_name_is_answered_with_those_there_are)
{
	static const struct row rows[] = {
		{ "kind:hepa", "kind:hepa: there is no such kind; there are " KINDS },
		{ "kind:heap,hepa",
		  "kind:heap,hepa: there is no such kind as hepa; there are " KINDS },
		{ "kind:", "kind: it lacks a kind; there are " KINDS },
		{ "kind:heap,", "kind:heap,: it lacks a kind; there are " KINDS },
		{ "backing:disk",
		  "backing:disk: there is no such backing; there are file, anonymous, special" },
		{ "sharing:both",
		  "sharing:both: there is no such sharing; there are private, shared" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(unknown_word_before_a_colon_is_no_text)
{
	static const struct row rows[] = {
		{ "kinds:heap", "kinds:heap: " KEYS "name:kinds:heap" },
		{ "!memfd:x", "!memfd:x: " KEYS "name:memfd:x" },
		{ "rss:1M", "rss:1M: rss takes one of < <= = >= >, as in rss>1M" },
		{ "name:", "name: it lacks the text that names shall contain" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(comparison_that_is_wrong_is_answered_with_what_is_right)
{
	static const struct row rows[] = {
		{ "rs>1M", "rs>1M: there is no such measure; there are " MEASURES
			   "; for names that contain this, write name:rs>1M" },
		{ ">1M", ">1M: it lacks a measure; there are " MEASURES
			 "; for names that contain this, write name:>1M" },
		{ "kind=heap", "kind=heap: kind takes a colon, as in kind:heap" },
		{ "rss>lots", "rss>lots: lots is not a size; " SIZES },
		{ "rss>=", "rss>=: it lacks a size; " SIZES },
		{ "rss=>1M", "rss=>1M: >1M is not a size; " SIZES },
		{ "rss>16E", "rss>16E: 16E is not a size; " SIZES },
		{ "rss!=4k", "rss!=4k: there is no !=; put the ! in front, as in !rss=4k" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(wrong_permissions_are_answered_with_what_there_are)
{
	static const struct row rows[] = {
		{ "perm:", "perm: " PERMS },
		{ "perm:q", "perm:q: " PERMS },
		{ "perm:W", "perm:W: " PERMS },
		{ "perm:rw-", "perm:rw-: " PERMS },
		{ "perm:wr-p", "perm:wr-p: " PERMS },
		{ "perm:rw--", "perm:rw--: " PERMS },
		{ "perm:sp", "perm:sp: a mapping is either shared (s) or private (p)" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(wrong_address_or_flag_is_answered_with_what_is_right)
{
	static const struct row rows[] = {
		{ "addr:", "addr: " ADDRESS },
		{ "addr:0x", "addr:0x: " ADDRESS },
		{ "addr:7f12-7f13", "addr:7f12-7f13: " ADDRESS },
		{ "addr:10000000000000000", "addr:10000000000000000: " ADDRESS },
		{ "flag:", "flag: " FLAGS },
		{ "flag:gone", "flag:gone: " FLAGS },
		{ "flag:1x", "flag:1x: " FLAGS },
	};

	check_rows(rows, COUNT(rows));
}

static const char large[] = "this expression is too large once its repetitions are written out";

static bool is_large(const char *expression)
{
	vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };
	int r = vm_filter_add_value(&filter, "match", vm_str_from(expression), &error);

	assert_row(r == 0 || r == -EINVAL, expression);
	return vm_str_ends(vm_buf_str(&error), vm_str_from(large));
}

TEST(expression_that_would_take_any_memory_is_refused)
{
	static const char *const expressions[] = {
		"x++++++++++++",
		"$x************",
		"x{1,255}{1,255}",
		"(x{1,255}){1,255}",
		"(((x{9}y{9,}){9,99}|z)+?*){20}",
		"[^]a]{100}{100}",
		"[[:alpha:]]{,100}{100}",
		"[[.].]]{100}{100}",
		"\\({100}{100}",
		"((((((((((x?){2}){2}){2}){2}){2}){2}){2}){2}){2}){2}",
		"x{32767}",
	};

	for (size_t i = 0; i < COUNT(expressions); i++)
		assert_row(is_large(expressions[i]), expressions[i]);
}

TEST(expression_that_repeats_little_is_not_refused)
{
	static const char *const expressions[] = {
		"x++++",
		"x*?*?*",
		"x{1,255}",
		"(x{1,30}){1,30}",
		"[++++++++++++++++++]+",
		"[]{}{100}{100}]",
		"\\+++",
		"[^[:alpha:]+{9}{9}]{99}",
		"x{900}y{900}",
		"(((((((((x)+)+)+)+)+)*)*)*)*",
		"x{0}{900}",
		"{",
		"x{1",
		"x{a}",
		"x\\{1000}{1000}",
	};

	for (size_t i = 0; i < COUNT(expressions); i++)
		assert_row(!is_large(expressions[i]), expressions[i]);
}

TEST(groups_within_groups_are_limited)
{
	char text[2 * 200 + 2];

	for (size_t depth = 50; depth <= 200; depth += 150) {
		memset(text, '(', depth);
		text[depth] = 'x';
		memset(text + depth + 1, ')', depth);
		text[2 * depth + 1] = '\0';
		assert_int_equal(is_large(text), depth > 100);
	}
}

TEST(lonely_exclamation_mark_is_told)
{
	static const struct row rows[] = {
		{ "!", "!: a term is missing behind it; write it without a blank, as in "
		       "!kind:heap" },
		{ "! kind:heap", "!: a term is missing behind it; write it without a blank, as in "
				 "!kind:heap" },
	};

	check_rows(rows, COUNT(rows));
}

TEST(first_wrong_term_is_the_one_that_is_told)
{
	static const struct row rows[] = {
		{ "libc perm:q kind:x perm:w", "perm:q: " PERMS },
	};

	check_rows(rows, COUNT(rows));
}

TEST(foreign_bytes_are_made_safe)
{
	static const struct row rows[] = {
		{ "perm:\x1b[2J\xff", "perm:?[2J?: " PERMS },
		{ "perm:\xc3\xa4", "perm:\xc3\xa4: " PERMS },
	};

	check_rows(rows, COUNT(rows));
}

TEST(long_term_is_cut_between_characters)
{
	static const struct row rows[] = {
		{ "flag:56789012345678901234567890123456789012345678901234567890123",
		  "flag:5678901234567890123456789012345678901234567890123456789...: " FLAGS },
		{ "flag:567890123456789012345678901234567890123456789012345678\xc3\xa4\xc3\xa4",
		  "flag:567890123456789012345678901234567890123456789012345678\xc3\xa4...: " FLAGS },
	};

	check_rows(rows, COUNT(rows));
}

TEST(error_of_before_is_forgotten)
{
	vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };

	assert_int_equal(vm_filter_parse(VM_STR("perm:q"), &filter, &error), -EINVAL);
	assert_int_equal(vm_filter_parse(VM_STR("perm:w"), &filter, &error), 0);
	assert_int_equal(error.len, 0);
}

static void assert_safe(struct vm_str text)
{
	while (text.len) {
		size_t n = vm_safe_char(text);

		assert_true(n > 0);
		text = vm_str_skip(text, n);
	}
}

/* Bytes that mean something in a filter, and a few that mean nothing. */
static struct vm_str make_expression(char *bytes, size_t len, uint64_t *random)
{
	static const char alphabet[] =
		"kind:heap,perm:rw-p!<=>1.5Msizerss flag:addr:0x\t\0\xff\x1b";

	for (size_t i = 0; i < len; i++) {
		*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
		bytes[i] = alphabet[(*random >> 33) % (sizeof(alphabet) - 1)];
	}
	return (struct vm_str){ bytes, len };
}

TEST(any_bytes_are_a_filter_or_an_error_in_safe_text)
{
	static const struct vm_mapping mapping = { .start = 1, .end = 2, .perms = "rw-p" };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };
	uint64_t random = 1;

	for (unsigned i = 0; i < 20000; i++) {
		vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
		char bytes[24];
		struct vm_str expression = make_expression(bytes, i % sizeof(bytes), &random);
		int r = vm_filter_parse(expression, &filter, &error);

		assert_true(r == 0 || r == -EINVAL);
		assert_int_equal(error.len == 0, r == 0);
		assert_safe(vm_buf_str(&error));
		vm_filter_matches(&filter, &mapping);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_name_is_answered_with_those_there_are),
		cmocka_unit_test(unknown_word_before_a_colon_is_no_text),
		cmocka_unit_test(comparison_that_is_wrong_is_answered_with_what_is_right),
		cmocka_unit_test(wrong_permissions_are_answered_with_what_there_are),
		cmocka_unit_test(wrong_address_or_flag_is_answered_with_what_is_right),
		cmocka_unit_test(expression_that_would_take_any_memory_is_refused),
		cmocka_unit_test(expression_that_repeats_little_is_not_refused),
		cmocka_unit_test(groups_within_groups_are_limited),
		cmocka_unit_test(lonely_exclamation_mark_is_told),
		cmocka_unit_test(first_wrong_term_is_the_one_that_is_told),
		cmocka_unit_test(foreign_bytes_are_made_safe),
		cmocka_unit_test(long_term_is_cut_between_characters),
		cmocka_unit_test(error_of_before_is_forgotten),
		cmocka_unit_test(any_bytes_are_a_filter_or_an_error_in_safe_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
