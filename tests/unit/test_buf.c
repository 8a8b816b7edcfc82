#include "helper.h"

TEST(new_buffer_is_the_empty_slice)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	assert_int_equal(vm_buf_str(&buf).len, 0);
}

TEST(text_is_appended_in_order)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_buf_put(&buf, "ab\0", 3);
	vm_buf_put_str(&buf, VM_STR("cd"));
	vm_buf_put_text(&buf, "ef");
	vm_buf_put_char(&buf, 'g');
	vm_buf_put_repeat(&buf, '-', 3);
	assert_slice(vm_buf_str(&buf), "ab\0cdefg---");
}

TEST(nothing_can_be_appended)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_buf_put(&buf, NULL, 0);
	vm_buf_put_str(&buf, (struct vm_str){ 0 });
	vm_buf_put_repeat(&buf, 'x', 0);
	assert_int_equal(buf.len, 0);
	assert_false(buf.failed);
}

TEST(text_survives_growth)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	for (int i = 0; i < 100000; i++)
		vm_buf_put_char(&buf, (char)('a' + i % 26));
	assert_int_equal(buf.len, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(buf.p[i], 'a' + i % 26);
}

TEST(clear_forgets_text_and_keeps_room)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };
	size_t cap;

	vm_buf_put_repeat(&buf, 'x', 1000);
	cap = buf.cap;
	vm_buf_clear(&buf);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.cap, cap);
}

TEST(reserved_room_lies_behind_the_text)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };
	char *room;

	vm_buf_put_text(&buf, "ab");
	room = vm_buf_reserve(&buf, 5000);
	assert_ptr_equal(room, buf.p + 2);
	assert_int_equal(buf.len, 2);
	memset(room, 'x', 5000);
	buf.len += 5000;
	assert_int_equal(buf.p[5001], 'x');
}

TEST(addition_that_cannot_fit_is_dropped_and_remembered)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_buf_put_text(&buf, "kept");
	assert_null(vm_buf_reserve(&buf, SIZE_MAX));
	assert_true(buf.failed);
	assert_slice(vm_buf_str(&buf), "kept");
}

TEST(failure_stays_until_deinit)
{
	struct vm_buf buf = { 0 };

	vm_buf_put_repeat(&buf, 'x', SIZE_MAX);
	vm_buf_put_text(&buf, "later");
	vm_buf_clear(&buf);
	assert_true(buf.failed);
	vm_buf_deinit(&buf);
	assert_false(buf.failed);
	assert_null(buf.p);
}

TEST(decimal_numbers_are_padded_and_never_cut)
{
	static const struct {
		uint64_t value;
		unsigned width;
		char pad;
		const char *text;
	} rows[] = {
		{ 0, 0, ' ', "0" },      { 0, 3, ' ', "  0" },
		{ 42, 5, '0', "00042" }, { 12345, 3, ' ', "12345" },
		{ 999, 3, ' ', "999" },  { UINT64_MAX, 0, ' ', "18446744073709551615" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

		vm_buf_put_dec(&buf, rows[i].value, rows[i].width, rows[i].pad);
		assert_same(vm_buf_str(&buf), vm_str_from(rows[i].text));
	}
}

TEST(hexadecimal_numbers_are_lower_case_and_padded)
{
	static const struct {
		uint64_t value;
		unsigned width;
		const char *text;
	} rows[] = {
		{ 0, 1, "0" },
		{ 0xab, 4, "00ab" },
		{ 0xffffffffff600000, 16, "ffffffffff600000" },
		{ UINT64_MAX, 20, "0000ffffffffffffffff" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

		vm_buf_put_hex(&buf, rows[i].value, rows[i].width, '0');
		assert_same(vm_buf_str(&buf), vm_str_from(rows[i].text));
	}
}

TEST(padding_wider_than_any_number_is_filled)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_buf_put_dec(&buf, 7, 300, ' ');
	assert_int_equal(buf.len, 300);
	assert_int_equal(buf.p[298], ' ');
	assert_int_equal(buf.p[299], '7');
}

TEST(text_is_aligned_right_and_never_cut)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_buf_put_right(&buf, VM_STR("ab"), 4);
	vm_buf_put_right(&buf, VM_STR("abcde"), 4);
	vm_buf_put_right(&buf, VM_STR("abcd"), 4);
	assert_slice(vm_buf_str(&buf), "  ababcdeabcd");
}

TEST(text_is_aligned_left_and_never_cut)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf buf = { 0 };

	vm_buf_put_left(&buf, VM_STR("ab"), 4);
	vm_buf_put_left(&buf, VM_STR("abcde"), 4);
	assert_slice(vm_buf_str(&buf), "ab  abcde");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_buffer_is_the_empty_slice),
		cmocka_unit_test(text_is_appended_in_order),
		cmocka_unit_test(nothing_can_be_appended),
		cmocka_unit_test(text_survives_growth),
		cmocka_unit_test(clear_forgets_text_and_keeps_room),
		cmocka_unit_test(reserved_room_lies_behind_the_text),
		cmocka_unit_test(addition_that_cannot_fit_is_dropped_and_remembered),
		cmocka_unit_test(failure_stays_until_deinit),
		cmocka_unit_test(decimal_numbers_are_padded_and_never_cut),
		cmocka_unit_test(hexadecimal_numbers_are_lower_case_and_padded),
		cmocka_unit_test(padding_wider_than_any_number_is_filled),
		cmocka_unit_test(text_is_aligned_right_and_never_cut),
		cmocka_unit_test(text_is_aligned_left_and_never_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
