#include "tui_support.h"

#define HEAP ANON("600000-700000", "rw-p", "[heap]") KB("Rss", 64)
#define LIBC FILE_AT("7f1000000000-7f1000100000", "r-xp", "2", "/lib/libc.so.6") KB("Rss", 900)
#define DATA FILE_AT("7f1000100000-7f1000104000", "rw-p", "2", "/lib/libc.so.6") KB("Rss", 16)
#define STACK ANON("7ffd00000000-7ffd00021000", "rw-p", "[stack]") KB("Rss", 20)
#define PROCESS HEAP LIBC DATA STACK

/* Rows of the main screen at 80 x 24. */
enum { HEADER, SUMS, BAR, LEGEND, MAP, TABS, TITLES, LIST };

TEST(a_click_on_a_title_sorts_and_another_turns_the_order_round)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	static const struct {
		const char *title;
		enum vm_sort_key key;
	} titles[] = {
		{ "SIZE", VM_SORT_SIZE },    { "PSS", VM_SORT_PSS },
		{ "DIRTY", VM_SORT_DIRTY },  { "PERM", VM_SORT_PERMS },
		{ "MAPPING", VM_SORT_NAME }, { "ADDRESS", VM_SORT_ADDRESS },
	};

	for (size_t i = 0; i < COUNT(titles); i++) {
		click_in(&app, TITLES, titles[i].title);
		assert_row(app.settings.sort == titles[i].key, titles[i].title);
		assert_false(app.settings.reverse);
		click_in(&app, TITLES, titles[i].title);
		assert_row(app.settings.sort == titles[i].key, titles[i].title);
		assert_true(app.settings.reverse);
	}
}

TEST(a_click_on_a_title_that_orders_nothing_does_nothing)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	click_in(&app, TITLES, "IN ");
	click_in(&app, TITLES, "CHANGE");
	assert_int_equal(app.settings.sort, VM_SORT_ADDRESS);
	assert_false(app.settings.reverse);
}

TEST(a_click_selects_the_row)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	draw(&app);
	click_at(&app, LIST + 3, 79);
	assert_selected(&app, "[stack]");
	click_at(&app, LIST, 0);
	assert_selected(&app, "[heap]");
	click_at(&app, LIST + 4, 10);
	assert_selected(&app, "[heap]");
}

TEST(a_click_on_a_row_of_a_scrolled_list_selects_what_is_there)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = make_smaps(300);
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(text.p);

	draw(&app);
	press(&app, "G");
	draw(&app);
	click_at(&app, LIST, 5);
	assert_int_equal(app.list.scroll.selected, app.list.scroll.top);
	assert_true(app.list.scroll.selected > 250);
}

TEST(a_click_on_the_legend_or_the_bar_filters_and_again_clears)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	click_on(&app, "x code 900K");
	assert_slice(vm_buf_str(&app.filter_text), "kind:code");
	assert_int_equal(app.list.count, 1);
	click_on(&app, "x code 900K");
	assert_int_equal(app.filter_text.len, 0);
	draw(&app);
	assert_int_equal(cell_of(&app.canvas, BAR, 20)->code, 'x');
	click_at(&app, BAR, 20);
	assert_slice(vm_buf_str(&app.filter_text), "kind:code");
	click_on(&app, "h heap 64K");
	assert_slice(vm_buf_str(&app.filter_text), "kind:heap");
}

TEST(a_click_on_the_address_map_selects)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	int col = 0;

	draw(&app);
	while (cell_of(&app.canvas, MAP, col)->code != 'x')
		col++;
	click_at(&app, MAP, col);
	assert_int_equal(tui_list_selected(&app)->mapping->start, 0x7f1000000000);
	click_at(&app, MAP, 78);
	assert_selected(&app, "[stack]");
	/* A hole is nothing. */
	click_on(&app, "T~");
	assert_selected(&app, "[stack]");
}

TEST(what_the_filter_hides_cannot_be_selected_in_the_map)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\heap\r");
	draw(&app);
	click_at(&app, MAP, 78);
	assert_selected(&app, "[heap]");
}

TEST(a_click_on_a_tab_changes_the_screen)
{
	static const char *const tabs[] = { "1 Mappings", "2 Totals", "3 Files", "4 Log" };
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (size_t i = COUNT(tabs); i-- > 0;) {
		click_on(&app, tabs[i]);
		assert_int_equal(app.screen, i);
	}
	press(&app, "?");
	click_on(&app, "3 Files");
	assert_int_equal(app.screen, TUI_SCREEN_FILES);
}

/* Every key of the bar does by mouse what it does as a key. */
TEST(a_click_on_the_key_bar_is_the_key)
{
	size_t count;
	const struct tui_key_bar *bars = tui_key_bars(&count);

	for (size_t i = 0; i < count; i++) {
		vm_cleanup(tui_app_deinit) struct tui_app clicked = app_with(PROCESS);
		vm_cleanup(tui_app_deinit) struct tui_app pressed = app_with(PROCESS);

		assert_int_equal(click_on(&clicked, bars[i].label),
				 press_key(&pressed, TUI_KEY_F1 + (uint32_t)i));
		assert_int_equal(clicked.screen, pressed.screen);
		assert_int_equal(clicked.prompt.purpose, pressed.prompt.purpose);
		assert_int_equal(clicked.explains, pressed.explains);
		assert_int_equal(clicked.settings.sort, pressed.settings.sort);
		assert_string_equal(clicked.message, pressed.message);
	}
}

TEST(a_click_in_the_column_dialog_shows_and_hides)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "c");
	click_on(&app, "[ ] end");
	assert_true(app.settings.columns >> TUI_COLUMN_END & 1);
	assert_int_equal(app.columns.selected, TUI_COLUMN_END);
	click_on(&app, "[x] end");
	assert_false(app.settings.columns >> TUI_COLUMN_END & 1);
}

TEST(in_totals_and_files_the_first_click_selects_and_the_second_opens)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "2");
	click_on(&app, "D data");
	assert_int_equal(app.screen, TUI_SCREEN_TOTALS);
	assert_int_equal(app.totals.selected, 3);
	click_on(&app, "D data");
	assert_slice(vm_buf_str(&app.filter_text), "kind:data");
	press(&app, "\0333j");
	click_on(&app, "[+] /lib/libc.so.6");
	assert_int_equal(app.files.count, 3);
	click_on(&app, "[+] /lib/libc.so.6");
	assert_int_equal(app.files.count, 5);
	click_on(&app, "7f1000100000 rw-p");
	assert_int_equal(app.screen, TUI_SCREEN_FILES);
	click_on(&app, "7f1000100000 rw-p");
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_int_equal(tui_list_selected(&app)->mapping->start, 0x7f1000100000);
}

TEST(a_click_on_an_entry_of_the_log_selects_it)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app_feed(&app, LIBC STACK);
	press(&app, "4");
	click_on(&app, "[heap]");
	assert_int_equal(app.log.selected, 0);
	assert_false(app.log_follows);
}

TEST(a_click_closes_the_prompt)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "/libc");
	click_on(&app, "2 Totals");
	assert_int_equal(app.prompt.purpose, TUI_PROMPT_CLOSED);
	assert_int_equal(app.screen, TUI_SCREEN_TOTALS);
}

TEST(a_click_on_nothing_does_nothing)
{
	static const int places[][2] = { { HEADER, 3 }, { SUMS, 10 }, { 22, 5 },     { 15, 40 },
					 { -1, -1 },    { 24, 80 },   { 1000, 1000 } };
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	/* Nothing has been drawn yet. */
	assert_int_equal(click_at(&app, 3, 3), TUI_REQUEST_NONE);
	draw(&app);
	for (size_t i = 0; i < COUNT(places); i++) {
		assert_int_equal(click_at(&app, places[i][0], places[i][1]), TUI_REQUEST_NONE);
		assert_int_equal(app.screen, TUI_SCREEN_LIST);
		assert_selected(&app, "[heap]");
		assert_int_equal(app.filter_text.len, 0);
	}
}

/* The process may have changed since that was drawn. */
TEST(a_click_on_what_is_not_there_any_more_does_nothing)
{
	for (enum tui_screen_id screen = 0; screen < TUI_TAB_COUNT; screen++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = make_smaps(60);
		vm_cleanup(tui_app_deinit) struct tui_app app = app_with(text.p);

		app.screen = screen;
		draw(&app);
		app_feed(&app, "");
		for (int row = 0; row < 23; row++) {
			if (row != TABS && row != 2)
				click_at(&app, row, 30);
		}
	}
}

TEST(the_wheel_moves_by_three_rows_on_every_screen)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = make_smaps(60);
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(text.p);
	const struct tui_scroll *scrolls[] = { &app.list.scroll,  &app.totals,
					       &app.files.scroll, NULL,
					       &app.help,         &app.columns };

	for (enum tui_screen_id screen = 0; screen < TUI_SCREEN_COUNT; screen++) {
		if (!scrolls[screen])
			continue;
		app.screen = screen;
		draw(&app);
		press_key(&app, TUI_KEY_WHEEL_DOWN);
		assert_int_equal(scrolls[screen]->selected, 3);
		press_key(&app, TUI_KEY_WHEEL_UP);
		assert_int_equal(scrolls[screen]->selected, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_click_on_a_title_sorts_and_another_turns_the_order_round),
		cmocka_unit_test(a_click_on_a_title_that_orders_nothing_does_nothing),
		cmocka_unit_test(a_click_selects_the_row),
		cmocka_unit_test(a_click_on_a_row_of_a_scrolled_list_selects_what_is_there),
		cmocka_unit_test(a_click_on_the_legend_or_the_bar_filters_and_again_clears),
		cmocka_unit_test(a_click_on_the_address_map_selects),
		cmocka_unit_test(what_the_filter_hides_cannot_be_selected_in_the_map),
		cmocka_unit_test(a_click_on_a_tab_changes_the_screen),
		cmocka_unit_test(a_click_on_the_key_bar_is_the_key),
		cmocka_unit_test(a_click_in_the_column_dialog_shows_and_hides),
		cmocka_unit_test(in_totals_and_files_the_first_click_selects_and_the_second_opens),
		cmocka_unit_test(a_click_on_an_entry_of_the_log_selects_it),
		cmocka_unit_test(a_click_closes_the_prompt),
		cmocka_unit_test(a_click_on_nothing_does_nothing),
		cmocka_unit_test(a_click_on_what_is_not_there_any_more_does_nothing),
		cmocka_unit_test(the_wheel_moves_by_three_rows_on_every_screen),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
