#include "helper.h"

#include <errno.h>
#include <stdio.h>

#include "vmview/parser.h"

#define HEAD "1000-3000 rw-p 00000000 00:00 0 \n"
#define NEXT "4000-5000 r--p 00000000 00:00 0 \n"

static const char incomplete[] = "not a complete mapping line";
static const char below[] = "the mapping ends below its start";
static const char neither[] = "neither a mapping nor a field";
static const char too_early[] = "a field before the first mapping";
static const char too_long[] = "a line longer than any kernel prints";
static const char too_many[] = "more fields than any kernel prints";
static const char bad_value[] = "a field's value is not understood";

struct refusal {
	const char *text;
	uint64_t line;
	const char *reason;
	size_t count; /* mappings before it */
};

static void check_refusals(const struct refusal *rows, size_t count)
{
	for (size_t i = 0; i < 2 * count; i++) {
		const struct refusal *row = &rows[i / 2];
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_in_pieces(vm_str_from(row->text), i % 2);

		assert_row(parsed.result == -EBADMSG, row->text);
		assert_row(parsed.line == row->line, row->text);
		assert_row(parsed.reason && strcmp(parsed.reason, row->reason) == 0, row->text);
		assert_row(parsed.snapshot.count == row->count, row->text);
	}
}

TEST(mapping_that_ends_below_its_start_is_refused)
{
	static const struct refusal rows[] = {
		{ "2000-1000 rw-p 00000000 00:00 0\n", 1, below, 0 },
		{ HEAD "Rss: 0 kB\n2000-1fff rw-p 00000000 00:00 0\n", 3, below, 1 },
	};

	check_refusals(rows, COUNT(rows));
}

TEST(field_before_any_mapping_is_refused)
{
	static const struct refusal rows[] = {
		{ "Rss: 4 kB\n" HEAD, 1, too_early, 0 },
		{ "VmFlags: rd\n", 1, too_early, 0 },
		{ "Unknown: 1\n", 1, too_early, 0 },
	};

	check_refusals(rows, COUNT(rows));
}

TEST(number_that_overflows_is_refused)
{
	static const struct refusal rows[] = {
		{ "10000000000000000-20000000000000000 rw-p 0 0:0 0", 1, neither, 0 },
		{ HEAD "4000-10000000000000000 rw-p 0 0:0 0", 2, incomplete, 1 },
		{ "1000-2000 rw-p 10000000000000000 0:0 0", 1, incomplete, 0 },
		{ "1000-2000 rw-p 0 100000000:0 0", 1, incomplete, 0 },
		{ "1000-2000 rw-p 0 0:100000000 0", 1, incomplete, 0 },
		{ "1000-2000 rw-p 0 0:0 18446744073709551616", 1, incomplete, 0 },
		{ HEAD "Rss: 18014398509481984 kB\n", 2, bad_value, 1 },
		{ HEAD "Rss: 18446744073709551616 kB\n", 2, bad_value, 1 },
		{ HEAD "THPeligible: 18446744073709551616\n", 2, bad_value, 1 },
	};

	check_refusals(rows, COUNT(rows));
}

TEST(cut_first_line_is_refused_wherever_it_is_cut)
{
	static const char line[] = "4000-5000 r-xp 00001000 08:01 7";

	for (size_t len = 1; len < sizeof(line) - 1; len++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_buf_put_text(&text, HEAD);
		vm_buf_put(&text, line, len);
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_in_pieces(vm_buf_str(&text), 0);
		assert_int_equal(parsed.result, -EBADMSG);
		assert_int_equal(parsed.line, 2);
		assert_string_equal(parsed.reason, len < 5 ? neither : incomplete);
		assert_int_equal(parsed.snapshot.count, 1);
	}
}

TEST(wrong_permissions_are_refused)
{
	static const char *const perms[] = { "rw-",  "rw-pp", "rwxz", "wr-p", "RW-P", "?w-p",
					     "r--x", "rw p",  "----", "",     "prwx", "rw--" };

	for (size_t i = 0; i < COUNT(perms); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_buf_put_text(&text, "1000-2000 ");
		vm_buf_put_text(&text, perms[i]);
		vm_buf_put_text(&text, " 00000000 00:00 0\n");
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_in_pieces(vm_buf_str(&text), 0);
		assert_row(parsed.result == -EBADMSG, perms[i]);
		assert_string_equal(parsed.reason, incomplete);
	}
}

TEST(garbage_is_refused)
{
	static const struct refusal rows[] = {
		{ "hello, world\n", 1, neither, 0 },
		{ "{\"pid\": 1}\n", 1, neither, 0 },
		{ "\x7f"
		  "ELF\n",
		  1, neither, 0 },
		{ "\n", 1, neither, 0 },
		{ HEAD "\n" NEXT, 2, neither, 1 },
		{ " " HEAD, 1, neither, 0 },
		{ HEAD " Rss: 4 kB\n", 2, neither, 1 },
		{ HEAD "Rss 4 kB\n", 2, neither, 1 },
		{ HEAD ": 4 kB\n", 2, neither, 1 },
		{ HEAD "Re served: 4 kB\n", 2, neither, 1 },
		{ "-1000-2000 rw-p 00000000 00:00 0\n", 1, neither, 0 },
		{ "0x1000-0x2000 rw-p 00000000 00:00 0\n", 1, neither, 0 },
		{ "1000-2000\trw-p\t00000000\t00:00\t0\n", 1, incomplete, 0 },
		{ "1000-2000  rw-p 00000000 00:00 0\n", 1, incomplete, 0 },
		{ "1000-2000 rw-p 00000000 00.00 0\n", 1, incomplete, 0 },
		{ "1000-2000 rw-p 00000000 00:00 -1\n", 1, incomplete, 0 },
		{ "1000-2000 rw-p 00000000 00:00 0/a\n", 1, incomplete, 0 },
		{ "00400000 default file=/bin/cat mapped=7\n", 1, neither, 0 },
	};

	check_refusals(rows, COUNT(rows));
}

TEST(nul_byte_outside_a_name_is_refused)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse_in_pieces(VM_STR(HEAD "Rss: 4\0kB\n"), 0);

	assert_int_equal(parsed.result, -EBADMSG);
	assert_int_equal(parsed.line, 2);
	assert_string_equal(parsed.reason, bad_value);
}

/* In the first mapping, and in the second, where it is the field that is expected. */
static void check_bad_value(const char *good, const char *bad)
{
	struct refusal rows[] = { { NULL, 2, bad_value, 1 }, { NULL, 4, bad_value, 2 } };
	char first[200], second[200];

	snprintf(first, sizeof(first), "%s%s", HEAD, bad);
	snprintf(second, sizeof(second), "%s%s%s%s", HEAD, good, NEXT, bad);
	rows[0].text = first;
	rows[1].text = second;
	check_refusals(rows, COUNT(rows));
}

TEST(value_that_is_no_number_of_its_unit_is_refused)
{
	static const char *const bytes[] = {
		"Rss:\n",       "Rss: kB\n",     "Rss: 4\n",
		"Rss: 4kB\n",   "Rss: 4 MB\n",   "Rss: 4 kB 5\n",
		"Rss: -4 kB\n", "Rss: 0x4 kB\n", "Rss: 18446744073709551616 kB\n",
		"Rss: 4\nkB\n", "Rss: 4 k\n",    "Rss: 18014398509481984 kB\n",
	};

	for (size_t i = 0; i < COUNT(bytes); i++)
		check_bad_value("Rss: 0 kB\n", bytes[i]);
	check_bad_value("THPeligible: 0\n", "THPeligible: 1 kB\n");
	check_bad_value("THPeligible: 0\n", "THPeligible: 18446744073709551616\n");
	check_bad_value("ProtectionKey: 0\n", "ProtectionKey: x\n");
}

TEST(what_came_before_a_refused_line_is_handed_out)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		parse(HEAD "Rss: 4 kB\n" NEXT "Rss: 8 kB\nVmFlags: rd\ngarbage\nPss: 4 kB\n" HEAD);
	const struct vm_mapping *last = &parsed.snapshot.mappings[1];

	assert_int_equal(parsed.line, 6);
	assert_int_equal(parsed.snapshot.count, 2);
	assert_int_equal(vm_usage_get(&last->usage, VM_FIELD_RSS), 8192);
	assert_slice(last->vm_flags, "rd");
	assert_false(vm_usage_has(&last->usage, VM_FIELD_PSS));
}

TEST(refused_last_line_without_newline_is_told_at_the_end)
{
	static const struct refusal rows[] = { { HEAD "garbage", 2, neither, 1 } };

	check_refusals(rows, COUNT(rows));
}

/* @text with so many bytes behind it, and an end of the line. */
static void put_long(struct vm_buf *text, const char *begin, size_t count)
{
	vm_buf_put_text(text, begin);
	vm_buf_put_repeat(text, 'x', count);
	vm_buf_put_char(text, '\n');
	assert_false(text->failed);
}

/* Behind one mapping. */
static void check_long(struct vm_str text, uint64_t line, const char *reason)
{
	for (size_t piece = 0; piece <= 4096; piece += 4096) {
		vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(text, piece);

		assert_int_equal(parsed.result, -EBADMSG);
		assert_int_equal(parsed.line, line);
		assert_string_equal(parsed.reason, reason);
		assert_int_equal(parsed.snapshot.count, 1);
	}
}

TEST(line_without_end_is_refused_before_it_fills_the_memory)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	put_long(&text, HEAD "4000-5000 r--p 0 0:0 0 /", VM_PARSER_LINE_MAX);
	check_long(vm_buf_str(&text), 2, too_long);
	text.len--;
	check_long(vm_buf_str(&text), 2, too_long);
}

TEST(line_of_the_greatest_length_is_taken)
{
	static const char begin[] = "4000-5000 r--p 0 0:0 0 /";
	size_t rest = VM_PARSER_LINE_MAX - strlen(begin);
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	put_long(&text, begin, rest);
	for (size_t piece = 0; piece <= 4096; piece += 4096) {
		vm_cleanup(parsed_deinit) struct parsed parsed =
			parse_in_pieces(vm_buf_str(&text), piece);

		assert_int_equal(parsed.result, 0);
		assert_int_equal(parsed.snapshot.mappings[0].name.len, rest + 1);
	}
}

TEST(fields_without_end_are_refused)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	put_long(&text, HEAD "Half: ", VM_PARSER_LINE_MAX / 2);
	put_long(&text, "Half: ", VM_PARSER_LINE_MAX / 2);
	check_long(vm_buf_str(&text), 3, too_many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mapping_that_ends_below_its_start_is_refused),
		cmocka_unit_test(field_before_any_mapping_is_refused),
		cmocka_unit_test(number_that_overflows_is_refused),
		cmocka_unit_test(cut_first_line_is_refused_wherever_it_is_cut),
		cmocka_unit_test(wrong_permissions_are_refused),
		cmocka_unit_test(garbage_is_refused),
		cmocka_unit_test(nul_byte_outside_a_name_is_refused),
		cmocka_unit_test(value_that_is_no_number_of_its_unit_is_refused),
		cmocka_unit_test(what_came_before_a_refused_line_is_handed_out),
		cmocka_unit_test(refused_last_line_without_newline_is_told_at_the_end),
		cmocka_unit_test(line_without_end_is_refused_before_it_fills_the_memory),
		cmocka_unit_test(line_of_the_greatest_length_is_taken),
		cmocka_unit_test(fields_without_end_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
