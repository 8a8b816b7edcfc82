#include "helper.h"

#include "vmview/safe.h"

/* @code as UTF-8 would write it, allowed or not. */
static struct vm_str encode(uint32_t code, char bytes[4])
{
	if (code < 0x80) {
		bytes[0] = (char)code;
		return (struct vm_str){ bytes, 1 };
	}
	for (size_t len = 2;; len++) {
		if (len < 4 && code >> (5 * len + 1))
			continue;
		for (size_t i = 1; i < len; i++)
			bytes[i] = (char)(0x80 | (code >> (6 * (len - 1 - i)) & 0x3f));
		bytes[0] = (char)((0xf00u >> len & 0xf0) | code >> (6 * (len - 1)));
		return (struct vm_str){ bytes, len };
	}
}

static bool is_forbidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0, 0x1f },        { 0x7f, 0x9f },     { 0x061c, 0x061c }, { 0x200e, 0x200f },
		{ 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xd800, 0xdfff },
	};

	for (size_t i = 0; i < COUNT(ranges); i++) {
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	}
	return false;
}

TEST(every_character_is_safe_but_controls_directions_and_separators)
{
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char bytes[4];
		struct vm_str text = encode(code, bytes);

		if (vm_safe_char(text) != (is_forbidden(code) ? 0 : text.len))
			fail_msg("U+%04X", code);
	}
}

TEST(bytes_that_are_no_utf8_are_not_safe)
{
	/* clang-format off */
	static const char *const texts[] = {
		/* a continuation without its lead */
		"\x80", "\xbf",
		/* overlong */
		"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
		/* surrogates */
		"\xed\xa0\x80", "\xed\xbf\xbf",
		/* above U+10FFFF */
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff",
		/* cut */
		"\xc3", "\xe2\x82", "\xf0\x9f\x98",
		/* broken off */
		"\xc3(", "\xe2\x82(", "\xf0\x9f\x98(", "\xf0(\x98\x80",
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT(texts); i++)
		assert_int_equal(vm_safe_char(vm_str_from(texts[i])), 0);
}

TEST(empty_slice_has_no_safe_character)
{
	assert_int_equal(vm_safe_char((struct vm_str){ 0 }), 0);
}

TEST(text_is_utf8_where_all_of_it_is)
{
	assert_true(vm_utf8_valid((struct vm_str){ 0 }));
	assert_true(vm_utf8_valid(VM_STR("a\0\033\302\233\342\200\256\360\237\230\200")));
	assert_false(vm_utf8_valid(VM_STR("\351")));
	assert_false(vm_utf8_valid(VM_STR("a\303")));
	assert_false(vm_utf8_valid(VM_STR("\303\274\355\240\200")));
}

TEST(character_is_not_read_past_the_slice)
{
	assert_int_equal(vm_safe_char((struct vm_str){ "\xe2\x82\xac", 2 }), 0);
}

TEST(each_unsafe_byte_becomes_one_question_mark)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "plain text", "plain text" },
		{ "gr\303\274n \342\202\254 \360\237\230\200",
		  "gr\303\274n \342\202\254 \360\237\230\200" },
		{ "\033[31mred\a", "?[31mred?" },
		{ "tab\tnew\nline\r\177", "tab?new?line??" },
		{ "c1 \302\233m", "c1 ??m" },
		{ "bidi \342\200\256x", "bidi ???x" },
		{ "line\342\200\250", "line???" },
		{ "latin\351", "latin?" },
		{ "\303(", "?(" },
		{ "cut \342\202", "cut ??" },
		{ "\355\240\200", "???" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

		vm_safe_put(&buf, vm_str_from(rows[i].text));
		assert_same(vm_buf_str(&buf), vm_str_from(rows[i].shown));
	}
}

TEST(nul_inside_a_text_becomes_a_question_mark)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_safe_put(&buf, VM_STR("a\0b"));
	vm_safe_put_ascii(&buf, VM_STR("a\0b"));
	assert_slice(vm_buf_str(&buf), "a?ba?b");
}

TEST(ascii_shows_foreign_bytes_as_question_marks)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_safe_put_ascii(&buf, VM_STR(" ~a\303\274\033\177\n"));
	assert_slice(vm_buf_str(&buf), " ~a?????");
}

TEST(whatever_is_put_is_safe)
{
	char bytes[3];

	for (uint32_t i = 0; i < 1 << 24; i += 251) {
		vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

		memcpy(bytes, &i, 3);
		vm_safe_put(&buf, (struct vm_str){ bytes, 3 });
		for (struct vm_str s = vm_buf_str(&buf); s.len;) {
			size_t n = vm_safe_char(s);

			assert_true(n > 0);
			s = vm_str_skip(s, n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_is_safe_but_controls_directions_and_separators),
		cmocka_unit_test(bytes_that_are_no_utf8_are_not_safe),
		cmocka_unit_test(empty_slice_has_no_safe_character),
		cmocka_unit_test(text_is_utf8_where_all_of_it_is),
		cmocka_unit_test(character_is_not_read_past_the_slice),
		cmocka_unit_test(each_unsafe_byte_becomes_one_question_mark),
		cmocka_unit_test(nul_inside_a_text_becomes_a_question_mark),
		cmocka_unit_test(ascii_shows_foreign_bytes_as_question_marks),
		cmocka_unit_test(whatever_is_put_is_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
