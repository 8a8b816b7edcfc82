#include "tui/guide.h"
#include "tui_support.h"

/* Three pages; the middle one protected, and then all of it gone. */
#define LOW ANON("1000-2000", "rw-p", "[anon:low]") KB("Rss", 4)
#define WHOLE ANON("10000-13000", "rw-p", "") KB("Rss", 12)
#define CUT                             \
	ANON("10000-11000", "rw-p", "") \
	KB("Rss", 4)                    \
	ANON("11000-12000", "r--p", "") KB("Rss", 4) ANON("12000-13000", "rw-p", "") KB("Rss", 4)
#define HIGH ANON("20000-21000", "rw-p", "[anon:high]") KB("Rss", 4)

static struct tui_app guided(const char *text)
{
	struct tui_app app = app_with(text);

	tui_guide_begin(&app);
	draw(&app);
	return app;
}

/* A reading that was begun at @begun_ns, and what the guide makes of it. */
static bool look_at(struct tui_guide *guide, struct tui_app *app, const char *text,
		    uint64_t begun_ns)
{
	struct tui_sample sample = sample_of(text);

	sample.begun_ns = begun_ns;
	assert_int_equal(tui_data_take(&app->data, &sample), 0);
	tui_app_renew(app);
	return tui_guide_look(guide, app);
}

static uint64_t selected(const struct tui_app *app)
{
	const struct tui_row *row = tui_list_selected(app);

	assert_non_null(row);
	return row->mapping->start;
}

static bool is_drawn(struct tui_app *app, const char *text)
{
	draw(app);
	return has_text(&app->canvas, text);
}

TEST(a_step_selects_its_mapping_as_it_is_after_the_step)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW WHOLE HIGH);
	struct tui_guide guide = { 0 };

	tui_guide_tell(&guide, &app, 0x11000, 100);
	assert_true(tui_guide_look(&guide, &app));
	assert_int_equal(selected(&app), 0x10000);
	assert_true(look_at(&guide, &app, LOW WHOLE HIGH, 99));
	assert_int_equal(selected(&app), 0x10000);
	assert_true(look_at(&guide, &app, LOW CUT HIGH, 100));
	assert_int_equal(selected(&app), 0x11000);
}

TEST(after_a_step_the_user_goes_where_he_likes)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW WHOLE HIGH);
	struct tui_guide guide = { 0 };

	press(&app, "2");
	tui_guide_tell(&guide, &app, 0x10000, 100);
	assert_true(look_at(&guide, &app, LOW WHOLE HIGH, 100));
	assert_int_equal(app.screen, TUI_SCREEN_LIST);
	press(&app, "G4");
	assert_false(look_at(&guide, &app, LOW WHOLE HIGH, 200));
	assert_int_equal(app.screen, TUI_SCREEN_LOG);
	assert_int_equal(selected(&app), 0x20000);
}

TEST(a_step_is_explained_where_there_is_room_or_somebody_has_asked)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW WHOLE HIGH);
	struct tui_guide guide = { 0 };

	tui_guide_tell(&guide, &app, 0x1000, 100);
	look_at(&guide, &app, LOW WHOLE HIGH, 100);
	assert_true(app.explains);
	press(&app, "i");
	tui_app_draw(&app, 80, 12);
	tui_guide_tell(&guide, &app, 0x10000, 200);
	look_at(&guide, &app, LOW WHOLE HIGH, 200);
	assert_false(app.explains);
	press(&app, "i");
	tui_guide_tell(&guide, &app, 0x1000, 300);
	look_at(&guide, &app, LOW WHOLE HIGH, 300);
	assert_true(app.explains);
}

TEST(what_a_step_took_away_is_not_waited_for)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW WHOLE HIGH);
	struct tui_guide guide = { 0 };

	tui_guide_tell(&guide, &app, 0x10000, 100);
	assert_false(look_at(&guide, &app, LOW HIGH, 100));
	assert_true(is_drawn(&app, "gone"));
	assert_false(look_at(&guide, &app, LOW WHOLE HIGH, 200));
}

TEST(the_process_of_a_step_is_told_until_the_next_step)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW HIGH);
	struct tui_guide guide = { 0 };

	tui_guide_tell_elsewhere(&guide, &app, 4711);
	assert_false(tui_guide_look(&guide, &app));
	assert_true(is_drawn(&app, "this step is in process 4711: vmview 4711 shows it"));
	tui_guide_tell(&guide, &app, 0x1000, 100);
	assert_false(is_drawn(&app, "4711"));
}

TEST(a_step_leaves_alone_what_the_user_was_told)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW HIGH);
	struct tui_guide guide = { 0 };

	tui_guide_tell_elsewhere(&guide, &app, 4711);
	press(&app, ">");
	assert_true(is_drawn(&app, "sorted by size"));
	tui_guide_tell(&guide, &app, 0x1000, 100);
	assert_true(is_drawn(&app, "sorted by size"));
}

TEST(marks_of_a_step_stay_for_those_who_read_first_and_go_with_the_next_one)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW HIGH);
	struct tui_guide guide = { 0 };

	tui_guide_tell(&guide, &app, 0x10000, 100);
	look_at(&guide, &app, LOW WHOLE HIGH, 100);
	for (unsigned i = 0; i < TUI_MARK_AGE + 2; i++)
		look_at(&guide, &app, LOW WHOLE HIGH, 200);
	assert_true(is_drawn(&app, "new"));
	tui_guide_tell(&guide, &app, 0x11000, 300);
	assert_false(is_drawn(&app, "new"));
	look_at(&guide, &app, LOW CUT HIGH, 300);
	assert_true(is_drawn(&app, "split"));
	for (unsigned i = 0; i < TUI_GUIDED_MARK_AGE; i++)
		look_at(&guide, &app, LOW CUT HIGH, 400);
	assert_false(is_drawn(&app, "split"));
}

/* Readings come by themselves, too: before the step is told. */
TEST(a_step_that_was_seen_before_it_was_told_is_marked_as_well)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = guided(LOW HIGH);
	struct tui_guide guide = { 0 };

	tui_guide_tell(&guide, &app, 0x1000, 50);
	look_at(&guide, &app, LOW HIGH, 50);
	look_at(&guide, &app, LOW WHOLE HIGH, 99);
	tui_guide_tell(&guide, &app, 0x10000, 100);
	look_at(&guide, &app, LOW WHOLE HIGH, 100);
	assert_true(is_drawn(&app, "new"));
	look_at(&guide, &app, LOW HIGH, 199);
	tui_guide_tell(&guide, &app, 0x10000, 200);
	look_at(&guide, &app, LOW HIGH, 200);
	assert_true(is_drawn(&app, "gone"));
	tui_guide_tell(&guide, &app, 0x1000, 300);
	assert_false(is_drawn(&app, "gone"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_selects_its_mapping_as_it_is_after_the_step),
		cmocka_unit_test(after_a_step_the_user_goes_where_he_likes),
		cmocka_unit_test(a_step_is_explained_where_there_is_room_or_somebody_has_asked),
		cmocka_unit_test(what_a_step_took_away_is_not_waited_for),
		cmocka_unit_test(the_process_of_a_step_is_told_until_the_next_step),
		cmocka_unit_test(a_step_leaves_alone_what_the_user_was_told),
		cmocka_unit_test(
			marks_of_a_step_stay_for_those_who_read_first_and_go_with_the_next_one),
		cmocka_unit_test(a_step_that_was_seen_before_it_was_told_is_marked_as_well),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
