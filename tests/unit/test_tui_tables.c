#include "tui_support.h"

#include <errno.h>
#include <stdio.h>

#include "tui/files.h"

#define HEAP                                    \
	ANON("600000-700000", "rw-p", "[heap]") \
	KB("Rss", 64) KB("Pss", 64) KB("Private_Clean", 0) KB("Private_Dirty", 64)
#define LIBC                                                                \
	FILE_AT("7f1000000000-7f1000100000", "r-xp", "2", "/lib/libc.so.6") \
	KB("Rss", 900) KB("Pss", 90)
#define DATA FILE_AT("7f1000100000-7f1000104000", "rw-p", "2", "/lib/libc.so.6") KB("Rss", 16)
#define STACK ANON("7ffd00000000-7ffd00021000", "rw-p", "[stack]") KB("Rss", 20)
#define PROCESS HEAP LIBC DATA STACK

/* The first row below the header, the tabs and the titles. */
#define FIRST 4

/* Totals */

TEST(totals_show_each_kind_that_is_there_and_their_sum)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	static const char *const lines[] = {
		"> S stack             1   132K    20K      -      -      -      -      -      -",
		"  h heap              1     1M    64K    64K      0    64K      -      -      -",
		"  x code              1     1M   900K    90K      -      -      -      -      -",
		"  D data              1    16K    16K      -      -      -      -      -      -",
		"  total               4   2.1M     1M   154K      0    64K      -      -      -",
		"",
	};

	press(&app, "2");
	draw(&app);
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_line(&app.canvas, FIRST + (int)i, lines[i]);
}

TEST(totals_show_rss_where_there_is_room_for_one_number)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "2");
	tui_app_draw(&app, 38, 20);
	assert_line(&app.canvas, FIRST - 1, "  KIND             MAPS   SIZE    RSS");
	tui_app_draw(&app, 37, 20);
	assert_line(&app.canvas, FIRST - 1, "  KIND             MAPS    RSS");
	assert_line(&app.canvas, FIRST + 2, "  x code              1   900K");
	tui_app_draw(&app, 30, 20);
	assert_line(&app.canvas, FIRST + 2, "  x code            900K");
	tui_app_draw(&app, 20, 20);
	assert_line(&app.canvas, FIRST - 1, "  KIND          RSS");
	assert_line(&app.canvas, FIRST + 2, "  x code       900K");
	assert_line(&app.canvas, FIRST + 4, "  total          1M");
}

TEST(enter_on_a_kind_shows_only_that_and_again_shows_all)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "2jj\r");
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_slice(vm_buf_str(&app.filter_text), "kind:code");
	assert_int_equal(app.list.count, 1);
	/* The totals are still those of all. */
	press(&app, "2");
	draw(&app);
	assert_true(has_text(&app.canvas, "total               4"));
	press(&app, "\r");
	assert_int_equal(app.filter_text.len, 0);
	assert_int_equal(app.list.count, 4);
}

TEST(the_chosen_kind_stays_among_those_that_are_there)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "2G");
	assert_int_equal(app.totals.selected, 3);
	app_feed(&app, HEAP);
	draw(&app);
	assert_int_equal(app.totals.selected, 0);
	app_feed(&app, "");
	draw(&app);
	press(&app, "j\r");
	assert_int_equal(app.screen, TUI_SCREEN_TOTALS);
}

TEST(the_chosen_kind_is_followed)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(HEAP LIBC);

	press(&app, "2j");
	assert_int_equal(app.totals.selected, 1);
	app_feed(&app, PROCESS);
	draw(&app);
	assert_line(
		&app.canvas, FIRST + 2,
		"> x code              1     1M   900K    90K      -      -      -      -      -");
	app_feed(&app, HEAP STACK);
	draw(&app);
	app_feed(&app, LIBC);
	draw(&app);
	assert_int_equal(app.totals.selected, 0);
	press(&app, "\r");
	assert_slice(vm_buf_str(&app.filter_text), "kind:code");
}

TEST(where_no_kind_was_chosen_the_first_is)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(HEAP LIBC);

	press(&app, "2");
	draw(&app);
	app_feed(&app, PROCESS);
	draw(&app);
	assert_int_equal(app.totals.selected, 0);
}

/* Files */

static const struct tui_file_row *file_row(const struct tui_app *app)
{
	assert_true(app->files.scroll.selected < app->files.count);
	return &app->files.rows[app->files.scroll.selected];
}

TEST(a_file_is_one_row_with_sums)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3");
	draw(&app);
	assert_line(&app.canvas, FIRST,
		    "> [+] /lib/libc.so.6           2     1M   916K    90K      -      -      -");
	assert_line(&app.canvas, FIRST + 1,
		    "      [heap]                   1     1M    64K    64K    64K      -      -");
	assert_line(&app.canvas, FIRST + 3, "");
}

/* All lines of a group of files begin alike, and its numbers are not far from its name. */
TEST(files_stand_as_wide_as_their_longest_name)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3");
	tui_app_draw(&app, 200, 24);
	assert_line(&app.canvas, FIRST - 1,
		    "      FILE                  MAPS   SIZE    RSS    PSS    USS  DIRTY   SWAP");
	app_feed(&app, FILE_AT("1000-2000", "r--p", "5", "/a/folder/with/a/longer/name.of.it")
			       KB("Rss", 4));
	tui_app_draw(&app, 200, 24);
	assert_line(&app.canvas, FIRST,
		    ">     /a/folder/with/a/longer/name.of.it"
		    "     1     4K     4K      -      -      -      -");
	draw(&app);
	assert_line(
		&app.canvas, FIRST,
		">     /a/fol\u2026/longer/name.of.it     1     4K     4K      -      -      -      -");
}

TEST(files_show_rss_where_there_is_room_for_one_number)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3");
	tui_app_draw(&app, 36, 20);
	assert_line(&app.canvas, FIRST - 1, "      FILE              MAPS    RSS");
	tui_app_draw(&app, 35, 20);
	assert_line(&app.canvas, FIRST - 1, "      FILE                    RSS");
	assert_line(&app.canvas, FIRST, "> [+] /lib/libc.so.6         916K");
	tui_app_draw(&app, 20, 20);
	assert_line(&app.canvas, FIRST, "> [+] c.so.6   916K");
	app.settings.units = VM_SIZE_KIB;
	tui_app_draw(&app, 20, 20);
	assert_line(&app.canvas, FIRST, "> [+] /li\u2026libc.so.6");
}

TEST(enter_opens_a_group_and_closes_it)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3\r");
	assert_int_equal(app.files.count, 5);
	draw(&app);
	assert_true(has_text(&app.canvas, "[-] /lib/libc.so.6"));
	assert_line(&app.canvas, FIRST + 1,
		    "       7f1000000000 r-xp x           1M   900K    90K      -      -      -");
	press(&app, "\r");
	assert_int_equal(app.files.count, 3);
}

#define BIG ANON("800000-900000", "rw-p", "[anon:big]") KB("Rss", 1000)

static void check_chosen_file(const struct tui_app *app, const char *group, uint64_t start)
{
	assert_same(file_row(app)->group->name, vm_str_from(group));
	assert_int_equal(file_row(app)->mapping ? file_row(app)->mapping->start : 0, start);
}

TEST(the_chosen_file_is_followed_through_refreshes)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3j");
	check_chosen_file(&app, "[heap]", 0);
	app_feed(&app, HEAP BIG LIBC DATA STACK);
	check_chosen_file(&app, "[heap]", 0);
	/* Other mappings of an open group above. */
	press(&app, "g");
	while (!vm_str_equal(file_row(&app)->group->name, VM_STR("/lib/libc.so.6")))
		press(&app, "j");
	press(&app, "\rjj");
	check_chosen_file(&app, "/lib/libc.so.6", 0x7f1000100000);
	app_feed(&app, HEAP LIBC DATA STACK);
	check_chosen_file(&app, "/lib/libc.so.6", 0x7f1000100000);
	app_feed(&app, HEAP BIG LIBC STACK);
	check_chosen_file(&app, "/lib/libc.so.6", 0);
	app_feed(&app, HEAP BIG LIBC DATA STACK);
	check_chosen_file(&app, "/lib/libc.so.6", 0x7f1000100000);
	/* A filter that hides it and is cleared. */
	press(&app, "\\kind:heap\r\033");
	check_chosen_file(&app, "/lib/libc.so.6", 0x7f1000100000);
}

TEST(where_no_file_was_chosen_the_first_is)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3");
	app_feed(&app, HEAP BIG STACK);
	assert_int_equal(app.files.scroll.selected, 0);
}

TEST(right_opens_a_group_and_left_closes_it)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3");
	press_key(&app, TUI_KEY_LEFT);
	assert_int_equal(app.files.count, 3);
	press_key(&app, TUI_KEY_RIGHT);
	press_key(&app, TUI_KEY_RIGHT);
	assert_int_equal(app.files.count, 5);
	press(&app, "j");
	press_key(&app, TUI_KEY_RIGHT);
	press_key(&app, TUI_KEY_LEFT);
	assert_int_equal(app.screen, TUI_SCREEN_FILES);
	press(&app, "k");
	press_key(&app, TUI_KEY_LEFT);
	assert_int_equal(app.files.count, 3);
}

TEST(open_groups_stay_open_through_refreshes_and_other_groupings)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3\r");
	app_feed(&app, PROCESS ANON("7ffe00000000-7ffe00021000", "rw-p", "") KB("Rss", 0));
	assert_int_equal(app.files.count, 6);
	for (int i = 0; i < VM_GROUP_COUNT; i++)
		press_key(&app, TUI_KEY_F1 + 4);
	assert_int_equal(app.files.count, 6);
	app_feed(&app, HEAP);
	assert_int_equal(app.files.count, 1);
	app_feed(&app, PROCESS);
	assert_int_equal(app.files.count, 5);
}

TEST(groups_are_of_the_newest_data_for_who_comes_back)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3j1");
	app_feed(&app, ANON("5000-6000", "rw-p", "[heap]") KB("Rss", 4));
	press(&app, "3");
	draw(&app);
	assert_int_equal(app.files.count, 1);
	assert_true(has_text(&app.canvas, "[heap]"));
	press(&app, "1");
	app_feed(&app, PROCESS);
	press(&app, "3g\r");
	assert_int_equal(app.files.count, 5);
}

TEST(enter_on_a_mapping_leads_to_it_in_the_list)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3\rjj");
	assert_int_equal(file_row(&app)->mapping->start, 0x7f1000100000);
	press(&app, "\r");
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_int_equal(tui_list_selected(&app)->mapping->start, 0x7f1000100000);
}

TEST(f5_leads_to_the_groups_and_then_groups_by_something_else)
{
	static const struct {
		const char *title, *first;
	} groupings[] = {
		{ "KIND", "code" },
		{ "PERMISSIONS", "r-xp" },
		{ "FILE", "/lib/libc.so.6" },
	};
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press_key(&app, TUI_KEY_F1 + 4);
	assert_int_equal(app.screen, TUI_SCREEN_FILES);
	assert_int_equal(app.files.key, VM_GROUP_FILE);
	for (size_t i = 0; i < COUNT(groupings); i++) {
		press(&app, "j");
		press_key(&app, TUI_KEY_F1 + 4);
		draw(&app);
		assert_true(has_text(&app.canvas, groupings[i].title));
		assert_same(file_row(&app)->group->name, vm_str_from(groupings[i].first));
	}
}

TEST(groups_hold_what_the_filter_shows)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "3\\perm:x\r");
	assert_int_equal(app.screen, TUI_SCREEN_FILES);
	assert_int_equal(app.files.count, 1);
	assert_int_equal(file_row(&app)->group->count, 1);
	press(&app, "\\\025nosuch\r");
	draw(&app);
	assert_true(has_text(&app.canvas, "no mapping matches the filter; Esc clears it"));
	press(&app, "\rjkG");
	assert_int_equal(app.screen, TUI_SCREEN_FILES);
}

TEST(groups_say_what_is_not_permitted)
{
	vm_cleanup(tui_app_deinit) struct tui_app app =
		app_with(ANON("600000-700000", "rw-p", "[heap]"));

	app.data.error = -EPERM;
	press(&app, "3");
	draw(&app);
	assert_line(&app.canvas, FIRST,
		    ">     [heap]                   1     1M    n/a    n/a    n/a    n/a    n/a");
}

/* Log */

TEST(the_log_tells_every_change_in_a_line)
{
	static const char *const lines[] = {
		"  00:00:01.000  + new                        500000    1M rw-p a [anon]",
		"  00:00:01.000  ^ grown +1M                  600000    2M rw-p h [heap]",
		"  00:00:01.000  - gone                 7f1000100000   16K rw-p D /lib/libc.so.6",
		"  00:00:01.000  ~ perms was rw-p       7ffd00000000  132K r--p S [stack]",
		"  00:00:01.000  / split into 3               600000    2M rw-p h [heap]",
		"  00:00:01.000  = merged of 3                600000    2M rw-p h [heap]",
		"  00:00:01.000  v shrunk -1M                 600000    1M rw-p h [heap]",
		"> 00:00:02.500  * a remark",
		"",
	};
	static const char after[] =
		ANON("500000-600000", "rw-p", "") ANON("600000-800000", "rw-p", "[heap]")
			LIBC ANON("7ffd00000000-7ffd00021000", "r--p", "[stack]");
	static const char split[] = ANON("500000-600000", "rw-p", "")
		ANON("600000-700000", "rw-p", "[heap]") ANON("700000-780000", "r--p", "[heap]")
			ANON("780000-800000", "rw-p", "[heap]")
				LIBC ANON("7ffd00000000-7ffd00021000", "r--p", "[stack]");
	static const char shrunk[] =
		ANON("500000-600000", "rw-p", "") ANON("600000-700000", "rw-p", "[heap]")
			LIBC ANON("7ffd00000000-7ffd00021000", "r--p", "[stack]");
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "4");
	draw(&app);
	assert_true(has_text(&app.canvas, "nothing has changed yet"));
	app_feed(&app, after);
	app_feed(&app, split);
	app_feed(&app, after);
	app_feed(&app, shrunk);
	tui_data_remark(&app.data, 2500000000, "a remark");
	draw(&app);
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_line(&app.canvas, FIRST + (int)i, lines[i]);
}

TEST(the_log_gives_up_what_tells_least_where_room_is_short)
{
	static const struct {
		int width;
		const char *title, *line, *remark;
	} cases[] = {
		{ 80, "  TIME          WHAT                        ADDRESS  SIZE PERM T MAPPING",
		  "  00:00:01.000  ~ perms was rw-p       7ffd00000000  132K r--p S [stack]",
		  "> 00:00:02.500  * a remark" },
		{ 72, "  TIME     WHAT                        ADDRESS  SIZE PERM T MAPPING",
		  "  00:00:01 ~ perms was rw-p       7ffd00000000  132K r--p S [stack]",
		  "> 00:00:02 * a remark" },
		{ 58, "  TIME     WHAT                  ADDRESS PERM T MAPPING",
		  "  00:00:01 ~ perms was rw-p 7ffd00000000 r--p S [stack]",
		  "> 00:00:02 * a remark" },
		{ 40, "  WHAT                  ADDRESS MAPPING",
		  "  ~ perms was rw-p 7ffd00000000 [stack]", "> * a remark" },
		{ 30, "  WHAT             MAPPING", "  ~ perms was rw-p [stack]", "> * a remark" },
		{ 20, "  WHAT     MAPPING", "  ~ perms  [stack]", "> * a remark" },
	};
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app_feed(&app, HEAP LIBC DATA ANON("7ffd00000000-7ffd00021000", "r--p", "[stack]"));
	tui_data_remark(&app.data, 2500000000, "a remark");
	press(&app, "4");
	for (size_t i = 0; i < COUNT(cases); i++) {
		tui_app_draw(&app, cases[i].width, 24);
		assert_line(&app.canvas, FIRST - 1, cases[i].title);
		assert_line(&app.canvas, FIRST, cases[i].line);
		assert_line(&app.canvas, FIRST + 1, cases[i].remark);
	}
}

TEST(enter_in_the_log_leads_to_the_mapping_if_it_is_there)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(HEAP LIBC STACK);

	tui_data_remark(&app.data, 0, "a remark");
	app_feed(&app, HEAP DATA STACK);
	app_feed(&app, HEAP BIG DATA STACK);
	press(&app, "4\r");
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	assert_selected(&app, "[anon:big]");
	press(&app, "4g\r");
	assert_int_equal(app.screen, TUI_SCREEN_LOG);
	assert_string_equal(app.message, "this line is about no mapping");
	press(&app, "j\r");
	assert_int_equal(app.screen, TUI_SCREEN_LOG);
	assert_string_equal(app.message, "it is gone");
	press(&app, "\\heap\r4G\r");
	assert_int_equal(app.screen, TUI_SCREEN_LOG);
	assert_true(strstr(app.message, "filter"));
}

static void log_remarks(struct tui_app *app, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[32];

		snprintf(text, sizeof(text), "remark %zu", (size_t)app->data.log_total);
		tui_data_remark(&app->data, 0, text);
	}
	tui_app_renew(app);
}

static const char *selected_remark(const struct tui_app *app)
{
	return app->data.log[app->log.selected].text;
}

TEST(the_log_follows_its_end_until_the_reader_scrolls_up)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();

	press(&app, "4");
	log_remarks(&app, 50);
	draw(&app);
	assert_string_equal(selected_remark(&app), "remark 49");
	press(&app, "kkk");
	log_remarks(&app, 50);
	draw(&app);
	assert_string_equal(selected_remark(&app), "remark 46");
	press(&app, "G");
	log_remarks(&app, 1);
	draw(&app);
	assert_string_equal(selected_remark(&app), "remark 100");
	assert_true(has_text(&app.canvas, "remark 100"));
}

TEST(the_log_stands_still_while_its_oldest_entries_go)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();
	size_t place;

	log_remarks(&app, TUI_LOG_LIMIT);
	press(&app, "4g");
	draw(&app);
	for (int i = 0; i < 150; i++)
		press(&app, "\006");
	draw(&app);
	place = app.log.selected - app.log.top;
	snprintf(app.message, sizeof(app.message), "%s", selected_remark(&app));
	log_remarks(&app, 1);
	draw(&app);
	assert_string_equal(selected_remark(&app), app.message);
	assert_int_equal(app.log.selected - app.log.top, place);
	log_remarks(&app, 3 * TUI_LOG_LIMIT);
	draw(&app);
	assert_int_equal(app.log.selected, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(totals_show_each_kind_that_is_there_and_their_sum),
		cmocka_unit_test(totals_show_rss_where_there_is_room_for_one_number),
		cmocka_unit_test(enter_on_a_kind_shows_only_that_and_again_shows_all),
		cmocka_unit_test(the_chosen_kind_stays_among_those_that_are_there),
		cmocka_unit_test(a_file_is_one_row_with_sums),
		cmocka_unit_test(files_stand_as_wide_as_their_longest_name),
		cmocka_unit_test(files_show_rss_where_there_is_room_for_one_number),
		cmocka_unit_test(enter_opens_a_group_and_closes_it),
		cmocka_unit_test(the_chosen_kind_is_followed),
		cmocka_unit_test(where_no_kind_was_chosen_the_first_is),
		cmocka_unit_test(the_chosen_file_is_followed_through_refreshes),
		cmocka_unit_test(where_no_file_was_chosen_the_first_is),
		cmocka_unit_test(right_opens_a_group_and_left_closes_it),
		cmocka_unit_test(open_groups_stay_open_through_refreshes_and_other_groupings),
		cmocka_unit_test(groups_are_of_the_newest_data_for_who_comes_back),
		cmocka_unit_test(enter_on_a_mapping_leads_to_it_in_the_list),
		cmocka_unit_test(f5_leads_to_the_groups_and_then_groups_by_something_else),
		cmocka_unit_test(groups_hold_what_the_filter_shows),
		cmocka_unit_test(groups_say_what_is_not_permitted),
		cmocka_unit_test(the_log_tells_every_change_in_a_line),
		cmocka_unit_test(the_log_gives_up_what_tells_least_where_room_is_short),
		cmocka_unit_test(enter_in_the_log_leads_to_the_mapping_if_it_is_there),
		cmocka_unit_test(the_log_follows_its_end_until_the_reader_scrolls_up),
		cmocka_unit_test(the_log_stands_still_while_its_oldest_entries_go),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
