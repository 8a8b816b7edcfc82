#include <stdio.h>

#include "helper.h"
#include "tui/settings.h"

struct warnings {
	size_t count, lines[16];
	char last[128];
};

static void warn(size_t line, const char *what, void *user)
{
	struct warnings *warnings = user;

	assert_true(warnings->count < COUNT(warnings->lines));
	warnings->lines[warnings->count++] = line;
	snprintf(warnings->last, sizeof(warnings->last), "%s", what);
}

static struct warnings parse_settings(struct tui_settings *settings, struct vm_str text)
{
	struct warnings warnings = { 0 };
	/* A copy of its own, so that a sanitizer sees whoever reads past it. */
	vm_cleanup(vm_buf_deinit) struct vm_buf copy = { 0 };

	vm_buf_put_str(&copy, text);
	tui_settings_parse(settings, vm_buf_str(&copy), warn, &warnings);
	return warnings;
}

static void assert_same_settings(const struct tui_settings *a, const struct tui_settings *b)
{
	assert_int_equal(a->interval_ns, b->interval_ns);
	assert_int_equal(a->theme, b->theme);
	assert_int_equal(a->units, b->units);
	assert_int_equal(a->sort, b->sort);
	assert_int_equal(a->reverse, b->reverse);
	assert_int_equal(a->columns, b->columns);
}

/* Other than the defaults in every respect. */
static struct tui_settings unusual(void)
{
	return (struct tui_settings){ 2500000000,  TUI_THEME_MONO, VM_SIZE_KIB,
				      VM_SORT_PSS, true,           1u << TUI_COLUMN_NAME };
}

static void check_round_trip(const struct tui_settings *settings)
{
	struct tui_settings defaults = tui_settings_default(), others = unusual();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	tui_settings_write(settings, &text);
	assert_int_equal(parse_settings(&defaults, vm_buf_str(&text)).count, 0);
	assert_same_settings(&defaults, settings);
	assert_int_equal(parse_settings(&others, vm_buf_str(&text)).count, 0);
	assert_same_settings(&others, settings);
}

TEST(the_defaults_are_read_as_they_were_written)
{
	struct tui_settings settings = tui_settings_default();

	check_round_trip(&settings);
}

TEST(every_theme_unit_and_order_is_read_as_it_was_written)
{
	struct tui_settings settings = tui_settings_default();

	for (settings.theme = 0; settings.theme < TUI_THEME_COUNT; settings.theme++)
		check_round_trip(&settings);
	settings = unusual();
	for (settings.sort = 0; settings.sort < VM_SORT_COUNT; settings.sort++) {
		settings.reverse = !settings.reverse;
		settings.units = settings.reverse ? VM_SIZE_HUMAN : VM_SIZE_KIB;
		check_round_trip(&settings);
		settings.reverse = !settings.reverse;
		check_round_trip(&settings);
	}
}

TEST(every_column_is_read_as_it_was_written)
{
	struct tui_settings settings = tui_settings_default();

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		settings.columns = 1u << id | 1u << TUI_COLUMN_NAME;
		check_round_trip(&settings);
	}
	settings.columns = (1u << TUI_COLUMN_COUNT) - 1;
	check_round_trip(&settings);
}

/* Halving a second four times gives the last but one. */
TEST(every_interval_is_read_as_it_was_written)
{
	static const uint64_t intervals[] = {
		TUI_INTERVAL_MIN_NS, 100000000,   125000000,           62500000,
		1000000000,          1500000000,  333333333,           50000001,
		1000000001,          60000000000, TUI_INTERVAL_MAX_NS, 1090000000,
	};
	struct tui_settings settings = tui_settings_default();

	for (size_t i = 0; i < COUNT(intervals); i++) {
		settings.interval_ns = intervals[i];
		check_round_trip(&settings);
	}
}

TEST(what_is_written_is_commented)
{
	struct tui_settings settings = tui_settings_default();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	tui_settings_write(&settings, &text);
	assert_true(vm_str_contains(
		vm_buf_str(&text),
		VM_STR("# Seconds between two looks at the process.\ninterval = 1\n")));
	assert_true(vm_str_contains(vm_buf_str(&text), VM_STR("\nsort = address\n")));
	assert_true(vm_str_ends(vm_buf_str(&text),
				VM_STR("address,size,rss,resident,pss,dirty,swap,perms,"
				       "kind,mapping,change\n")));
}

/* Writing into a file that is there */

static void check_update(const char *old, struct tui_settings after, const char *wanted)
{
	struct tui_settings before = tui_settings_default();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_buf_put_text(&text, old);
	tui_settings_update(&before, &after, &text);
	assert_false(text.failed);
	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

static struct tui_settings light(void)
{
	struct tui_settings settings = tui_settings_default();

	settings.theme = TUI_THEME_LIGHT;
	return settings;
}

TEST(a_changed_setting_changes_its_value_and_nothing_else)
{
	check_update("theme = mono\n", light(), "theme = light\n");
	check_update("# mine\n\n \ttheme\t=mono \r\n#theme = mono\nthis is wrong\nsort = rss\n",
		     light(),
		     "# mine\n\n \ttheme\t=light \r\n#theme = mono\nthis is wrong\nsort = rss\n");
	check_update("units = kib\ntheme = default", light(), "units = kib\ntheme = light");
}

TEST(of_two_lines_the_one_that_counts_is_changed_and_a_wrong_one_never)
{
	check_update("theme = mono\ntheme = default\ntheme = pink\n", light(),
		     "theme = mono\ntheme = light\ntheme = pink\n");
}

TEST(a_changed_setting_that_is_missing_is_added_at_the_end)
{
	static const char added[] = "\n# default, light, high-contrast or mono.\ntheme = light\n";
	static const char *const olds[] = { "", "# mine\n", "sort = rss\n", "theme = pink\n" };

	for (size_t i = 0; i < COUNT(olds); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf wanted = { 0 };

		vm_buf_put_text(&wanted, olds[i]);
		vm_buf_put_text(&wanted, added);
		vm_buf_put_char(&wanted, '\0');
		check_update(olds[i], light(), wanted.p);
	}
	check_update("sort = rss", light(),
		     "sort = rss\n\n# default, light, high-contrast or mono.\ntheme = light\n");
}

TEST(what_did_not_change_is_not_written_even_where_the_file_says_otherwise)
{
	check_update("theme = mono\nsort = rss\n", tui_settings_default(),
		     "theme = mono\nsort = rss\n");
}

TEST(all_settings_can_change_at_once)
{
	struct tui_settings before = tui_settings_default(), after = unusual(), read = before;
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_buf_put_text(&text, "# mine\ncolumns = rss,mapping\ninterval = 5\n");
	tui_settings_update(&before, &after, &text);
	assert_true(vm_str_starts(vm_buf_str(&text),
				  VM_STR("# mine\ncolumns = mapping\ninterval = 2.5\n")));
	assert_int_equal(parse_settings(&read, vm_buf_str(&text)).count, 0);
	assert_same_settings(&read, &after);
	assert_true(tui_settings_equal(&read, &after));
	assert_false(tui_settings_equal(&read, &before));
}

static void check_right_line(const char *line, struct tui_settings wanted)
{
	struct tui_settings settings = unusual();

	assert_int_equal(parse_settings(&settings, vm_str_from(line)).count, 0);
	assert_same_settings(&settings, &wanted);
}

TEST(a_right_line_changes_its_setting_only)
{
	struct tui_settings wanted = unusual();

	wanted.interval_ns = 2000000000;
	check_right_line("interval=2", wanted);
	wanted = unusual();
	wanted.theme = TUI_THEME_LIGHT;
	check_right_line("\t theme \t=  light  ", wanted);
	wanted = unusual();
	wanted.units = VM_SIZE_HUMAN;
	check_right_line("units = human\r", wanted);
	wanted = unusual();
	wanted.sort = VM_SORT_NAME;
	wanted.reverse = false;
	check_right_line("sort = name", wanted);
	wanted = unusual();
	wanted.columns = 1u << TUI_COLUMN_NAME | 1u << TUI_COLUMN_RSS;
	check_right_line("columns = mapping , rss", wanted);
}

TEST(comments_and_empty_lines_say_nothing)
{
	static const char *const lines[] = { "", "\n\n", " \t \r", "# theme = light", "  #" };

	for (size_t i = 0; i < COUNT(lines); i++)
		check_right_line(lines[i], unusual());
}

TEST(a_wrong_line_is_told_and_changes_nothing)
{
	static const struct {
		struct vm_str line;
		const char *what;
	} cases[] = {
		{ { "theme", 5 }, "form KEY = VALUE" },
		{ { "= 5", 3 }, "no such setting" },
		{ { "colour = red", 12 }, "no such setting" },
		{ { "Theme = light", 13 }, "no such setting" },
		{ { "theme = pink", 12 }, "theme is" },
		{ { "theme =", 7 }, "theme is" },
		{ { "theme = light # comment", 23 }, "theme is" },
		{ { "theme = light\0", 14 }, "theme is" },
		{ { "theme\0 = light", 14 }, "no such setting" },
		{ { "\0", 1 }, "form KEY = VALUE" },
		{ { "units = MB", 10 }, "units is" },
		{ { "sort = colour", 13 }, "sort is" },
		{ { "sort = -", 8 }, "sort is" },
		{ { "sort = --rss", 12 }, "sort is" },
		{ { "columns =", 9 }, "columns is" },
		{ { "columns = rss,,pss", 18 }, "columns is" },
		{ { "columns = rss,colour", 20 }, "columns is" },
		{ { "columns = rss pss", 17 }, "columns is" },
		{ { "interval = -1", 13 }, "interval is" },
		{ { "interval = 99999999999999999999999", 34 }, "interval is" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct tui_settings settings = unusual(), before = unusual();
		struct warnings warnings = parse_settings(&settings, cases[i].line);

		assert_row(warnings.count == 1, cases[i].line.p);
		assert_int_equal(warnings.lines[0], 1);
		assert_row(strstr(warnings.last, cases[i].what), cases[i].line.p);
		assert_same_settings(&settings, &before);
	}
}

TEST(wrong_lines_are_told_by_their_numbers_and_the_others_count)
{
	static const char text[] = "# comment\r\n"
				   "wrong\r\n"
				   "\r\n"
				   "theme = light\r\n"
				   "interval = soon\r\n"
				   "\xff\xfe = \x1b[2J\n"
				   "units = human";
	struct tui_settings settings = unusual();
	struct warnings warnings = parse_settings(&settings, VM_STR(text));

	assert_int_equal(warnings.count, 3);
	assert_int_equal(warnings.lines[0], 2);
	assert_int_equal(warnings.lines[1], 5);
	assert_int_equal(warnings.lines[2], 6);
	assert_int_equal(settings.theme, TUI_THEME_LIGHT);
	assert_int_equal(settings.interval_ns, 2500000000);
	assert_int_equal(settings.units, VM_SIZE_HUMAN);
}

TEST(of_two_lines_for_a_setting_the_last_counts)
{
	struct tui_settings settings = unusual();

	assert_int_equal(parse_settings(&settings, VM_STR("interval = 7\ninterval = 9\n")).count,
			 0);
	assert_int_equal(settings.interval_ns, 9000000000);
}

TEST(intervals_are_seconds_within_bounds)
{
	static const struct {
		struct vm_str text;
		uint64_t ns; /* 0: refused */
	} cases[] = {
		{ { "1", 1 }, 1000000000 },
		{ { "0.05", 4 }, TUI_INTERVAL_MIN_NS },
		{ { "0.0500000000001", 15 }, TUI_INTERVAL_MIN_NS },
		{ { "0.049", 5 }, 0 },
		{ { "0.0499999999999", 15 }, 0 },
		{ { "3600", 4 }, TUI_INTERVAL_MAX_NS },
		{ { "3600.000000001", 14 }, 0 },
		{ { "3601", 4 }, 0 },
		{ { "18446744074", 11 }, 0 },
		{ { "18446744073709551616", 20 }, 0 },
		{ { "0.333333333", 11 }, 333333333 },
		{ { "007.5", 5 }, 7500000000 },
		{ { ".5", 2 }, 500000000 },
		{ { ".04", 3 }, 0 },
		{ { "..5", 3 }, 0 },
		{ { "-.5", 3 }, 0 },
		{ { ".18446744073709551616", 21 }, 184467440 },
		{ { "0", 1 }, 0 },
		{ { "", 0 }, 0 },
		{ { ".", 1 }, 0 },
		{ { "1,5", 3 }, 0 },
		{ { "1s", 2 }, 0 },
		{ { "+1", 2 }, 0 },
		{ { " 1", 2 }, 0 },
		{ { "1e3", 3 }, 0 },
		{ { "1.5.5", 5 }, 0 },
		{ { "1\0", 2 }, 0 },
		{ { "nan", 3 }, 0 },
		{ { "inf", 3 }, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t ns = 42;

		assert_row(tui_interval_parse(cases[i].text, &ns) == (cases[i].ns != 0),
			   cases[i].text.p);
		assert_int_equal(ns, cases[i].ns ? cases[i].ns : 42);
	}
}

/* Nothing that stands in the file may make it read beyond its end. */
TEST(every_beginning_of_a_file_is_taken)
{
	struct tui_settings settings = unusual();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	tui_settings_write(&settings, &text);
	for (size_t len = 0; len <= text.len; len++) {
		struct tui_settings read = unusual();

		assert_true(parse_settings(&read, (struct vm_str){ text.p, len }).count <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_defaults_are_read_as_they_were_written),
		cmocka_unit_test(every_theme_unit_and_order_is_read_as_it_was_written),
		cmocka_unit_test(every_column_is_read_as_it_was_written),
		cmocka_unit_test(every_interval_is_read_as_it_was_written),
		cmocka_unit_test(what_is_written_is_commented),
		cmocka_unit_test(a_changed_setting_changes_its_value_and_nothing_else),
		cmocka_unit_test(of_two_lines_the_one_that_counts_is_changed_and_a_wrong_one_never),
		cmocka_unit_test(a_changed_setting_that_is_missing_is_added_at_the_end),
		cmocka_unit_test(
			what_did_not_change_is_not_written_even_where_the_file_says_otherwise),
		cmocka_unit_test(all_settings_can_change_at_once),
		cmocka_unit_test(a_right_line_changes_its_setting_only),
		cmocka_unit_test(comments_and_empty_lines_say_nothing),
		cmocka_unit_test(a_wrong_line_is_told_and_changes_nothing),
		cmocka_unit_test(wrong_lines_are_told_by_their_numbers_and_the_others_count),
		cmocka_unit_test(of_two_lines_for_a_setting_the_last_counts),
		cmocka_unit_test(intervals_are_seconds_within_bounds),
		cmocka_unit_test(every_beginning_of_a_file_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
