#include "tui_support.h"

static const struct tui_style plain;

/* A canvas of its own for each test: five columns, three rows. */
static struct tui_canvas canvas_new(bool utf8)
{
	struct tui_canvas canvas = { .utf8 = utf8 };

	assert_int_equal(tui_canvas_reset(&canvas, 5, 3), 0);
	return canvas;
}

TEST(text_beyond_an_edge_is_cut_off)
{
	static const struct {
		int row, col;
		const char *lines[3];
	} cases[] = {
		{ 0, 0, { "abcd", "", "" } },    { 2, 0, { "", "", "abcd" } },
		{ 1, -2, { "", "cd", "" } },     { 1, 3, { "", "   ab", "" } },
		{ 1, -4, { "", "", "" } },       { 1, 5, { "", "", "" } },
		{ -1, 0, { "", "", "" } },       { 3, 0, { "", "", "" } },
		{ 1, -9, { "", "", "" } },       { 1, 1000000, { "", "", "" } },
		{ -1000000, 0, { "", "", "" } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

		assert_int_equal(
			tui_put_text(&canvas, cases[i].row, cases[i].col, 9, plain, "abcd"), 4);
		for (int row = 0; row < 3; row++)
			assert_line(&canvas, row, cases[i].lines[row]);
	}
}

TEST(no_more_columns_than_the_limit_are_put)
{
	for (int limit = -2; limit < 7; limit++) {
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);
		int wanted = limit < 0 ? 0 : limit > 4 ? 4 : limit;

		assert_int_equal(tui_put_text(&canvas, 0, 0, limit, plain, "abcd"), wanted);
		for (int col = 0; col < 5; col++)
			assert_int_equal(cell_of(&canvas, 0, col)->code != ' ', col < wanted);
	}
}

TEST(fills_and_attributes_beyond_an_edge_are_cut_off)
{
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

	tui_fill(&canvas, 0, -3, 5, plain, 0x2500, '-');
	tui_fill(&canvas, 1, 3, 50, plain, 'x', 'x');
	tui_fill(&canvas, 2, 1, -3, plain, 'x', 'x');
	tui_fill(&canvas, -1, 0, 5, plain, 'x', 'x');
	tui_fill(&canvas, 3, 0, 5, plain, 'x', 'x');
	assert_line(&canvas, 0, "\xe2\x94\x80\xe2\x94\x80");
	assert_line(&canvas, 1, "   xx");
	assert_line(&canvas, 2, "");
	tui_add_attr(&canvas, 1, -4, 100, TUI_BOLD);
	tui_add_attr(&canvas, 1, 1, 2, TUI_REVERSE);
	tui_add_attr(&canvas, 7, 0, 5, TUI_BOLD);
	for (int col = 0; col < 5; col++) {
		assert_int_equal(cell_of(&canvas, 1, col)->style.attr,
				 TUI_BOLD | (col == 1 || col == 2 ? TUI_REVERSE : 0));
		assert_int_equal(cell_of(&canvas, 0, col)->style.attr, 0);
		assert_int_equal(cell_of(&canvas, 2, col)->style.attr, 0);
	}
}

TEST(a_wide_character_takes_two_cells_of_one_style)
{
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);
	struct tui_style style = { TUI_HUE_FILE, TUI_BOLD };

	assert_int_equal(tui_put_text(&canvas, 0, 1, 9, style, "\xe4\xb8\xad"), 2);
	assert_int_equal(cell_of(&canvas, 0, 1)->code, 0x4e2d);
	assert_int_equal(cell_of(&canvas, 0, 2)->code, 0);
	assert_int_equal(cell_of(&canvas, 0, 2)->style.hue, TUI_HUE_FILE);
	assert_int_equal(cell_of(&canvas, 0, 2)->style.attr, TUI_BOLD);
	assert_int_equal(cell_of(&canvas, 0, 3)->code, ' ');
}

TEST(half_a_wide_character_is_never_drawn)
{
	static const struct {
		int col, limit;
		const char *line;
	} cases[] = {
		{ 0, 9, "\xe4\xb8\xad\xe6\x96\x87" },
		{ 0, 3, "\xe4\xb8\xad" },
		{ 0, 1, "" },
		{ 2, 9, "  \xe4\xb8\xad" },
		{ 4, 9, "" },
		/* What is left of it is not a character. */
		{ -1, 9, " \xe6\x96\x87" },
		{ -3, 9, "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

		tui_put_text(&canvas, 0, cases[i].col, cases[i].limit, plain,
			     "\xe4\xb8\xad\xe6\x96\x87");
		assert_line(&canvas, 0, cases[i].line);
		assert_true(cell_of(&canvas, 0, 0)->code != 0);
		assert_line(&canvas, 1, "");
	}
}

TEST(bytes_that_are_not_safe_become_question_marks)
{
	static const struct {
		struct vm_str text;
		const char *line;
	} cases[] = {
		{ { "a\x1b[m", 4 }, "a?[m" },
		{ { "a\0b", 3 }, "a?b" },
		{ { "\n\t\x7f", 3 }, "???" },
		{ { "\xff\xc0", 2 }, "??" },
		{ { "\xe4\xb8", 2 }, "??" },
		/* Right-to-left override, and a C1 control. */
		{ { "\xe2\x80\xaex", 4 }, "???x" },
		{ { "\xc2\x9bx", 3 }, "??x" },
		/* An accent of its own would fall on the character before it. */
		{ { "e\xcc\x81x", 4 }, "ex" },
		{ { "\xcc\x81", 2 }, "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

		tui_put(&canvas, 0, 0, 5, plain, cases[i].text);
		assert_line(&canvas, 0, cases[i].line);
		assert_int_equal(tui_width(&canvas, cases[i].text), strlen(cases[i].line));
	}
}

TEST(without_utf8_all_is_ascii)
{
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(false);

	assert_int_equal(tui_put_text(&canvas, 0, 0, 5, plain, "a\xe4\xb8\xad\xc3\xa9z"), 4);
	assert_line(&canvas, 0, "a??z");
	tui_fill(&canvas, 1, 0, 3, plain, 0x2500, '-');
	assert_line(&canvas, 1, "---");
	assert_int_equal(tui_width(&canvas, VM_STR("\xe4\xb8\xad")), 1);
}

TEST(right_aligned_text_ends_before_the_column_and_loses_its_front)
{
	static const struct {
		int end, limit;
		const char *text, *line;
	} cases[] = {
		{ 5, 5, "ab", "   ab" },
		{ 4, 5, "ab", "  ab" },
		{ 5, 5, "abcdefg", "cdefg" },
		{ 5, 2, "abcdefg", "   fg" },
		{ 5, 0, "abc", "" },
		{ 5, -1, "abc", "" },
		{ 2, 5, "abc", "bc" },
		{ 7, 5, "abc", "    a" },
		{ 5, 5, "", "" },
		/* A wide character that does not fit goes as a whole. */
		{ 5, 3, "\xe4\xb8\xad\xe6\x96\x87", "   \xe6\x96\x87" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

		tui_put_right(&canvas, 0, cases[i].end, cases[i].limit, plain,
			      vm_str_from(cases[i].text));
		assert_line(&canvas, 0, cases[i].line);
	}
}

TEST(a_name_that_is_too_long_loses_its_middle)
{
	static const struct {
		bool utf8;
		int limit;
		const char *text, *line;
	} cases[] = {
		{ true, 14, "/usr/lib/libc.so.6",
		  "/us\xe2\x80\xa6"
		  "/libc.so.6" },
		{ false, 14, "/usr/lib/libc.so.6", "/us..libc.so.6" },
		{ true, 18, "/usr/lib/libc.so.6", "/usr/lib/libc.so.6" },
		{ true, 12, "/usr/lib/libc.so.6", "/u\u2026libc.so.6" },
		{ true, 11, "/usr/lib/libc.so.6", "/\u2026libc.so.6" },
		/* What the file is called: its beginning and its end. */
		{ true, 10, "/usr/lib/libc.so.6", "\u2026libc.so.6" },
		{ true, 9, "/usr/lib/libc.so.6", "libc\u2026so.6" },
		{ true, 8, "/usr/lib/libc.so.6", "lib\u2026so.6" },
		{ false, 8, "/usr/lib/libc.so.6", "lib..o.6" },
		{ true, 20, "/lib/math.cpython-311-x86_64-linux-gnu.so",
		  "math.cpyt\u2026nux-gnu.so" },
		{ true, 20, "/a folder with a long name/", "/a f\u2026th a long name/" },
		/* No path. */
		{ true, 12, "cannot read /usr/lib/libc.so.6", "ca\u2026libc.so.6" },
		/* Very little room: the end alone. */
		{ true, 7, "/usr/lib/libc.so.6", "bc.so.6" },
		{ true, 1, "/usr/lib/libc.so.6", "6" },
		{ true, 0, "/usr/lib/libc.so.6", "" },
		{ true, -5, "/usr/lib/libc.so.6", "" },
		{ true, 9, "", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = { .utf8 = cases[i].utf8 };

		assert_int_equal(tui_canvas_reset(&canvas, 30, 1), 0);
		tui_put_middle(&canvas, 0, 0, cases[i].limit, plain, vm_str_from(cases[i].text));
		assert_line(&canvas, 0, cases[i].line);
	}
}

/* Whatever the characters' widths: nothing beyond the limit, and the last character is there. */
TEST(a_shortened_name_keeps_its_end_and_its_limit)
{
	static const char name[] = "/a/\xe4\xb8\xad/b\xcc\x81/\xe6\x96\x87\xe6\x96\x87/long/z";

	for (int limit = 1; limit < 26; limit++) {
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = { .utf8 = true };
		vm_cleanup(vm_buf_deinit) struct vm_buf line = { 0 };

		assert_int_equal(tui_canvas_reset(&canvas, 30, 1), 0);
		tui_put_middle(&canvas, 0, 2, limit, plain, vm_str_from(name));
		line = line_of(&canvas, 0);
		assert_int_equal(line.p[line.len - 1], 'z');
		for (int col = 0; col < 30; col++)
			assert_true(cell_of(&canvas, 0, col)->code == ' ' ||
				    (col >= 2 && col < 2 + limit));
	}
}

TEST(a_paragraph_is_lines_of_whole_words)
{
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = { 0 };

	assert_int_equal(tui_canvas_reset(&canvas, 20, 4), 0);
	tui_put_paragraph(&canvas, 1, 2, 9, 2, plain, VM_STR("some words that are too many"));
	assert_line(&canvas, 0, "");
	assert_line(&canvas, 1, "  some");
	assert_line(&canvas, 2, "  words");
	assert_line(&canvas, 3, "");
}

TEST(items_that_do_not_fit_are_left_out_whole)
{
	static const struct tui_canvas canvas = { .utf8 = true };
	static const struct vm_str items = { "one  two three  four", 20 };

	assert_slice(tui_fit_items(&canvas, items, 20), "one  two three  four");
	assert_slice(tui_fit_items(&canvas, items, 19), "one  two three");
	assert_slice(tui_fit_items(&canvas, items, 13), "one");
	assert_slice(tui_fit_items(&canvas, items, 2), "");
	assert_slice(tui_fit_items(&canvas, (struct vm_str){ 0 }, 9), "");
}

TEST(a_later_hit_lies_above_an_earlier_one)
{
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

	tui_add_hit(&canvas, 1, 0, 5, TUI_SELECT, 10);
	tui_add_hit(&canvas, 1, 2, 1, TUI_TOGGLE, 20);
	assert_int_equal(tui_find_hit(&canvas, 1, 0)->value, 10);
	assert_int_equal(tui_find_hit(&canvas, 1, 2)->value, 20);
	assert_int_equal(tui_find_hit(&canvas, 1, 2)->action, TUI_TOGGLE);
	assert_int_equal(tui_find_hit(&canvas, 1, 3)->value, 10);
	assert_int_equal(tui_find_hit(&canvas, 1, 4)->value, 10);
}

TEST(beside_a_hit_a_click_means_nothing)
{
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

	tui_add_hit(&canvas, 1, 1, 2, TUI_SELECT, 1);
	tui_add_hit(&canvas, 0, 1, 0, TUI_SELECT, 1);
	tui_add_hit(&canvas, 2, 1, -3, TUI_SELECT, 1);
	assert_null(tui_find_hit(&canvas, 1, 0));
	assert_null(tui_find_hit(&canvas, 1, 3));
	assert_null(tui_find_hit(&canvas, 0, 1));
	assert_null(tui_find_hit(&canvas, 2, 0));
	assert_null(tui_find_hit(&canvas, -1, -1));
	assert_int_equal(tui_canvas_reset(&canvas, 5, 3), 0);
	assert_null(tui_find_hit(&canvas, 1, 1));
}

TEST(many_hits_are_all_kept)
{
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = canvas_new(true);

	for (int i = 0; i < 1000; i++)
		tui_add_hit(&canvas, i, i, 1, TUI_SELECT, (uint64_t)i);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(tui_find_hit(&canvas, i, i)->value, i);
}

TEST(a_reset_canvas_is_empty_at_any_size)
{
	static const int sizes[][2] = {
		{ 5, 3 }, { 1, 1 }, { 80, 24 }, { 0, 0 }, { 0, 7 }, { 3, 5 }
	};
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = { .utf8 = true };

	for (size_t i = 0; i < COUNT(sizes); i++) {
		int width = sizes[i][0], height = sizes[i][1];

		assert_int_equal(tui_canvas_reset(&canvas, width, height), 0);
		tui_put_text(&canvas, height - 1, 0, 99, plain, "left behind");
		assert_int_equal(tui_canvas_reset(&canvas, width, height), 0);
		assert_int_equal(canvas.width, width);
		assert_int_equal(canvas.height, height);
		for (int row = 0; row < height; row++)
			assert_line(&canvas, row, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_beyond_an_edge_is_cut_off),
		cmocka_unit_test(no_more_columns_than_the_limit_are_put),
		cmocka_unit_test(fills_and_attributes_beyond_an_edge_are_cut_off),
		cmocka_unit_test(a_wide_character_takes_two_cells_of_one_style),
		cmocka_unit_test(half_a_wide_character_is_never_drawn),
		cmocka_unit_test(bytes_that_are_not_safe_become_question_marks),
		cmocka_unit_test(without_utf8_all_is_ascii),
		cmocka_unit_test(right_aligned_text_ends_before_the_column_and_loses_its_front),
		cmocka_unit_test(a_name_that_is_too_long_loses_its_middle),
		cmocka_unit_test(a_shortened_name_keeps_its_end_and_its_limit),
		cmocka_unit_test(a_paragraph_is_lines_of_whole_words),
		cmocka_unit_test(items_that_do_not_fit_are_left_out_whole),
		cmocka_unit_test(a_later_hit_lies_above_an_earlier_one),
		cmocka_unit_test(beside_a_hit_a_click_means_nothing),
		cmocka_unit_test(many_hits_are_all_kept),
		cmocka_unit_test(a_reset_canvas_is_empty_at_any_size),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
