#include "helper.h"
#include "tui/theme.h"

/* What terminals have: none, 8, 16, 88, 256, direct colour. */
static const int depths[] = { 0, 1, 2, 7, 8, 16, 88, 255, 256, 257, 32767, 1 << 24 };

static bool has_colours(enum tui_theme theme, int depth)
{
	return theme != TUI_THEME_MONO && depth >= 8;
}

static bool same_colour(struct tui_colour a, struct tui_colour b)
{
	return a.front == b.front && a.back == b.back && a.attr == b.attr;
}

/* Calls @check for every theme and depth. */
static void each(void (*check)(enum tui_theme theme, int depth))
{
	for (enum tui_theme theme = 0; theme < TUI_THEME_COUNT; theme++) {
		for (size_t i = 0; i < COUNT(depths); i++)
			check(theme, depths[i]);
	}
}

static void check_bounds(enum tui_theme theme, int depth)
{
	for (enum tui_hue hue = 0; hue < TUI_HUE_COUNT; hue++) {
		struct tui_colour colour = tui_theme_colour(theme, hue, depth);

		assert_true(colour.front >= -1 && colour.front < depth + !depth);
		assert_true(colour.back >= -1 && colour.back < depth + !depth);
		/* Reverse says shared, and nothing else may. */
		assert_int_equal(colour.attr & ~(TUI_BOLD | TUI_DIM), 0);
		if (!has_colours(theme, depth))
			assert_true(colour.front == -1 && colour.back == -1);
	}
}

TEST(every_hue_is_a_colour_that_the_terminal_has)
{
	each(check_bounds);
}

static void check_backings(enum tui_theme theme, int depth)
{
	struct tui_colour file = tui_theme_colour(theme, TUI_HUE_FILE, depth);
	struct tui_colour anonymous = tui_theme_colour(theme, TUI_HUE_ANONYMOUS, depth);
	struct tui_colour special = tui_theme_colour(theme, TUI_HUE_SPECIAL, depth);

	if (!has_colours(theme, depth))
		return;
	assert_true(file.front != anonymous.front);
	assert_true(file.front != special.front);
	assert_true(anonymous.front != special.front);
	/* A back equal to the front could not be read. */
	assert_true(file.back != file.front && anonymous.back != anonymous.front);
}

TEST(with_colours_each_backing_has_one_of_its_own)
{
	each(check_backings);
}

static void check_alert(enum tui_theme theme, int depth)
{
	struct tui_colour alert = tui_theme_colour(theme, TUI_HUE_ALERT, depth);

	assert_false(same_colour(alert, tui_theme_colour(theme, TUI_HUE_PLAIN, depth)));
	assert_true(alert.attr & TUI_BOLD);
}

TEST(an_alert_stands_out_everywhere)
{
	each(check_alert);
}

static void check_bar(enum tui_theme theme, int depth)
{
	struct tui_colour bar = tui_theme_colour(theme, TUI_HUE_BAR, depth);

	assert_false(same_colour(bar, tui_theme_colour(theme, TUI_HUE_PLAIN, depth)));
	assert_true(bar.front == -1 || bar.front != bar.back);
}

TEST(bars_stand_out_everywhere)
{
	each(check_bar);
}

TEST(the_default_theme_leaves_text_and_background_to_the_terminal)
{
	static const int used[] = { 0, 8, 256 };

	for (size_t i = 0; i < COUNT(used); i++) {
		struct tui_colour plain =
			tui_theme_colour(TUI_THEME_DEFAULT, TUI_HUE_PLAIN, used[i]);

		assert_true(same_colour(plain, (struct tui_colour){ -1, -1, 0 }));
		assert_int_equal(tui_theme_colour(TUI_THEME_DEFAULT, TUI_HUE_FILE, used[i]).back,
				 -1);
	}
}

TEST(themes_are_found_by_their_names)
{
	static const char *const names[] = { "default", "light", "high-contrast", "mono" };

	for (enum tui_theme theme = 0; theme < TUI_THEME_COUNT; theme++) {
		assert_string_equal(tui_theme_name(theme), names[theme]);
		assert_int_equal(tui_theme_find(vm_str_from(names[theme])), theme);
	}
}

TEST(other_names_are_no_theme)
{
	static const struct vm_str names[] = {
		{ "", 0 }, { "Default", 7 }, { "mono ", 5 }, { "mon", 3 }, { "mono\0", 5 },
	};

	for (size_t i = 0; i < COUNT(names); i++)
		assert_int_equal(tui_theme_find(names[i]), TUI_THEME_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hue_is_a_colour_that_the_terminal_has),
		cmocka_unit_test(with_colours_each_backing_has_one_of_its_own),
		cmocka_unit_test(an_alert_stands_out_everywhere),
		cmocka_unit_test(bars_stand_out_everywhere),
		cmocka_unit_test(the_default_theme_leaves_text_and_background_to_the_terminal),
		cmocka_unit_test(themes_are_found_by_their_names),
		cmocka_unit_test(other_names_are_no_theme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
