/*
 * What stands above and below the list: header, bar, address map, status line.
 */
#include "tui_support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define HEAP ANON("600000-700000", "rw-p", "[heap]") KB("Rss", 64) KB("Pss", 64)
#define LIBC FILE_AT("7f1000000000-7f1000100000", "r-xp", "2", "/lib/libc.so.6") KB("Rss", 900)
#define STACK ANON("7ffd00000000-7ffd00021000", "rw-p", "[stack]") KB("Rss", 20)
#define PROCESS HEAP LIBC STACK

/* Rows at 80 x 24. */
enum { IDENTITY, SUMS, BAR, LEGEND, MAP, STATUS = 22 };

static void set_seconds(struct tui_app *app, uint64_t begun, uint64_t now)
{
	app->begun_ns = begun * 1000000000;
	app->now_ns = now * 1000000000;
}

TEST(the_header_tells_whose_memory_it_is_and_how_it_is_read)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	snprintf(app.user, sizeof(app.user), "alice");
	app.data.process.has_uid = true;
	set_seconds(&app, 100, 100 + 3600 + 62);
	draw(&app);
	assert_line(
		&app.canvas, IDENTITY,
		" vmview  7 test  user alice  S  1 thread    LIVE 1s  smaps 4.0 ms  up 1:01:02");
	assert_line(&app.canvas, SUMS, " VIRT 2.1M  RSS 984K  PSS 64K  USS -  SWAP -  MAPS 3");
	app.data.max_map_count = 65530;
	app.data.process.threads = 12;
	draw(&app);
	assert_true(has_text(&app.canvas, "MAPS 3/65530"));
	assert_true(has_text(&app.canvas, "12 threads"));
}

TEST(what_reading_costs_is_as_wide_for_usual_costs)
{
	static const struct {
		uint64_t cost_ns;
		const char *text;
	} cases[] = {
		{ 0, "  smaps 0.0 ms  " },
		{ 9940000, "  smaps 9.9 ms  " },
		{ 9960000, "  smaps  10 ms  " },
		{ 362000000, "  smaps 362 ms  " },
	};
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (size_t i = 0; i < COUNT(cases); i++) {
		app.data.cost_ns = cases[i].cost_ns;
		draw(&app);
		assert_row(has_text(&app.canvas, cases[i].text), cases[i].text);
	}
}

TEST(the_state_is_a_word_where_there_is_room)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	tui_app_draw(&app, 99, 24);
	assert_true(has_text(&app.canvas, "7 test  S  1 thread"));
	tui_app_draw(&app, 100, 24);
	assert_true(has_text(&app.canvas, "7 test  sleeping  1 thread"));
	app.data.process.state = '\x1b';
	tui_app_draw(&app, 100, 24);
	assert_true(has_text(&app.canvas, "7 test  ?  1 thread"));
}

TEST(tabs_become_narrower_with_the_screen)
{
	static const struct {
		int width;
		const char *keys, *line;
	} cases[] = {
		{ 80, "1", "- 1 Mappings - 2 Totals - 3 Files - 4 Log " },
		{ 40, "2", "-1 Mappings-2 Totals-3 Files-4 Log------" },
		{ 40, "?", "-1 Mappings-2 Totals-3 Files-4 Log-Help-" },
		{ 30, "1", "-1 Mappings-2-3-4-------------" },
		{ 20, "3", "-1-2-3 Files-4------" },
		{ 20, "1c", "-1-2-3-4-Columns----" },
	};
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.canvas.utf8 = false;
	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf line = { 0 };

		press(&app, cases[i].keys);
		tui_app_draw(&app, cases[i].width, 12);
		line = line_of(&app.canvas, 2);
		assert_true(vm_str_starts(vm_buf_str(&line), vm_str_from(cases[i].line)));
	}
}

static void assert_mode(struct tui_app *app, const char *mode)
{
	for (int width = 20; width <= 300; width += 7) {
		for (int height = 1; height < 40; height += 3) {
			int row, col;

			tui_app_draw(app, width, height);
			assert_row(find_text(&app->canvas, mode, &row, &col), mode);
			assert_int_equal(row, 0);
		}
	}
}

TEST(the_header_says_live_paused_exited_or_saved_at_every_size)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	assert_mode(&app, "LIVE");
	press(&app, " ");
	assert_mode(&app, "PAUSED");
	app.data.gone = true;
	assert_mode(&app, "EXITED");
	app.saved = true;
	assert_mode(&app, "SAVED");
}

TEST(the_header_says_what_the_interval_was_stretched_to)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.settings.interval_ns = 500000000;
	app.data.interval_ns = 7250000000;
	app.data.cost_ns = 362000000;
	draw(&app);
	assert_true(has_text(&app.canvas, "LIVE 0.5s (stretched to 7.3s)  smaps 362 ms"));
}

TEST(the_header_says_how_much_of_smaps_has_arrived)
{
	vm_cleanup(tui_app_deinit) struct tui_app app =
		app_with(ANON("1000-2000", "rw-p", "") ANON("3000-4000", "rw-p", ""));

	app.data.filled = 1;
	draw(&app);
	assert_true(has_text(&app.canvas, "smaps 50 %"));
	press(&app, "m");
	draw(&app);
	assert_true(has_text(&app.canvas, "LIVE 1s  maps 4.0 ms"));
}

/* The clock may be set while somebody looks. */
TEST(what_is_not_read_is_said_to_be)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(ANON("1000-2000", "rw-p", ""));

	app.data.process.has_memory = true;
	app.data.process.vm_rss = 4096;
	draw(&app);
	assert_line(&app.canvas, SUMS, " VIRT 4K  RSS 4K  PSS ...  USS ...  SWAP 0  MAPS 1");
	press(&app, "m");
	draw(&app);
	assert_line(&app.canvas, SUMS,
		    " VIRT 4K  RSS 4K  PSS not read  USS not read  SWAP 0  MAPS 1");
}

TEST(the_time_of_the_view_never_runs_below_zero)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	set_seconds(&app, 5000, 1000);
	draw(&app);
	assert_true(has_text(&app.canvas, "up 0:00"));
}

TEST(foreign_names_in_the_header_are_safe)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	vm_buf_clear(&app.data.process.comm);
	vm_buf_put_text(&app.data.process.comm, "a\x1b[2J\nb");
	draw(&app);
	assert_true(has_text(&app.canvas, "7 a?[2J?b"));
}

TEST(a_capture_is_called_by_its_path)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	vm_buf_clear(&app.data.process.comm);
	app.data.process.pid = app.data.process.tgid = 0;
	app.title = strdup("/tmp/capture\x1b");
	app.saved = true;
	draw(&app);
	assert_true(has_text(&app.canvas, " vmview  /tmp/capture?  S"));
}

TEST(what_status_tells_stands_in_for_what_cannot_be_read)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();
	struct tui_sample denied = sample_of("");

	denied.error = -EACCES;
	denied.process.has_memory = true;
	denied.process.vm_size = 5 << 20;
	denied.process.vm_rss = 3 << 20;
	assert_int_equal(tui_data_take(&app.data, &denied), 0);
	tui_app_renew(&app);
	draw(&app);
	assert_line(&app.canvas, SUMS, " VIRT 5M  RSS 3M  PSS n/a  USS n/a  SWAP 0  MAPS n/a");
	assert_true(has_text(&app.canvas, "limited: not permitted to read its maps; sudo or"));
	assert_true(has_text(&app.canvas, "not permitted to read this process's maps: try sudo"));
	app.is_root = true;
	draw(&app);
	assert_true(has_text(&app.canvas, "even as root: it lacks CAP_SYS_PTRACE"));
	assert_true(has_text(&app.canvas, "process's maps: root lacks CAP_SYS_PTRACE"));
}

TEST(how_many_mappings_there_are_is_unknown_where_none_can_be_read)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();
	struct tui_sample denied = sample_of("");

	denied.error = -EIO;
	assert_int_equal(tui_data_take(&app.data, &denied), 0);
	tui_app_renew(&app);
	draw(&app);
	assert_true(has_text(&app.canvas, "its memory maps could not be read"));
	press(&app, "2");
	draw(&app);
	assert_true(has_text(&app.canvas, "  total             n/a    n/a    n/a"));
}

/* Status line */

TEST(the_status_line_counts_and_sums_what_is_shown)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	draw(&app);
	assert_line(&app.canvas, STATUS, " 3 mappings  size 2.1M  rss 984K  pss 64K  by address");
	press(&app, "\\perm:w\r>I");
	press(&app, "Z");
	draw(&app);
	assert_line(
		&app.canvas, STATUS,
		" filter perm:w: 2 of 3 mappings  size 1.1M  rss 84K  pss 64K  by size reversed");
}

TEST(the_status_line_says_why_not_all_is_there)
{
	static const struct {
		int error;
		const char *text;
	} cases[] = {
		{ -EACCES, "limited: not permitted" },
		{ -EPERM, "limited: not permitted" },
		{ -EBADMSG, "limited: line 0: " },
		{ -EIO, "limited: its memory maps could not be read" },
	};
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (size_t i = 0; i < COUNT(cases); i++) {
		app.data.error = cases[i].error;
		draw(&app);
		assert_row(has_text(&app.canvas, cases[i].text), cases[i].text);
	}
	app.data.error = 0;
	app.data.report.dropped = 2;
	draw(&app);
	assert_true(has_text(&app.canvas, "changed while they were being read"));
}

TEST(an_exit_is_told_with_its_time_and_status)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.data.gone = true;
	app.data.gone_ns = (INT64_C(13) * 3600 + 5 * 60 + 9) * 1000000000;
	draw(&app);
	assert_line(&app.canvas, STATUS, " EXITED at 13:05:09; this is the last that was seen");
	app.output = strdup("/tmp/out");
	strcpy(app.child_end, "exit status 3");
	draw(&app);
	assert_line(&app.canvas, STATUS, " EXITED at 13:05:09, exit status 3; output in /tmp/out");
	tui_app_draw(&app, 40, 10);
	assert_line(&app.canvas, 8, " EXITED at 13:05:09, exit status 3");
	/* A message is for one key only. */
	tui_app_say(&app, true, "a message");
	draw(&app);
	assert_line(&app.canvas, STATUS, " ! a message");
}

/* What gives way is the middle of what somebody else has named. */
TEST(where_the_output_is_gives_way_to_how_it_ended)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	app.output = strdup("/home/somebody/a folder with a long name/and another one/out.txt");
	draw(&app);
	assert_line(
		&app.canvas, STATUS,
		" output in /home/\u2026another one/out.txt  3 mappings  size 2.1M  rss 984K  pss 64K");
	app.data.gone = true;
	strcpy(app.child_end, "ended by signal 11");
	draw(&app);
	assert_line(
		&app.canvas, STATUS,
		" EXITED at 00:00:00, ended by signal 11; output in /home/\u2026d another one/out.txt");
}

TEST(a_long_filter_gives_way_to_what_it_shows)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "\\kind:heap,stack,anon,code,data,mapped-file !addr:7f0000001000 size>=4k\r");
	draw(&app);
	assert_line(
		&app.canvas, STATUS,
		" filter kind:\u2026000001000 size>=4k: 3 of 3 mappings  size 2.1M  rss 984K  pss 64K");
	tui_app_draw(&app, 40, 10);
	assert_line(&app.canvas, 8, " filter kin\u20260 size>=4k: 3 of 3 mappings");
	tui_app_draw(&app, 20, 5);
	assert_line(&app.canvas, 4, " filter ki\u2026size>=4k");
}

TEST(a_long_message_takes_more_lines_and_the_selected_row_is_still_seen)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	press(&app, "G");
	tui_app_say(
		&app, true, "%s",
		"/a/file: something is wrong with it that takes many words to say, and then some");
	tui_app_draw(&app, 40, 10);
	assert_line(&app.canvas, 6, " ! /a/file: something is wrong with it");
	assert_line(&app.canvas, 7, " that takes many words to say, and then");
	assert_line(&app.canvas, 8, " some");
	assert_int_equal(cell_of(&app.canvas, 5, 0)->code, '>');
	tui_app_draw(&app, 20, 5);
	assert_line(&app.canvas, 3, " ! /a/file:");
	assert_line(&app.canvas, 4, " some\u2026and then some");
	assert_int_equal(cell_of(&app.canvas, 2, 0)->code, '>');
}

TEST(messages_are_safe_and_cut_where_they_are_long)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	char text[600];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	tui_app_say(&app, false, "%s", text);
	assert_int_equal(strlen(app.message), sizeof(app.message) - 1);
	tui_app_say(&app, true, "%s: no", "\x1b\xff");
	assert_string_equal(app.message, "?\?: no");
}

/* Bar */

TEST(the_bar_has_a_cell_for_every_kind_that_is_resident)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = make_smaps(44);
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(text.p);

	for (int width = 20; width <= 300; width += 5) {
		tui_app_draw(&app, width, 24);
		for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
			bool there = false;

			for (int col = 5; col < width; col++)
				there |= cell_of(&app.canvas, BAR, col)->code ==
					 (uint32_t)vm_kind_info(kind)->letter;
			if (app.data.by_kind[kind].sums[VM_FIELD_RSS])
				assert_true(there);
		}
	}
}

TEST(the_history_is_drawn_from_its_lowest_to_its_highest)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();

	app_feed(&app, ANON("0-100000", "rw-p", "") KB("Rss", 4));
	app_feed(&app, ANON("0-100000", "rw-p", "") KB("Rss", 32));
	app_feed(&app, ANON("0-100000", "rw-p", "") KB("Rss", 8));
	draw(&app);
	assert_int_equal(cell_of(&app.canvas, BAR, 62)->code, 0x2581);
	assert_int_equal(cell_of(&app.canvas, BAR, 63)->code, 0x2588);
	assert_int_equal(cell_of(&app.canvas, BAR, 64)->code, 0x2582);
	assert_int_equal(cell_of(&app.canvas, BAR, 65)->code, ' ');
	for (int i = 0; i < 100; i++)
		app_feed(&app, ANON("0-100000", "rw-p", "") KB("Rss", 8));
	draw(&app);
	for (int col = 62; col < 78; col++)
		assert_int_equal(cell_of(&app.canvas, BAR, col)->code, 0x2581);
}

TEST(the_bar_says_where_there_is_nothing_to_show)
{
	vm_cleanup(tui_app_deinit) struct tui_app app =
		app_with(ANON("1000-2000", "---p", "") KB("Rss", 0));

	draw(&app);
	assert_line(&app.canvas, BAR,
		    " RSS no memory resident                                       \xe2\x96\x81");
}

/* Address map */

/* What stands in the map's cells, without the blanks at the ends. */
static struct vm_buf map_of(struct tui_app *app, int width)
{
	tui_app_draw(app, width, 24);
	return line_of(&app->canvas, MAP);
}

static int columns_of(const struct tui_canvas *canvas)
{
	int count = 0;

	for (int col = 0; col < canvas->width; col++)
		count += cell_of(canvas, MAP, col)->code != ' ';
	return count;
}

TEST(the_map_is_filled_and_has_every_group_and_the_largest_holes)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);

	for (int width = 20; width <= 300; width++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf map = map_of(&app, width);

		assert_int_equal(columns_of(&app.canvas), width - 2);
		assert_true(vm_str_contains(vm_buf_str(&map), VM_STR("x")));
		assert_true(vm_str_contains(vm_buf_str(&map), VM_STR("S")));
		if (width >= 40)
			assert_true(vm_str_contains(vm_buf_str(&map), VM_STR("~127T~")));
	}
}

TEST(the_map_marks_the_selected_mapping)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	uint32_t last = 0;

	for (int i = 0; i < 3; i++) {
		uint32_t found = 0;

		draw(&app);
		for (uint32_t col = 0; col < 80; col++) {
			if (cell_of(&app.canvas, MAP, (int)col)->code == 0x25c6) {
				assert_int_equal(found, 0);
				found = col;
			}
		}
		assert_true(found > last);
		last = found;
		press(&app, "j");
	}
	app.canvas.utf8 = false;
	draw(&app);
	assert_int_equal(cell_of(&app.canvas, MAP, (int)last)->code, '#');
}

TEST(a_map_of_more_groups_than_cells_still_shows_the_selection)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = make_smaps(3000);
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(text.p);

	for (int i = 0; i < 170; i++) {
		bool marked = false;

		tui_app_draw(&app, 20 + i, 24);
		for (int col = 0; col < 20 + i; col++)
			marked |= cell_of(&app.canvas, MAP, col)->code == 0x25c6;
		assert_true(marked);
		press(&app, "\006");
	}
}

/* A cell into which nothing but holes fall. */
TEST(a_map_of_more_groups_than_cells_has_its_holes)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct tui_app app;

	for (uint64_t i = 1; i <= 40; i++) {
		vm_buf_put_hex(&text, i << 32, 0, ' ');
		vm_buf_put_char(&text, '-');
		vm_buf_put_hex(&text, (i << 32) + 4096, 0, ' ');
		vm_buf_put_text(&text, " rw-p 00000000 00:00 0\n");
	}
	vm_buf_put_char(&text, '\0');
	app = app_with(text.p);
	draw(&app);
	for (int col = 1; col < 79; col++)
		assert_int_not_equal(cell_of(&app.canvas, MAP, col)->code, ' ');
	tui_app_deinit(&app);
}

/* As of a program with many libraries. */
TEST(a_map_of_more_groups_than_cells_names_its_largest_holes)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct tui_app app;

	vm_buf_put_text(&text, HEAP);
	for (uint64_t i = 0; i < 400; i++) {
		vm_buf_put_hex(&text, 0x7f0000000000 + 4096 * i, 0, ' ');
		vm_buf_put_char(&text, '-');
		vm_buf_put_hex(&text, 0x7f0000001000 + 4096 * i, 0, ' ');
		vm_buf_put_text(&text, i % 2 ? " r-xp 00000000 08:01 5 /lib/x.so\n" :
					       " rw-p 00000000 00:00 0\n");
	}
	vm_buf_put_text(&text, STACK);
	vm_buf_put_char(&text, '\0');
	app = app_with(text.p);
	for (int width = 20; width <= 300; width++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf map = map_of(&app, width);

		assert_int_equal(columns_of(&app.canvas), width - 2);
		assert_true(vm_str_contains(vm_buf_str(&map), VM_STR("~127T~")));
		assert_true(vm_str_contains(vm_buf_str(&map), VM_STR("S")));
		assert_int_equal(cell_of(&app.canvas, MAP, 1)->code, 0x25c6);
	}
	tui_app_deinit(&app);
}

/* A file of captures may claim anything. */
TEST(mappings_of_odd_sizes_have_their_cells)
{
	static const char *const texts[] = {
		"1000-1001 rw-p 0 0:0 0\n2000-2000 r--p 0 0:0 0\n3000-3003 rwxs 0 8:1 5 /x\n",
		"0-ffffffffffffffff rw-p 0 0:0 0\n",
		"0-1 rw-p 0 0:0 0\nfffffffffffffffe-ffffffffffffffff r-xp 0 0:0 0\n",
		"0-0 rw-p 0 0:0 0\n",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		vm_cleanup(tui_app_deinit) struct tui_app app = app_with(texts[i]);

		for (int width = 1; width <= 120; width++) {
			tui_app_draw(&app, width, 30);
			for (size_t j = 0; j < app.canvas.hit_count; j++)
				assert_true(app.canvas.hits[j].width <= width);
		}
		assert_int_equal(columns_of(&app.canvas), 118);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_tells_whose_memory_it_is_and_how_it_is_read),
		cmocka_unit_test(what_reading_costs_is_as_wide_for_usual_costs),
		cmocka_unit_test(the_state_is_a_word_where_there_is_room),
		cmocka_unit_test(tabs_become_narrower_with_the_screen),
		cmocka_unit_test(the_header_says_live_paused_exited_or_saved_at_every_size),
		cmocka_unit_test(the_header_says_what_the_interval_was_stretched_to),
		cmocka_unit_test(the_header_says_how_much_of_smaps_has_arrived),
		cmocka_unit_test(what_is_not_read_is_said_to_be),
		cmocka_unit_test(the_time_of_the_view_never_runs_below_zero),
		cmocka_unit_test(foreign_names_in_the_header_are_safe),
		cmocka_unit_test(a_capture_is_called_by_its_path),
		cmocka_unit_test(what_status_tells_stands_in_for_what_cannot_be_read),
		cmocka_unit_test(how_many_mappings_there_are_is_unknown_where_none_can_be_read),
		cmocka_unit_test(the_status_line_counts_and_sums_what_is_shown),
		cmocka_unit_test(the_status_line_says_why_not_all_is_there),
		cmocka_unit_test(an_exit_is_told_with_its_time_and_status),
		cmocka_unit_test(where_the_output_is_gives_way_to_how_it_ended),
		cmocka_unit_test(a_long_filter_gives_way_to_what_it_shows),
		cmocka_unit_test(
			a_long_message_takes_more_lines_and_the_selected_row_is_still_seen),
		cmocka_unit_test(messages_are_safe_and_cut_where_they_are_long),
		cmocka_unit_test(the_bar_has_a_cell_for_every_kind_that_is_resident),
		cmocka_unit_test(the_history_is_drawn_from_its_lowest_to_its_highest),
		cmocka_unit_test(the_bar_says_where_there_is_nothing_to_show),
		cmocka_unit_test(the_map_is_filled_and_has_every_group_and_the_largest_holes),
		cmocka_unit_test(the_map_marks_the_selected_mapping),
		cmocka_unit_test(a_map_of_more_groups_than_cells_still_shows_the_selection),
		cmocka_unit_test(a_map_of_more_groups_than_cells_has_its_holes),
		cmocka_unit_test(a_map_of_more_groups_than_cells_names_its_largest_holes),
		cmocka_unit_test(mappings_of_odd_sizes_have_their_cells),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
