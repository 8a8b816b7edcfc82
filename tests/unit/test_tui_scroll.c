#include "helper.h"
#include "tui/scroll.h"

/* Every action that moves, and what it does to row 50 of 100 of which 11 fit. */
static const struct {
	enum tui_action action;
	size_t selected;
} moves[] = {
	{ TUI_UP, 49 },       { TUI_DOWN, 51 },       { TUI_PAGE_UP, 40 }, { TUI_PAGE_DOWN, 60 },
	{ TUI_HALF_UP, 45 },  { TUI_HALF_DOWN, 55 },  { TUI_FIRST, 0 },    { TUI_LAST, 99 },
	{ TUI_WHEEL_UP, 47 }, { TUI_WHEEL_DOWN, 53 },
};

static bool moves_list(enum tui_action action)
{
	for (size_t i = 0; i < COUNT(moves); i++) {
		if (moves[i].action == action)
			return true;
	}
	return false;
}

static bool is_shown(const struct tui_scroll *scroll)
{
	return scroll->selected >= scroll->top && scroll->selected < scroll->top + scroll->height;
}

/* What holds after every step, whatever came before. */
static void assert_fits(const struct tui_scroll *scroll)
{
	assert_true(scroll->rows ? scroll->selected < scroll->rows : scroll->selected == 0);
	assert_true(scroll->top <= scroll->selected);
	assert_true(!scroll->height || !scroll->rows || is_shown(scroll));
	assert_true(scroll->top == 0 || scroll->top + scroll->height <= scroll->rows);
}

TEST(each_move_goes_as_far_as_its_name_says)
{
	for (size_t i = 0; i < COUNT(moves); i++) {
		struct tui_scroll scroll = { .selected = 50, .top = 45, .rows = 100, .height = 11 };

		assert_true(tui_scroll_step(&scroll, moves[i].action));
		assert_int_equal(scroll.selected, moves[i].selected);
		assert_fits(&scroll);
	}
}

TEST(other_actions_are_not_taken_and_change_nothing)
{
	for (enum tui_action action = 0; action < TUI_ACTION_COUNT; action++) {
		struct tui_scroll scroll = { .selected = 5, .top = 3, .rows = 10, .height = 4 };

		assert_int_equal(tui_scroll_step(&scroll, action), moves_list(action));
		if (!moves_list(action)) {
			assert_int_equal(scroll.selected, 5);
			assert_int_equal(scroll.top, 3);
		}
	}
}

TEST(selection_moves_within_the_screen_before_the_list_does)
{
	struct tui_scroll scroll = { .rows = 10, .height = 3 };

	tui_scroll_step(&scroll, TUI_DOWN);
	tui_scroll_step(&scroll, TUI_DOWN);
	assert_int_equal(scroll.top, 0);
	tui_scroll_step(&scroll, TUI_DOWN);
	assert_int_equal(scroll.top, 1);
	tui_scroll_step(&scroll, TUI_UP);
	tui_scroll_step(&scroll, TUI_UP);
	assert_int_equal(scroll.top, 1);
	tui_scroll_step(&scroll, TUI_UP);
	assert_int_equal(scroll.top, 0);
}

TEST(page_keeps_a_row_of_the_last_one)
{
	struct tui_scroll scroll = { .rows = 100, .height = 10 };

	tui_scroll_step(&scroll, TUI_PAGE_DOWN);
	tui_scroll_step(&scroll, TUI_PAGE_DOWN);
	assert_int_equal(scroll.selected, 18);
	assert_int_equal(scroll.top, 9);
}

TEST(all_moves_fit_lists_and_screens_of_every_size)
{
	for (size_t rows = 0; rows < 9; rows++) {
		for (size_t height = 0; height < 7; height++) {
			for (size_t from = 0; from < (rows ? rows : 1); from++) {
				for (size_t i = 0; i < COUNT(moves); i++) {
					struct tui_scroll scroll = { .selected = from,
								     .rows = rows,
								     .height = height };

					tui_scroll_fit(&scroll);
					assert_int_equal(scroll.selected, from);
					assert_fits(&scroll);
					tui_scroll_step(&scroll, moves[i].action);
					assert_fits(&scroll);
				}
			}
		}
	}
}

TEST(in_an_empty_list_nothing_moves)
{
	for (size_t i = 0; i < COUNT(moves); i++) {
		struct tui_scroll scroll = { .height = 10 };

		assert_true(tui_scroll_step(&scroll, moves[i].action));
		assert_int_equal(scroll.selected, 0);
		assert_int_equal(scroll.top, 0);
	}
}

TEST(where_one_row_fits_a_page_is_a_row)
{
	struct tui_scroll scroll = { .selected = 4, .top = 4, .rows = 9, .height = 1 };

	tui_scroll_step(&scroll, TUI_PAGE_DOWN);
	assert_int_equal(scroll.selected, 5);
	tui_scroll_step(&scroll, TUI_HALF_UP);
	assert_int_equal(scroll.selected, 4);
	assert_int_equal(scroll.top, 4);
}

TEST(where_no_row_fits_the_selection_still_moves)
{
	struct tui_scroll scroll = { .rows = 9 };

	tui_scroll_step(&scroll, TUI_PAGE_DOWN);
	tui_scroll_step(&scroll, TUI_DOWN);
	assert_int_equal(scroll.selected, 2);
	scroll.height = 1;
	tui_scroll_fit(&scroll);
	assert_true(is_shown(&scroll));
}

TEST(when_the_list_shrinks_the_selection_stays_in_it)
{
	struct tui_scroll scroll = { .selected = 90, .top = 85, .rows = 100, .height = 10 };

	scroll.rows = 40;
	tui_scroll_fit(&scroll);
	assert_int_equal(scroll.selected, 39);
	assert_int_equal(scroll.top, 30);
	scroll.rows = 3;
	tui_scroll_fit(&scroll);
	assert_int_equal(scroll.selected, 2);
	assert_int_equal(scroll.top, 0);
	scroll.rows = 0;
	tui_scroll_fit(&scroll);
	assert_int_equal(scroll.selected, 0);
}

/* A move may come before the list has been fitted to fewer rows. */
TEST(when_the_list_has_shrunk_a_move_leads_into_it)
{
	for (size_t i = 0; i < COUNT(moves); i++) {
		struct tui_scroll scroll = { .selected = 90, .top = 85, .rows = 5, .height = 10 };

		tui_scroll_step(&scroll, moves[i].action);
		assert_fits(&scroll);
	}
}

TEST(when_the_list_grows_selection_and_top_stay)
{
	struct tui_scroll scroll = { .selected = 5, .top = 2, .rows = 12, .height = 10 };

	scroll.rows = 100;
	tui_scroll_fit(&scroll);
	assert_int_equal(scroll.selected, 5);
	assert_int_equal(scroll.top, 2);
}

TEST(when_the_screen_grows_there_are_no_empty_lines_at_the_end)
{
	struct tui_scroll scroll = { .selected = 99, .top = 95, .rows = 100, .height = 5 };

	scroll.height = 20;
	tui_scroll_fit(&scroll);
	assert_int_equal(scroll.selected, 99);
	assert_int_equal(scroll.top, 80);
}

TEST(a_margin_keeps_neighbours_of_the_selection_in_sight)
{
	struct tui_scroll scroll = { .rows = 20, .height = 6, .margin = 2 };

	for (size_t row = 0; row < scroll.rows; row++) {
		scroll.selected = row;
		tui_scroll_fit(&scroll);
		assert_fits(&scroll);
		assert_true(scroll.top + 2 <= row || scroll.top == 0);
		assert_true(row + 2 < scroll.top + 6 || scroll.top + 6 == scroll.rows);
	}
	for (size_t row = scroll.rows; row-- > 0;) {
		scroll.selected = row;
		tui_scroll_fit(&scroll);
		assert_fits(&scroll);
		assert_true(scroll.top + 2 <= row || scroll.top == 0);
	}
}

TEST(a_margin_that_does_not_fit_puts_the_selection_in_the_middle)
{
	for (size_t height = 1; height < 5; height++) {
		struct tui_scroll scroll = {
			.selected = 10, .rows = 20, .height = height, .margin = 2
		};

		tui_scroll_fit(&scroll);
		assert_fits(&scroll);
		assert_int_equal(scroll.top + height - 1 - scroll.selected, (height - 1) / 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_move_goes_as_far_as_its_name_says),
		cmocka_unit_test(other_actions_are_not_taken_and_change_nothing),
		cmocka_unit_test(selection_moves_within_the_screen_before_the_list_does),
		cmocka_unit_test(page_keeps_a_row_of_the_last_one),
		cmocka_unit_test(all_moves_fit_lists_and_screens_of_every_size),
		cmocka_unit_test(in_an_empty_list_nothing_moves),
		cmocka_unit_test(where_one_row_fits_a_page_is_a_row),
		cmocka_unit_test(where_no_row_fits_the_selection_still_moves),
		cmocka_unit_test(when_the_list_shrinks_the_selection_stays_in_it),
		cmocka_unit_test(when_the_list_has_shrunk_a_move_leads_into_it),
		cmocka_unit_test(when_the_list_grows_selection_and_top_stay),
		cmocka_unit_test(when_the_screen_grows_there_are_no_empty_lines_at_the_end),
		cmocka_unit_test(a_margin_keeps_neighbours_of_the_selection_in_sight),
		cmocka_unit_test(a_margin_that_does_not_fit_puts_the_selection_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
