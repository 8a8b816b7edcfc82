/*
 * Recordings in the live view: where one is, the line that shows it, and what a step does to marks and log.
 */
#include "tui_support.h"

#include <stdlib.h>

#define SECOND INT64_C(1000000000)
#define ONE ANON("1000-2000", "rw-p", "") KB("Rss", 4)
#define TWO ANON("3000-4000", "r--p", "") KB("Rss", 4)

/* Rows at 80 x 24. */
enum { IDENTITY, SUMS, LINE, LEGEND, MAP, TABS };

/* One frame a second from 1970-01-01 00:00:01 on, each with one kB more than the one before. */
static struct vm_frame *make_frames(size_t count)
{
	struct vm_frame *frames = calloc(count, sizeof(*frames));

	assert_non_null(frames);
	for (size_t i = 0; i < count; i++)
		frames[i] = (struct vm_frame){ .time_ns = (int64_t)(i + 1) * SECOND,
					       .pid = 7,
					       .has_rss = true,
					       .rss = (i + 1) * 1024 };
	return frames;
}

static struct tui_timeline timeline_of(const struct vm_frame *frames, size_t count)
{
	const struct vm_recording recording = { .frames = (struct vm_frame *)(uintptr_t)frames,
						.count = count };

	return tui_timeline_of(&recording);
}

/* Steps */

TEST(a_recording_begins_at_its_end)
{
	struct vm_frame frames[3] = { 0 };
	struct tui_timeline timeline = timeline_of(frames, 3);

	assert_int_equal(timeline.wanted, 2);
	assert_int_equal(timeline.shown, 2);
	assert_false(timeline.playing);
}

TEST(a_step_goes_as_far_as_there_are_frames)
{
	struct vm_frame frames[12] = { 0 };
	struct tui_timeline timeline = timeline_of(frames, 12);

	assert_false(tui_timeline_move(&timeline, true, 1));
	assert_true(tui_timeline_move(&timeline, false, 1));
	assert_int_equal(timeline.wanted, 10);
	assert_true(tui_timeline_move(&timeline, false, 10));
	assert_int_equal(timeline.wanted, 0);
	assert_false(tui_timeline_move(&timeline, false, SIZE_MAX));
	assert_true(tui_timeline_move(&timeline, true, SIZE_MAX));
	assert_int_equal(timeline.wanted, 11);
}

TEST(a_jump_to_no_frame_stays)
{
	struct vm_frame frames[2] = { 0 };
	struct tui_timeline timeline = timeline_of(frames, 2);

	assert_false(tui_timeline_jump(&timeline, 2));
	assert_false(tui_timeline_jump(&timeline, UINT64_MAX));
	assert_false(tui_timeline_jump(&timeline, 1));
	assert_int_equal(timeline.wanted, 1);
	assert_true(tui_timeline_jump(&timeline, 0));
}

TEST(it_is_played_to_the_end_and_then_from_the_first_frame)
{
	struct vm_frame frames[3] = { 0 };
	struct tui_timeline timeline = timeline_of(frames, 3);

	tui_timeline_play(&timeline);
	assert_true(timeline.playing);
	assert_int_equal(timeline.wanted, 0);
	assert_true(tui_timeline_play_on(&timeline));
	assert_true(tui_timeline_play_on(&timeline));
	assert_int_equal(timeline.wanted, 2);
	assert_false(tui_timeline_play_on(&timeline));
	assert_false(timeline.playing);
	assert_int_equal(timeline.wanted, 2);
}

TEST(playing_goes_on_from_where_one_is_and_a_step_ends_it)
{
	struct vm_frame frames[4] = { 0 };
	struct tui_timeline timeline = timeline_of(frames, 4);

	tui_timeline_jump(&timeline, 1);
	tui_timeline_play(&timeline);
	assert_int_equal(timeline.wanted, 1);
	tui_timeline_play(&timeline);
	assert_false(timeline.playing);
	tui_timeline_play(&timeline);
	tui_timeline_move(&timeline, true, 1);
	assert_false(timeline.playing);
}

TEST(one_frame_is_not_played)
{
	struct vm_frame frame = { 0 };
	struct tui_timeline timeline = timeline_of(&frame, 1);

	tui_timeline_play(&timeline);
	assert_false(timeline.playing);
}

static uint64_t stay_between(int64_t before, int64_t after)
{
	const struct vm_frame frames[2] = { { .time_ns = before }, { .time_ns = after } };
	struct tui_timeline timeline = timeline_of(frames, 2);

	timeline.shown = 0;
	return tui_timeline_stay_ns(&timeline);
}

TEST(a_frame_stays_as_it_was_recorded_but_is_seen_and_no_gap_is_waited_for)
{
	assert_int_equal(stay_between(0, SECOND), SECOND);
	assert_int_equal(stay_between(5, 6), SECOND / 20);
	assert_int_equal(stay_between(0, 3600 * SECOND), 2 * SECOND);
	assert_int_equal(stay_between(INT64_MIN, INT64_MAX), 2 * SECOND);
	/* The clock was set back. */
	assert_int_equal(stay_between(SECOND, 0), SECOND / 20);
}

/* Programs */

TEST(another_process_and_another_program_have_another_number)
{
	const struct vm_frame frames[] = {
		{ .pid = 7, .start_time = 1, .program = 0 },
		{ .pid = 7, .start_time = 1, .program = 0 },
		{ .pid = 7, .start_time = 1, .program = 1 },
		{ .pid = 8, .start_time = 1, .program = 1 },
		{ .pid = 8, .start_time = 2, .program = 1 },
		{ .pid = 8, .start_time = 2, .program = 1 },
	};
	static const unsigned wanted[] = { 0, 0, 1, 2, 3, 3 };

	for (size_t i = 0; i < COUNT(frames); i++)
		assert_int_equal(tui_timeline_program(frames, i), wanted[i]);
}

/* The line */

TEST(every_frame_has_a_place_at_every_width)
{
	struct vm_frame frames[100] = { 0 };

	for (size_t count = 1; count <= 100; count++) {
		struct tui_timeline timeline = timeline_of(frames, count);

		for (int width = 1; width < 150; width++) {
			size_t seen = 0;

			for (int cell = 0; cell < width; cell++) {
				struct tui_span span = tui_timeline_span(&timeline, cell, width);

				assert_true(span.first <= seen);
				assert_true(span.first < span.end);
				seen = span.end;
			}
			assert_int_equal(seen, count);
		}
	}
}

TEST(a_cell_stands_for_the_frame_with_the_highest_rss)
{
	struct vm_frame frames[4] = { { .has_rss = false, .rss = 9 },
				      { .has_rss = true, .rss = 0 },
				      { .has_rss = true, .rss = 5 },
				      { .has_rss = true, .rss = 4 } };
	struct tui_timeline timeline = timeline_of(frames, 4);

	assert_int_equal(tui_timeline_highest(&timeline, (struct tui_span){ 0, 4 }), 2);
	assert_int_equal(tui_timeline_highest(&timeline, (struct tui_span){ 0, 2 }), 1);
	assert_int_equal(tui_timeline_highest(&timeline, (struct tui_span){ 0, 1 }), 0);
}

/* A recording of which frame @shown is on the screen. */
static struct tui_app app_at(struct vm_frame *frames, size_t count, size_t shown)
{
	struct tui_app app = app_with(ONE);

	app.saved = true;
	app.timeline = timeline_of(frames, count);
	app.timeline.wanted = app.timeline.shown = shown;
	return app;
}

TEST(the_header_tells_the_frame_and_its_time)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = { 0 };
	struct vm_frame *frames = make_frames(340);

	frames[11].time_ns += 120000000;
	app = app_at(frames, 340, 11);
	draw(&app);
	assert_line(
		&app.canvas, IDENTITY,
		" vmview  7 test  S  1 thread                        FRAME 12/340 00:00:12.120");
	tui_app_draw(&app, 40, 12);
	assert_line(&app.canvas, IDENTITY, " vmview  7 test  S       FRAME 12/340");
	app.timeline.playing = true;
	app.timeline.wanted = 12;
	app.awaits_frame = true;
	draw(&app);
	assert_true(has_text(&app.canvas, " PLAY 12/340 00:00:12.120  reading 13 "));
	free(frames);
}

TEST(the_line_shows_rss_and_the_place)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = { 0 };
	struct vm_frame *frames = make_frames(8);

	app = app_at(frames, 8, 0);
	app.canvas.utf8 = false;
	draw(&app);
	assert_line(
		&app.canvas, LINE,
		" RSS |________........---------~~~~~~~~=========++++++++*********######## 1K-8K");
	assert_line(&app.canvas, LEGEND, " a anon 4K");
	app.timeline.wanted = 7;
	frames[3].has_rss = false;
	draw(&app);
	assert_line(
		&app.canvas, LINE,
		" RSS _________........---------        =========++++++++*********|####### 1K-8K");
	/* On every screen, and without room on none. */
	press(&app, "4");
	draw(&app);
	assert_true(has_text(&app.canvas, "####"));
	for (int width = 1; width < 100; width += 3) {
		for (int height = 1; height < 40; height++)
			tui_app_draw(&app, width, height);
	}
	free(frames);
}

TEST(keys_and_clicks_ask_for_frames)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = { 0 };
	struct vm_frame *frames = make_frames(40);

	app = app_at(frames, 40, 39);
	assert_int_equal(press(&app, "["), TUI_REQUEST_FRAME);
	assert_int_equal(app.timeline.wanted, 38);
	assert_int_equal(press(&app, "{"), TUI_REQUEST_FRAME);
	assert_int_equal(app.timeline.wanted, 28);
	assert_int_equal(press(&app, "("), TUI_REQUEST_FRAME);
	assert_int_equal(app.timeline.wanted, 0);
	assert_int_equal(press(&app, "["), TUI_REQUEST_NONE);
	assert_string_equal(app.message, "this is the first frame");
	assert_int_equal(press(&app, "}]"), TUI_REQUEST_FRAME);
	assert_int_equal(app.timeline.wanted, 11);
	assert_int_equal(press(&app, ")"), TUI_REQUEST_FRAME);
	assert_int_equal(press(&app, " "), TUI_REQUEST_FRAME);
	assert_true(app.timeline.playing);
	assert_int_equal(app.timeline.wanted, 0);
	assert_int_equal(press(&app, "p"), TUI_REQUEST_NONE);
	assert_false(app.timeline.playing);
	draw(&app);
	assert_int_equal(click_at(&app, LINE, 71), TUI_REQUEST_FRAME);
	assert_int_equal(app.timeline.wanted, 39);
	assert_int_equal(click_at(&app, LINE, 5), TUI_REQUEST_FRAME);
	assert_int_equal(app.timeline.wanted, 0);
	free(frames);
}

TEST(keys_about_reading_do_nothing_in_a_recording_and_say_so)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = { 0 };
	struct vm_frame *frames = make_frames(2);
	uint64_t interval;

	app = app_at(frames, 2, 1);
	interval = app.settings.interval_ns;
	for (const char *key = "rm+-"; *key; key++) {
		app.message[0] = '\0';
		assert_int_equal(press_key(&app, (unsigned char)*key), TUI_REQUEST_NONE);
		assert_non_null(strstr(app.message, "this is a recording"));
	}
	assert_int_equal(app.settings.interval_ns, interval);
	free(frames);
}

TEST(keys_of_frames_do_nothing_elsewhere_and_say_so)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(ONE);

	for (const char *key = "[]{}()p"; *key; key++) {
		app.message[0] = '\0';
		assert_int_equal(press_key(&app, (unsigned char)*key), TUI_REQUEST_NONE);
		assert_string_equal(app.message, "there are no frames: this is no recording");
	}
}

/* Readings */

static void feed_frame(struct tui_data *data, size_t frame, unsigned program, const char *text)
{
	struct tui_sample sample = sample_of(text);

	sample.is_frame = true;
	sample.frame = frame;
	sample.program = program;
	sample.realtime_ns = (int64_t)(frame + 1) * SECOND;
	assert_int_equal(tui_data_take(data, &sample), 0);
}

TEST(the_next_frame_is_the_next_reading)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed_frame(&data, 4, 0, ONE);
	feed_frame(&data, 5, 0, ONE TWO);
	assert_int_equal(data.marks[1].change, VM_CHANGE_NEW + 1);
	assert_int_equal(data.log_count, 1);
	assert_int_equal(data.log[0].event.change, VM_CHANGE_NEW);
	assert_int_equal(data.log[0].event.realtime_ns, 6 * SECOND);
	/* Of the last step only. */
	feed_frame(&data, 6, 0, ONE TWO);
	assert_int_equal(data.marks[1].change, 0);
	assert_int_equal(data.log_count, 1);
}

TEST(another_frame_is_compared_with_the_one_before_and_the_log_says_so)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed_frame(&data, 11, 0, ONE TWO);
	feed_frame(&data, 10, 0, ONE);
	assert_int_equal(data.ghost_count, 1);
	assert_int_equal(data.log_count, 2);
	assert_string_equal(data.log[0].text, "frame 11, compared with frame 12:");
	assert_int_equal(data.log[1].event.change, VM_CHANGE_GONE);
	/* What was gone and is there again is there once. */
	feed_frame(&data, 11, 0, ONE TWO);
	assert_int_equal(data.ghost_count, 0);
	assert_int_equal(data.log_count, 3);
}

TEST(a_frame_of_another_program_starts_afresh)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed_frame(&data, 0, 0, ONE);
	feed_frame(&data, 1, 1, TWO);
	assert_true(data.executed);
	assert_int_equal(data.ghost_count, 0);
	assert_int_equal(data.log_count, 1);
	assert_string_equal(data.log[0].text, "another program, test: the list starts afresh");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recording_begins_at_its_end),
		cmocka_unit_test(a_step_goes_as_far_as_there_are_frames),
		cmocka_unit_test(a_jump_to_no_frame_stays),
		cmocka_unit_test(it_is_played_to_the_end_and_then_from_the_first_frame),
		cmocka_unit_test(playing_goes_on_from_where_one_is_and_a_step_ends_it),
		cmocka_unit_test(one_frame_is_not_played),
		cmocka_unit_test(
			a_frame_stays_as_it_was_recorded_but_is_seen_and_no_gap_is_waited_for),
		cmocka_unit_test(another_process_and_another_program_have_another_number),
		cmocka_unit_test(every_frame_has_a_place_at_every_width),
		cmocka_unit_test(a_cell_stands_for_the_frame_with_the_highest_rss),
		cmocka_unit_test(the_header_tells_the_frame_and_its_time),
		cmocka_unit_test(the_line_shows_rss_and_the_place),
		cmocka_unit_test(keys_and_clicks_ask_for_frames),
		cmocka_unit_test(keys_about_reading_do_nothing_in_a_recording_and_say_so),
		cmocka_unit_test(keys_of_frames_do_nothing_elsewhere_and_say_so),
		cmocka_unit_test(the_next_frame_is_the_next_reading),
		cmocka_unit_test(another_frame_is_compared_with_the_one_before_and_the_log_says_so),
		cmocka_unit_test(a_frame_of_another_program_starts_afresh),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
