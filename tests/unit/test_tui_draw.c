/*
 * Every screen at every size: what is drawn is sound, and what matters is there.
 */
#include "tui_support.h"

#include <stdio.h>
#include <wchar.h>

#define PROCESS                                 \
	ANON("600000-700000", "rw-p", "[heap]") \
	KB("Rss", 64) ANON("7ffd00000000-7ffd00021000", "rw-p", "[stack]") KB("Rss", 20)

static const size_t counts[] = { 0, 1, 2, 44, 3000 };

/* Beyond what all small ones are: thin, flat, usual, large. */
static const int sizes[][2] = {
	{ 0, 0 },   { 1, 16 },  { 1, 100 },  { 2, 30 },   { 3, 18 },   { 5, 60 },
	{ 300, 1 }, { 300, 2 }, { 60, 16 },  { 59, 30 },  { 79, 24 },  { 80, 24 },
	{ 81, 25 }, { 80, 30 }, { 100, 30 }, { 132, 43 }, { 200, 60 }, { 300, 100 },
};

/* What is wider than the canvas was meant for another one. */
static void check_hits(const struct tui_canvas *canvas)
{
	for (size_t i = 0; i < canvas->hit_count; i++)
		assert_true(canvas->hits[i].width <= canvas->width);
}

/* A terminal takes it: no controls, and halves of wide characters only together. */
static void check_sound(const struct tui_canvas *canvas)
{
	check_hits(canvas);
	for (int row = 0; row < canvas->height; row++) {
		for (int col = 0; col < canvas->width; col++) {
			const struct tui_cell *cell = cell_of(canvas, row, col);
			int width = cell->code ? wcwidth((wchar_t)cell->code) : 0;
			bool right = col && wcwidth((wchar_t)cell[-1].code) == 2;

			assert_int_equal(right, cell->code == 0);
			assert_true(right || width == 1 || width == 2);
			assert_true(width < 2 || col + 1 < canvas->width);
			assert_true(canvas->utf8 || cell->code < 0x7f);
			assert_true(cell->style.hue < TUI_HUE_COUNT);
		}
	}
}

static void draw_sound(struct tui_app *app, int width, int height)
{
	tui_app_draw(app, width, height);
	assert_int_equal(app->canvas.width, width);
	assert_int_equal(app->canvas.height, height);
	check_sound(&app->canvas);
}

static void draw_every_size(struct tui_app *app)
{
	for (int height = 1; height <= 15; height++) {
		for (int width = 1; width <= 40; width++)
			draw_sound(app, width, height);
	}
	for (size_t i = 0; i < COUNT(sizes); i++)
		draw_sound(app, sizes[i][0], sizes[i][1]);
}

/* The screens, then the list with its pane. */
static void draw_every_screen(struct tui_app *app)
{
	for (enum tui_screen_id screen = 0; screen < TUI_SCREEN_COUNT; screen++) {
		app->screen = screen;
		draw_every_size(app);
	}
	app->screen = TUI_SCREEN_LIST;
	app->explains = true;
	draw_every_size(app);
	app->explains = false;
}

/* With something in the log. */
static struct tui_app app_of(size_t count)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = make_smaps(count);
	struct tui_app app = app_with(PROCESS);

	app_feed(&app, text.p);
	return app;
}

TEST(every_screen_is_sound_at_every_size)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		vm_cleanup(tui_app_deinit) struct tui_app app = app_of(counts[i]);

		draw_every_screen(&app);
		press(&app, "1G");
		draw_every_screen(&app);
	}
}

/* From the smallest size that is promised to the largest: the list at each, the other screens at some. */
TEST(the_screens_are_sound_from_20x5_to_200x60)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_of(44);

	/* Above 30 lines there is more of the same. */
	for (int height = 5; height <= 60; height += height < 30 ? 1 : 10) {
		for (int width = 20; width <= 200; width++) {
			app.screen = TUI_SCREEN_LIST;
			app.explains = height % 2;
			draw_sound(&app, width, height);
			app.screen = (enum tui_screen_id)((width + height) % TUI_SCREEN_COUNT);
			if (width % 7 == height % 7)
				draw_sound(&app, width, height);
		}
	}
}

TEST(every_screen_is_ascii_where_there_is_no_utf8)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_of(44);

	app.canvas.utf8 = false;
	draw_every_screen(&app);
}

TEST(all_columns_in_kib_are_sound_at_every_size)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_of(44);

	app.settings.columns = UINT32_MAX >> (32 - TUI_COLUMN_COUNT);
	app.settings.units = VM_SIZE_KIB;
	app.settings.sort = VM_SORT_RSS;
	draw_every_screen(&app);
}

TEST(prompts_and_messages_are_sound_at_every_size)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_of(44);

	press(&app, "\\kind:nothing that is so long that it does not fit \r");
	draw_every_size(&app);
	press(&app, "\033/\xe4");
	draw_every_size(&app);
	press(&app, "\033n");
	tui_app_say(&app, true, "%s", "\xe4\xb8\xad\xe6\x96\x87 and \x1b[2J something else");
	draw_every_size(&app);
}

TEST(nothing_read_yet_is_sound_at_every_size)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();

	draw_every_screen(&app);
	draw(&app);
	assert_true(has_text(&app.canvas, "reading..."));
}

/* The selected row */

static struct tui_scroll *scroll_of(struct tui_app *app)
{
	struct tui_scroll *scrolls[TUI_SCREEN_COUNT] = {
		[TUI_SCREEN_LIST] = &app->list.scroll,   [TUI_SCREEN_TOTALS] = &app->totals,
		[TUI_SCREEN_FILES] = &app->files.scroll, [TUI_SCREEN_LOG] = &app->log,
		[TUI_SCREEN_COLUMNS] = &app->columns,
	};

	return scrolls[app->screen];
}

/* The only row that begins with > where the cursor of a list stands; -1: none. */
static int marked_row(const struct tui_canvas *canvas)
{
	int found = -1;

	for (int row = 0; row < canvas->height; row++) {
		if (cell_of(canvas, row, 0)->code == '>') {
			assert_int_equal(found, -1);
			found = row;
		}
	}
	return found;
}

static void check_marked(struct tui_app *app, int width, int height)
{
	const struct tui_hit *hit;
	int row;

	draw_sound(app, width, height);
	row = marked_row(&app->canvas);
	assert_true(row > 0);
	for (int col = 0; col < width; col++)
		assert_true(cell_of(&app->canvas, row, col)->style.attr & TUI_REVERSE);
	hit = tui_find_hit(&app->canvas, row, 0);
	assert_non_null(hit);
	assert_int_equal(hit->value, scroll_of(app)->selected);
}

static void check_marked_everywhere(struct tui_app *app)
{
	for (int height = 5; height <= 15; height++) {
		for (int width = 1; width <= 40; width += 3)
			check_marked(app, width, height);
	}
	check_marked(app, 80, 24);
	check_marked(app, 300, 100);
	check_marked(app, 1, 40);
	check_marked(app, 20, 5);
}

/* By a letter and by reverse: in monochrome, too. */
TEST(the_selected_row_is_on_the_screen_and_marked_at_every_size_from_5_rows_on)
{
	static const char *const moves[] = { "g", "G", "\025", "k", "\006j" };
	vm_cleanup(tui_app_deinit) struct tui_app app = app_of(44);

	for (app.screen = 0; app.screen < TUI_SCREEN_COUNT; app.screen++) {
		if (!scroll_of(&app))
			continue;
		for (size_t i = 0; i < COUNT(moves); i++) {
			press(&app, moves[i]);
			check_marked_everywhere(&app);
		}
	}
	app.screen = TUI_SCREEN_LIST;
	app.explains = true;
	check_marked_everywhere(&app);
}

TEST(after_growing_and_shrinking_the_selection_is_the_same)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_of(3000);

	draw(&app);
	for (int i = 0; i < 60; i++)
		press(&app, "\006");
	for (int i = 0; i < 200; i++) {
		size_t selected = app.list.scroll.selected;

		check_marked(&app, 20 + i % 100, 5 + (i * 37) % 55);
		assert_int_equal(app.list.scroll.selected, selected);
	}
}

TEST(shared_mappings_are_reverse_and_changed_ones_bold)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(PROCESS);
	int row, col;

	app_feed(&app, PROCESS ANON("7fff00000000-7fff00021000", "rw-s", "/dev/zero (deleted)"));
	draw(&app);
	assert_true(find_text(&app.canvas, "rw-s", &row, &col));
	assert_int_equal(cell_of(&app.canvas, row, col)->style.attr, TUI_REVERSE | TUI_BOLD);
	assert_int_equal(cell_of(&app.canvas, row, col)->style.hue, TUI_HUE_ANONYMOUS);
	assert_int_equal(cell_of(&app.canvas, row, 1)->code, '+');
	assert_int_equal(cell_of(&app.canvas, row - 1, col)->style.attr, 0);
	assert_int_equal(cell_of(&app.canvas, row - 1, 1)->code, ' ');
}

#define ALERT ANON("600000-700000", "rwxp", "[anon:some long name]") KB("Rss", 4)

/* In red, and with a ! in the same row. */
static void check_alert(struct tui_app *app, int wanted_row)
{
	for (int width = 20; width < 100; width++) {
		bool alert = false;
		int row, col;

		tui_app_draw(app, width, 10);
		for (col = 0; col < width; col++)
			alert |= cell_of(&app->canvas, wanted_row, col)->style.hue == TUI_HUE_ALERT;
		assert_true(alert);
		assert_true(find_text(&app->canvas, "!", &row, &col));
		assert_int_equal(row, wanted_row);
	}
}

TEST(an_alert_has_its_mark_even_where_the_name_is_cut)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(ALERT);

	check_alert(&app, 4);
	app.settings.columns = UINT32_MAX >> (32 - TUI_COLUMN_COUNT);
	check_alert(&app, 4);
}

TEST(an_alert_that_has_just_changed_has_both_marks)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(ANON("1000-2000", "rw-p", ""));

	app_feed(&app, ANON("1000-2000", "rw-p", "") ALERT);
	check_alert(&app, 5);
	assert_int_equal(cell_of(&app.canvas, 5, 1)->code, '+');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_is_sound_at_every_size),
		cmocka_unit_test(the_screens_are_sound_from_20x5_to_200x60),
		cmocka_unit_test(every_screen_is_ascii_where_there_is_no_utf8),
		cmocka_unit_test(all_columns_in_kib_are_sound_at_every_size),
		cmocka_unit_test(prompts_and_messages_are_sound_at_every_size),
		cmocka_unit_test(nothing_read_yet_is_sound_at_every_size),
		cmocka_unit_test(
			the_selected_row_is_on_the_screen_and_marked_at_every_size_from_5_rows_on),
		cmocka_unit_test(after_growing_and_shrinking_the_selection_is_the_same),
		cmocka_unit_test(shared_mappings_are_reverse_and_changed_ones_bold),
		cmocka_unit_test(an_alert_has_its_mark_even_where_the_name_is_cut),
		cmocka_unit_test(an_alert_that_has_just_changed_has_both_marks),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
