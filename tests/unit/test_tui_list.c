#include "tui_support.h"

#include <errno.h>

/* Ascending addresses and names, other orders for everything else. */
#define CAT FILE_AT("400000-401000", "r-xp", "1", "/bin/cat") KB("Rss", 4) KB("Pss", 2)
#define HEAP ANON("600000-700000", "rw-p", "[heap]") KB("Rss", 64) KB("Pss", 64)
#define ONE ANON("7f0000000000-7f0000800000", "rw-p", "[anon:one]") KB("Rss", 12) KB("Pss", 12)
#define LIBC FILE_AT("7f1000000000-7f1000100000", "r-xp", "2", "/lib/libc.so.6") KB("Rss", 900)
#define DATA FILE_AT("7f1000100000-7f1000104000", "rw-p", "2", "/lib/libc.so.6") KB("Rss", 16)
#define STACK ANON("7ffd00000000-7ffd00021000", "rw-p", "[stack]") KB("Rss", 20) KB("Pss", 20)
#define PROCESS CAT HEAP ONE LIBC DATA STACK

/* Appear above all. */
#define ABOVE                         \
	ANON("1000-2000", "rw-p", "") \
	KB("Rss", 4)                  \
	ANON("3000-4000", "---p", "") KB("Rss", 0) ANON("5000-6000", "rw-p", "") KB("Rss", 4)

static struct tui_app app_at(const char *name)
{
	struct tui_app app = app_with(PROCESS);

	for (size_t i = 0; i < app.list.count; i++) {
		if (vm_str_equal(app.list.rows[i].mapping->name, vm_str_from(name)))
			break;
		press(&app, "j");
	}
	assert_selected(&app, name);
	return app;
}

/* Selection */

TEST(keys_move_the_selection)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	draw(&app);
	assert_selected(&app, "/bin/cat");
	press(&app, "jj");
	assert_selected(&app, "[anon:one]");
	press(&app, "k");
	assert_selected(&app, "[heap]");
	press(&app, "G");
	assert_selected(&app, "[stack]");
	press(&app, "j");
	assert_selected(&app, "[stack]");
	press(&app, "g");
	assert_selected(&app, "/bin/cat");
	press_key(&app, TUI_KEY_WHEEL_DOWN);
	assert_selected(&app, "/lib/libc.so.6");
}

TEST(selection_follows_its_mapping_when_others_come_and_go)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_at("[anon:one]");

	app_feed(&app, ABOVE PROCESS);
	assert_selected(&app, "[anon:one]");
	assert_int_equal(app.list.scroll.selected, 5);
	app_feed(&app, ABOVE ONE STACK);
	assert_selected(&app, "[anon:one]");
	app_feed(&app, ONE);
	app_feed(&app, ONE);
	app_feed(&app, ONE);
	assert_int_equal(app.list.count, 1);
	assert_selected(&app, "[anon:one]");
}

TEST(selection_keeps_its_place_on_the_screen)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = make_smaps(300);
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(text.p);
	vm_cleanup(vm_buf_deinit) struct vm_buf more = { 0 };
	size_t place;

	draw(&app);
	for (int i = 0; i < 100; i++)
		press(&app, "j");
	press(&app, "kk");
	place = app.list.scroll.selected - app.list.scroll.top;
	assert_true(place > 0);
	vm_buf_put_text(&more, ABOVE);
	vm_buf_put_text(&more, text.p);
	vm_buf_put_char(&more, '\0');
	app_feed(&app, more.p);
	assert_int_equal(app.list.scroll.selected, 101);
	assert_int_equal(app.list.scroll.selected - app.list.scroll.top, place);
}

TEST(selection_follows_its_mapping_through_every_order)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_at("[heap]");

	for (int i = 0; i < VM_SORT_COUNT; i++) {
		press(&app, ">");
		assert_selected(&app, "[heap]");
		press(&app, "I");
		assert_selected(&app, "[heap]");
		app_feed(&app, ABOVE PROCESS);
		assert_selected(&app, "[heap]");
		app_feed(&app, PROCESS);
	}
}

TEST(selection_follows_its_mapping_through_filters)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_at("[anon:one]");

	press(&app, "\\perm:w\r");
	assert_int_equal(app.list.count, 4);
	assert_selected(&app, "[anon:one]");
	press(&app, "\033");
	assert_int_equal(app.list.count, 6);
	assert_selected(&app, "[anon:one]");
}

TEST(selection_stays_with_what_is_left_of_its_mapping)
{
	static const struct {
		const char *now;
		uint64_t start;
	} cases[] = {
		/* grown downwards, as a stack does */
		{ ABOVE ANON("7effff000000-7f0000800000", "rw-p", "") STACK, 0x7effff000000 },
		/* split, and merged with what lies below */
		{ ABOVE ANON("7f0000000000-7f0000400000", "rw-p", "")
			  ANON("7f0000400000-7f0000800000", "r--p", "") STACK,
		  0x7f0000000000 },
		{ ABOVE ANON("7e0000000000-7f0000800000", "rw-p", "[anon:one]") STACK,
		  0x7e0000000000 },
		/* its front was unmapped */
		{ ABOVE ANON("7f0000400000-7f0000800000", "rw-p", "[anon:one]") STACK,
		  0x7f0000400000 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_app_deinit) struct tui_app app = app_at("[anon:one]");

		app_feed(&app, cases[i].now);
		assert_int_equal(tui_list_selected(&app)->mapping->start, cases[i].start);
		assert_int_equal(app.list.selected_start, cases[i].start);
	}
}

TEST(selection_stays_with_what_is_gone_while_it_is_shown)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_at("[anon:one]");

	app_feed(&app, ABOVE CAT HEAP LIBC DATA STACK);
	assert_selected(&app, "[anon:one]");
	assert_true(tui_list_selected(&app)->ghost);
	app_feed(&app, CAT HEAP LIBC DATA STACK);
	assert_selected(&app, "[anon:one]");
	app_feed(&app, CAT HEAP LIBC DATA STACK);
	assert_non_null(tui_list_selected(&app));
	assert_false(tui_list_selected(&app)->ghost);
}

TEST(nothing_is_selected_where_there_is_nothing)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();

	tui_app_renew(&app);
	press(&app, "jGkgnNI><b i\033");
	assert_null(tui_list_selected(&app));
	app_feed(&app, "");
	assert_null(tui_list_selected(&app));
	app_feed(&app, PROCESS);
	assert_selected(&app, "/bin/cat");
}

TEST(what_is_gone_stands_where_it_was_and_behind_the_rest_in_other_orders)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app_feed(&app, CAT ONE LIBC DATA STACK);
	assert_int_equal(app.list.count, 6);
	assert_true(app.list.rows[1].ghost);
	assert_slice(app.list.rows[1].mapping->name, "[heap]");
	assert_int_equal(app.list.shown_count, 5);
	press(&app, ">");
	assert_true(app.list.rows[5].ghost);
	press(&app, "<I");
	assert_true(app.list.rows[5].ghost);
	press(&app, "\\libc\r");
	assert_int_equal(app.list.count, 2);
}

/* Order */

static void assert_order(const struct tui_app *app, enum vm_sort_key key, bool reverse)
{
	assert_int_equal(app->settings.sort, key);
	assert_int_equal(app->settings.reverse, reverse);
}

TEST(keys_go_through_all_orders_both_ways)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (int i = 1; i <= VM_SORT_COUNT; i++) {
		press(&app, ">");
		assert_order(&app, (enum vm_sort_key)(i % VM_SORT_COUNT), false);
	}
	press(&app, "<");
	assert_order(&app, VM_SORT_COUNT - 1, false);
	press(&app, "I");
	assert_order(&app, VM_SORT_COUNT - 1, true);
	press_key(&app, TUI_KEY_F1 + 5);
	assert_order(&app, VM_SORT_ADDRESS, false);
}

TEST(the_largest_comes_first_and_inverting_turns_that_round)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, ">>");
	assert_order(&app, VM_SORT_RSS, false);
	assert_int_equal(app.list.rows[0].mapping->start, 0x7f1000000000);
	press(&app, "I");
	assert_slice(app.list.rows[0].mapping->name, "/bin/cat");
	assert_int_equal(app.list.rows[5].mapping->start, 0x7f1000000000);
}

/* Filter */

TEST(a_filter_is_typed_shown_and_cleared)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\kind:heap\r");
	assert_int_equal(app.prompt.purpose, TUI_PROMPT_CLOSED);
	assert_int_equal(app.list.count, 1);
	assert_selected(&app, "[heap]");
	draw(&app);
	assert_true(has_text(&app.canvas, "filter kind:heap: 1 of 6 mappings  size 1M  rss 64K"));
	app_feed(&app, ABOVE PROCESS);
	assert_int_equal(app.list.count, 1);
	press(&app, "\\");
	assert_slice(vm_buf_str(&app.prompt.text), "kind:heap");
	press(&app, "\025\r");
	assert_int_equal(app.filter_text.len, 0);
	assert_int_equal(app.list.count, 9);
}

TEST(a_wrong_filter_is_told_and_stays_open_while_the_old_one_holds)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\libc\r");
	assert_int_equal(app.list.count, 2);
	press(&app, "\\\025kind:nothing\r");
	assert_int_equal(app.prompt.purpose, TUI_PROMPT_FILTER);
	assert_true(app.message_is_error);
	assert_non_null(strstr(app.message, "nothing"));
	assert_int_equal(app.list.count, 2);
	draw(&app);
	assert_line(&app.canvas, 22, "Filter: kind:nothing");
	assert_int_equal(cell_of(&app.canvas, 19, 1)->code, '!');
	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++)
		assert_row(has_text(&app.canvas, vm_kind_info(kind)->name),
			   vm_kind_info(kind)->name);
	/* Mended. */
	for (int i = 0; i < 7; i++)
		press_key(&app, TUI_KEY_BACKSPACE);
	assert_int_equal(app.message[0], 0);
	press(&app, "stack\r");
	assert_int_equal(app.list.count, 1);
	assert_selected(&app, "[stack]");
}

TEST(a_filter_that_is_given_up_changes_nothing)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\libc\r");
	press(&app, "\\xyz\033");
	assert_int_equal(app.prompt.purpose, TUI_PROMPT_CLOSED);
	assert_slice(vm_buf_str(&app.filter_text), "libc");
	assert_int_equal(app.list.count, 2);
}

TEST(where_nothing_matches_the_list_says_so)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\nosuch\r");
	assert_int_equal(app.list.count, 0);
	draw(&app);
	assert_true(has_text(&app.canvas, "no mapping matches the filter; Esc clears it"));
	press(&app, "jkG\033");
	assert_int_equal(app.list.count, 6);
}

TEST(where_nothing_matches_of_what_has_ended_the_list_says_so_too)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.data.gone = true;
	press(&app, "\\nosuch\r");
	draw(&app);
	assert_true(has_text(&app.canvas, "no mapping matches the filter; Esc clears it"));
}

TEST(why_there_is_nothing_is_told_in_whole_words)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with("");

	app.data.error = -EACCES;
	tui_app_draw(&app, 40, 12);
	assert_line(&app.canvas, 4, "  not permitted to read this process's");
	assert_line(&app.canvas, 5, "  maps: try sudo, or CAP_SYS_PTRACE");
	app.saved = true;
	app.data.error = -EBADMSG;
	tui_app_draw(&app, 80, 12);
	assert_line(&app.canvas, 4, "  this is not the text of maps or smaps");
	app.data.error = -ENOENT;
	tui_app_draw(&app, 80, 12);
	assert_line(&app.canvas, 4, "  there is neither a maps nor a smaps in it");
	assert_true(has_text(&app.canvas, "limited: there is neither a maps nor a smaps in it"));
	app.data.error = -EACCES;
	press(&app, "4");
	tui_app_draw(&app, 80, 12);
	assert_false(has_text(&app.canvas, "nothing has changed"));
	assert_true(has_text(&app.canvas, "not permitted to read this process's maps: try sudo"));
}

/* Columns */

TEST(the_change_stands_near_the_name)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	tui_app_draw(&app, 200, 24);
	assert_line(&app.canvas, 6,
		    "       ADDRESS  SIZE   RSS IN     PSS DIRTY  SWAP PERM T"
		    " MAPPING              CHANGE");
	app_feed(&app, PROCESS FILE_AT("7ffe00000000-7ffe00001000", "r--p", "3",
				       "/one/with/a/longer/name") KB("Rss", 4));
	tui_app_draw(&app, 200, 24);
	assert_line(&app.canvas, 6,
		    "       ADDRESS  SIZE   RSS IN     PSS DIRTY  SWAP PERM T"
		    " MAPPING                 CHANGE");
}

TEST(what_stands_before_a_name_is_not_cut_while_there_is_room_for_the_name)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(
		FILE_AT("1000-2000", "rw-s", "3", "/dev/shm/of-a-program-4711 (deleted)")
			KB("Rss", 4) FILE_AT("3000-4000", "rwxp", "4",
					     "/usr/lib/with-a-long-name/libjit.so.1") KB("Rss", 4));

	draw(&app);
	assert_true(has_text(&app.canvas, " s [deleted] of-a"));
	assert_true(has_text(&app.canvas, "4711"));
	assert_true(has_text(&app.canvas, " x !W+X /u"));
	assert_true(has_text(&app.canvas, "libjit.so.1"));
	tui_app_draw(&app, 40, 24);
	assert_true(has_text(&app.canvas, " x !"));
	assert_true(has_text(&app.canvas, "4711"));
}

/* Search */

TEST(search_goes_on_from_the_selection_and_wraps)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "/LIBC\r");
	assert_int_equal(app.list.scroll.selected, 3);
	press(&app, "n");
	assert_int_equal(app.list.scroll.selected, 4);
	press(&app, "n");
	assert_int_equal(app.list.scroll.selected, 3);
	press(&app, "N");
	assert_int_equal(app.list.scroll.selected, 4);
	press(&app, "gN");
	assert_int_equal(app.list.scroll.selected, 4);
}

TEST(search_finds_names_as_they_are_shown)
{
	vm_cleanup(tui_app_deinit) struct tui_app app =
		app_with(PROCESS ANON("7fff00000000-7fff00001000", "rwxp", ""));

	press(&app, "/W+X\r");
	assert_int_equal(app.list.scroll.selected, 6);
	press(&app, "g/[anon]\r");
	assert_int_equal(app.list.scroll.selected, 6);
}

TEST(search_says_what_it_did_not_find_and_stays)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_at("[heap]");

	press(&app, "/nosuch\r");
	assert_selected(&app, "[heap]");
	assert_true(app.message_is_error);
	assert_string_equal(app.message, "no mapping's name holds 'nosuch'");
	press(&app, "j");
	assert_int_equal(app.message[0], 0);
}

TEST(nothing_is_searched_for_before_something_was_typed)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_at("[heap]");

	press(&app, "n");
	assert_selected(&app, "[heap]");
	press(&app, "N");
	assert_selected(&app, "[heap]");
	press(&app, "/\r");
	assert_selected(&app, "[heap]");
	press(&app, "/stack\033n");
	assert_selected(&app, "[heap]");
}

TEST(search_finds_among_what_the_filter_shows)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\perm:w\r/libc\r");
	assert_int_equal(app.list.count, 4);
	assert_int_equal(tui_list_selected(&app)->mapping->start, 0x7f1000100000);
	press(&app, "n");
	assert_int_equal(tui_list_selected(&app)->mapping->start, 0x7f1000100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_move_the_selection),
		cmocka_unit_test(selection_follows_its_mapping_when_others_come_and_go),
		cmocka_unit_test(selection_keeps_its_place_on_the_screen),
		cmocka_unit_test(selection_follows_its_mapping_through_every_order),
		cmocka_unit_test(selection_follows_its_mapping_through_filters),
		cmocka_unit_test(selection_stays_with_what_is_left_of_its_mapping),
		cmocka_unit_test(selection_stays_with_what_is_gone_while_it_is_shown),
		cmocka_unit_test(nothing_is_selected_where_there_is_nothing),
		cmocka_unit_test(
			what_is_gone_stands_where_it_was_and_behind_the_rest_in_other_orders),
		cmocka_unit_test(keys_go_through_all_orders_both_ways),
		cmocka_unit_test(the_largest_comes_first_and_inverting_turns_that_round),
		cmocka_unit_test(a_filter_is_typed_shown_and_cleared),
		cmocka_unit_test(a_wrong_filter_is_told_and_stays_open_while_the_old_one_holds),
		cmocka_unit_test(a_filter_that_is_given_up_changes_nothing),
		cmocka_unit_test(where_nothing_matches_the_list_says_so),
		cmocka_unit_test(where_nothing_matches_of_what_has_ended_the_list_says_so_too),
		cmocka_unit_test(why_there_is_nothing_is_told_in_whole_words),
		cmocka_unit_test(the_change_stands_near_the_name),
		cmocka_unit_test(
			what_stands_before_a_name_is_not_cut_while_there_is_room_for_the_name),
		cmocka_unit_test(search_goes_on_from_the_selection_and_wraps),
		cmocka_unit_test(search_finds_names_as_they_are_shown),
		cmocka_unit_test(search_says_what_it_did_not_find_and_stays),
		cmocka_unit_test(nothing_is_searched_for_before_something_was_typed),
		cmocka_unit_test(search_finds_among_what_the_filter_shows),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
