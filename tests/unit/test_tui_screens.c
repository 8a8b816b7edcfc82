#include "tui_support.h"

#include <errno.h>

#define HEAP ANON("600000-700000", "rw-p", "[heap]") KB("Rss", 64)
#define LIBC FILE_AT("7f1000000000-7f1000100000", "r-xp", "2", "/lib/libc.so.6") KB("Rss", 900)
#define DATA FILE_AT("7f1000100000-7f1000104000", "rw-p", "2", "/lib/libc.so.6") KB("Rss", 16)
#define STACK ANON("7ffd00000000-7ffd00021000", "rw-p", "[stack]") KB("Rss", 20)
#define PROCESS HEAP LIBC DATA STACK

/* Screens and the way back */

TEST(tab_goes_through_the_screens_and_back)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (int i = 1; i <= 8; i++) {
		press(&app, "\t");
		assert_int_equal(app.screen, i % TUI_TAB_COUNT);
	}
	for (int i = 7; i >= 0; i--) {
		press_key(&app, TUI_KEY_BACK_TAB);
		assert_int_equal(app.screen, i % TUI_TAB_COUNT);
	}
}

TEST(numbers_choose_screens)
{
	static const enum tui_screen_id screens[] = { TUI_SCREEN_LIST, TUI_SCREEN_TOTALS,
						      TUI_SCREEN_FILES, TUI_SCREEN_LOG };
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (size_t i = 0; i < COUNT(screens); i++) {
		press_key(&app, '1' + (uint32_t)i);
		assert_int_equal(app.screen, screens[i]);
		draw(&app);
		assert_true(has_text(&app.canvas, tui_screen(screens[i])->title));
	}
	press(&app, "05 ");
	assert_int_equal(app.screen, TUI_SCREEN_LOG);
}

TEST(escape_leaves_dialogs_for_the_screen_before)
{
	static const char dialogs[] = "?hc";
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (size_t i = 0; i < sizeof(dialogs) - 1; i++) {
		press(&app, "3");
		press_key(&app, (unsigned char)dialogs[i]);
		assert_true(app.screen >= TUI_TAB_COUNT);
		press(&app, "\033");
		assert_int_equal(app.screen, TUI_SCREEN_FILES);
	}
	press(&app, "2?c?\033");
	assert_int_equal(app.screen, TUI_SCREEN_TOTALS);
	press(&app, "2?\t");
	assert_int_equal(app.screen, TUI_SCREEN_FILES);
}

TEST(escape_undoes_one_thing_at_a_time)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.has_picker = true;
	press(&app, "\\heap\ri?");
	assert_int_equal(press(&app, "\033"), TUI_REQUEST_NONE);
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_true(app.explains);
	assert_int_equal(press(&app, "\033"), TUI_REQUEST_NONE);
	assert_false(app.explains);
	assert_int_equal(app.filter_text.len, 4);
	assert_int_equal(press(&app, "\033"), TUI_REQUEST_NONE);
	assert_int_equal(app.filter_text.len, 0);
	assert_int_equal(press(&app, "\033"), TUI_REQUEST_BACK);
}

TEST(escape_leads_to_the_list_and_then_nowhere_where_there_are_no_processes)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "4");
	assert_int_equal(press(&app, "\033"), TUI_REQUEST_NONE);
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_int_equal(press(&app, "\033"), TUI_REQUEST_NONE);
	assert_string_equal(app.message, "q quits");
}

/* What the owner of the terminal has to do */

TEST(keys_ask_for_what_only_the_owner_can_do)
{
	static const struct {
		uint32_t key;
		enum tui_request request;
	} cases[] = {
		{ 'q', TUI_REQUEST_QUIT },
		{ 'c' & 0x1f, TUI_REQUEST_QUIT },
		{ TUI_KEY_F1 + 9, TUI_REQUEST_QUIT },
		{ TUI_KEY_LOST, TUI_REQUEST_QUIT },
		{ 'z' & 0x1f, TUI_REQUEST_SUSPEND },
		{ 'l' & 0x1f, TUI_REQUEST_REDRAW },
		{ 'r', TUI_REQUEST_REFRESH },
		{ 'Z', TUI_REQUEST_NONE },
	};

	for (enum tui_screen_id screen = 0; screen < TUI_SCREEN_COUNT; screen++) {
		for (size_t i = 0; i < COUNT(cases); i++) {
			vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

			app.screen = screen;
			assert_int_equal(press_key(&app, cases[i].key), cases[i].request);
		}
	}
}

TEST(a_lost_terminal_ends_even_a_prompt)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "/abc");
	assert_int_equal(press_key(&app, TUI_KEY_LOST), TUI_REQUEST_QUIT);
}

TEST(keys_that_are_no_text_mean_in_a_prompt_what_they_mean_elsewhere)
{
	static const char *const prompts[] = { "/", "\\", "s" };

	for (size_t i = 0; i < COUNT(prompts); i++) {
		vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

		press(&app, prompts[i]);
		press(&app, "abc");
		assert_int_equal(press_key(&app, 'z' & 0x1f), TUI_REQUEST_SUSPEND);
		assert_int_equal(press_key(&app, 'l' & 0x1f), TUI_REQUEST_REDRAW);
		assert_int_equal(press_key(&app, TUI_KEY_F1 + 9), TUI_REQUEST_QUIT);
		assert_true(vm_str_ends(vm_buf_str(&app.prompt.text), VM_STR("abc")));
		assert_int_not_equal(app.prompt.purpose, TUI_PROMPT_CLOSED);
		assert_int_equal(press_key(&app, 'c' & 0x1f), TUI_REQUEST_NONE);
		assert_int_equal(app.prompt.purpose, TUI_PROMPT_CLOSED);
	}
}

TEST(letters_in_a_prompt_are_text)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	assert_int_equal(press(&app, "/q"), TUI_REQUEST_NONE);
	press(&app, " 2m");
	assert_slice(vm_buf_str(&app.prompt.text), "q 2m");
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_false(app.paused || app.maps_only);
}

TEST(pause_and_maps_only_are_told_and_shown)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	assert_int_equal(press(&app, " "), TUI_REQUEST_SETTINGS);
	assert_true(app.paused);
	assert_int_equal(press(&app, " "), TUI_REQUEST_SETTINGS);
	assert_false(app.paused);
	assert_int_equal(press(&app, "m"), TUI_REQUEST_SETTINGS);
	assert_true(app.maps_only);
	draw(&app);
	assert_true(has_text(&app.canvas, "maps only: no numbers are read; m reads them again"));
	press(&app, "m");
	assert_false(app.maps_only);
}

TEST(what_does_not_change_cannot_be_paused)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.saved = true;
	press(&app, " ");
	assert_false(app.paused);
	app.saved = false;
	app.data.gone = true;
	press(&app, " ");
	assert_false(app.paused);
}

TEST(the_interval_doubles_and_halves_within_bounds)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	assert_int_equal(press(&app, "+"), TUI_REQUEST_SETTINGS);
	assert_int_equal(app.settings.interval_ns, 2000000000);
	assert_string_equal(app.message, "every 2 seconds");
	press(&app, "--");
	assert_int_equal(app.settings.interval_ns, 500000000);
	press(&app, "----------");
	assert_int_equal(app.settings.interval_ns, TUI_INTERVAL_MIN_NS);
	press(&app, "++++++++++++++++++++++++");
	assert_int_equal(app.settings.interval_ns, TUI_INTERVAL_MAX_NS);
}

TEST(units_and_theme_go_round)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	assert_int_equal(app.settings.units, VM_SIZE_HUMAN);
	press(&app, "u");
	assert_int_equal(app.settings.units, VM_SIZE_KIB);
	draw(&app);
	assert_true(has_text(&app.canvas, "RSS 1000"));
	press(&app, "u");
	assert_int_equal(app.settings.units, VM_SIZE_HUMAN);
	for (int i = 1; i <= TUI_THEME_COUNT; i++) {
		assert_int_equal(press(&app, "t"), TUI_REQUEST_SETTINGS);
		assert_int_equal(app.settings.theme, i % TUI_THEME_COUNT);
	}
}

TEST(a_baseline_needs_numbers)
{
	vm_cleanup(tui_app_deinit) struct tui_app app =
		app_with(ANON("600000-700000", "rw-p", "[heap]"));
	int64_t delta;

	press(&app, "b");
	assert_true(app.message_is_error);
	assert_false(app.data.has_base);
	app_feed(&app, ANON("600000-700000", "rw-p", "[heap]") KB("Rss", 4));
	app_feed(&app, ANON("600000-700000", "rw-p", "[heap]") KB("Rss", 16));
	draw(&app);
	assert_true(has_text(&app.canvas, "+12K"));
	press(&app, "b");
	assert_false(app.message_is_error);
	assert_true(tui_data_delta(&app.data, &app.data.now.mappings[0], &delta));
	assert_int_equal(delta, 0);
}

TEST(saving_asks_for_a_name_and_then_for_the_file)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "s");
	assert_slice(vm_buf_str(&app.prompt.text), "vmview-7.smaps");
	assert_int_equal(press(&app, "\033"), TUI_REQUEST_NONE);
	assert_null(app.save_path);
	press(&app, "s");
	assert_int_equal(press(&app, "2\r"), TUI_REQUEST_SAVE);
	assert_string_equal(app.save_path, "vmview-7.smaps2");
	press(&app, "s");
	assert_int_equal(press(&app, "\025\r"), TUI_REQUEST_NONE);
	app_feed(&app, ANON("600000-700000", "rw-p", "[heap]"));
	press(&app, "s");
	assert_slice(vm_buf_str(&app.prompt.text), "vmview-7.maps");
}

/* Explain */

TEST(explain_opens_the_pane_of_the_list_and_asks_for_the_build_id)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "2");
	assert_int_equal(press(&app, "i"), TUI_REQUEST_BUILD_ID);
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_true(app.explains);
	draw(&app);
	assert_true(has_text(&app.canvas, "What is this?"));
	assert_int_equal(press(&app, "i"), TUI_REQUEST_NONE);
	assert_false(app.explains);
}

/* As where a terminal of 24 lines is split. */
TEST(there_is_room_for_the_pane_from_12_lines_on)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "i");
	tui_app_draw(&app, 80, 12);
	assert_true(has_text(&app.canvas, "What is this?"));
	assert_true(has_text(&app.canvas, "ADDRESS"));
	tui_app_draw(&app, 80, 11);
	assert_false(app.explains);
	assert_false(has_text(&app.canvas, "What is this?"));
	assert_true(has_text(&app.canvas, "too few lines to explain: make the terminal higher"));
}

TEST(the_pane_says_where_there_is_nothing_to_explain)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "i\\nosuch\r");
	draw(&app);
	assert_true(has_text(&app.canvas, "No mapping is selected."));
}

TEST(a_filter_that_is_not_typed_yet_has_examples)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\");
	draw(&app);
	assert_line(&app.canvas, 22,
		    "Filter:  part of a name  kind:heap  perm:w  rss>1M  addr:7f12...");
	tui_app_draw(&app, 40, 24);
	assert_line(&app.canvas, 22, "Filter:  part of a name  kind:heap");
	press(&app, "x");
	draw(&app);
	assert_line(&app.canvas, 22, "Filter: x");
}

TEST(whatever_selects_another_mapping_asks_for_its_build_id)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "i");
	assert_int_equal(press(&app, "j"), TUI_REQUEST_BUILD_ID);
	assert_int_equal(press(&app, "G"), TUI_REQUEST_BUILD_ID);
	assert_int_equal(press(&app, "j"), TUI_REQUEST_NONE);
	assert_int_equal(press(&app, "/heap\r"), TUI_REQUEST_BUILD_ID);
	assert_int_equal(press(&app, "/libc\r"), TUI_REQUEST_BUILD_ID);
	assert_int_equal(press(&app, "n"), TUI_REQUEST_BUILD_ID);
	assert_int_equal(press(&app, ">"), TUI_REQUEST_NONE);
	assert_int_equal(press(&app, "\\stack\r"), TUI_REQUEST_BUILD_ID);
	press(&app, "\\\025\ri");
	assert_int_equal(press(&app, "g"), TUI_REQUEST_NONE);
}

TEST(the_explanation_scrolls_to_its_end_and_starts_anew_for_another_mapping)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	int end;

	press(&app, "i");
	for (int i = 0; i < 100; i++) {
		press_key(&app, TUI_KEY_RIGHT);
		tui_app_draw(&app, 40, 20);
	}
	end = app.explain_top;
	assert_true(end > 0 && end < 100);
	press_key(&app, TUI_KEY_LEFT);
	assert_int_equal(app.explain_top, end - 3);
	press(&app, "j");
	assert_int_equal(app.explain_top, 0);
	press_key(&app, TUI_KEY_LEFT);
	assert_int_equal(app.explain_top, 0);
}

/* Columns */

TEST(columns_are_shown_and_hidden_but_for_the_name)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "c");
	assert_int_equal(app.screen, TUI_SCREEN_COLUMNS);
	draw(&app);
	press(&app, "j ");
	assert_true(app.settings.columns >> TUI_COLUMN_END & 1);
	assert_false(app.paused);
	press(&app, "\r");
	assert_false(app.settings.columns >> TUI_COLUMN_END & 1);
	press(&app, "gG\r");
	assert_false(app.settings.columns >> TUI_COLUMN_CHANGE & 1);
	press(&app, "k ");
	assert_true(app.settings.columns >> TUI_COLUMN_NAME & 1);
	assert_string_equal(app.message, "the mapping's name is always shown");
}

/* A file of settings may leave it out. */
TEST(the_dialog_says_that_the_name_is_shown)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.settings.columns = 1u << TUI_COLUMN_RSS;
	press(&app, "c");
	tui_app_draw(&app, 80, 40);
	assert_true(has_text(&app.canvas, "[x] rss"));
	assert_true(has_text(&app.canvas, "[x] mapping"));
	assert_true(has_text(&app.canvas, "[ ] pss"));
}

TEST(the_dialog_says_which_columns_have_no_room)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "c");
	tui_app_draw(&app, 80, 40);
	assert_true(has_text(&app.canvas, "[-] swap"));
	assert_true(has_text(&app.canvas, "for [-] there is no room"));
	tui_app_draw(&app, 120, 40);
	assert_true(has_text(&app.canvas, "[x] swap"));
	assert_false(has_text(&app.canvas, "[-]"));
}

/* Help */

TEST(help_scrolls_from_its_first_line_to_its_last)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "?");
	draw(&app);
	assert_true(has_text(&app.canvas, "Keys"));
	assert_line(&app.canvas, 22, " Esc closes  PgDn: more");
	press(&app, "j");
	draw(&app);
	assert_line(&app.canvas, 22, " Esc closes  PgDn: more  PgUp: back");
	press(&app, "G");
	draw(&app);
	assert_line(&app.canvas, 22, " Esc closes  PgUp: back");
	assert_true(has_text(&app.canvas, "not reported by this kernel"));
	press(&app, "j\006j");
	draw(&app);
	assert_true(has_text(&app.canvas, "not reported by this kernel"));
	press(&app, "kg");
	draw(&app);
	assert_true(has_text(&app.canvas, "Keys"));
}

TEST(help_on_a_screen_that_grew_shows_as_much_as_fits)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "?");
	draw(&app);
	press(&app, "G");
	tui_app_draw(&app, 80, 60);
	assert_true(has_text(&app.canvas, "not reported by this kernel"));
	assert_true(has_text(&app.canvas, "Marks in the second column"));
	tui_app_draw(&app, 80, 300);
	assert_true(has_text(&app.canvas, "Keys"));
}

/* All words of the help with single blanks between them. */
static struct vm_buf help_words(int width)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	struct vm_buf words = { 0 };

	press(&app, "?");
	tui_app_draw(&app, width, 300);
	for (int row = 3; row < 298; row++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf line = line_of(&app.canvas, row);

		vm_buf_put_char(&line, ' ');
		for (size_t i = 0; i < line.len; i++) {
			if (line.p[i] != ' ' || (words.len && words.p[words.len - 1] != ' '))
				vm_buf_put_char(&words, line.p[i]);
		}
	}
	return words;
}

TEST(the_whole_help_is_shown_from_28_columns_on)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf all = help_words(300);

	assert_true(vm_str_ends(vm_buf_str(&all), VM_STR("reported by this kernel; 0 is a zero ")));
	for (int width = 28; width < 300; width += width < 60 ? 1 : 4) {
		vm_cleanup(vm_buf_deinit) struct vm_buf words = help_words(width);

		assert_same(vm_buf_str(&words), vm_buf_str(&all));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tab_goes_through_the_screens_and_back),
		cmocka_unit_test(numbers_choose_screens),
		cmocka_unit_test(escape_leaves_dialogs_for_the_screen_before),
		cmocka_unit_test(escape_undoes_one_thing_at_a_time),
		cmocka_unit_test(
			escape_leads_to_the_list_and_then_nowhere_where_there_are_no_processes),
		cmocka_unit_test(keys_ask_for_what_only_the_owner_can_do),
		cmocka_unit_test(a_lost_terminal_ends_even_a_prompt),
		cmocka_unit_test(keys_that_are_no_text_mean_in_a_prompt_what_they_mean_elsewhere),
		cmocka_unit_test(letters_in_a_prompt_are_text),
		cmocka_unit_test(pause_and_maps_only_are_told_and_shown),
		cmocka_unit_test(what_does_not_change_cannot_be_paused),
		cmocka_unit_test(the_interval_doubles_and_halves_within_bounds),
		cmocka_unit_test(units_and_theme_go_round),
		cmocka_unit_test(a_baseline_needs_numbers),
		cmocka_unit_test(saving_asks_for_a_name_and_then_for_the_file),
		cmocka_unit_test(explain_opens_the_pane_of_the_list_and_asks_for_the_build_id),
		cmocka_unit_test(there_is_room_for_the_pane_from_12_lines_on),
		cmocka_unit_test(the_pane_says_where_there_is_nothing_to_explain),
		cmocka_unit_test(a_filter_that_is_not_typed_yet_has_examples),
		cmocka_unit_test(whatever_selects_another_mapping_asks_for_its_build_id),
		cmocka_unit_test(
			the_explanation_scrolls_to_its_end_and_starts_anew_for_another_mapping),
		cmocka_unit_test(columns_are_shown_and_hidden_but_for_the_name),
		cmocka_unit_test(the_dialog_says_that_the_name_is_shown),
		cmocka_unit_test(the_dialog_says_which_columns_have_no_room),
		cmocka_unit_test(help_scrolls_from_its_first_line_to_its_last),
		cmocka_unit_test(help_on_a_screen_that_grew_shows_as_much_as_fits),
		cmocka_unit_test(the_whole_help_is_shown_from_28_columns_on),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
