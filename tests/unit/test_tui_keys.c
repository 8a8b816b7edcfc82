#include <stdio.h>

#include "tui_support.h"

/* For its table, which nobody else needs to see. */
#include "tui/keys.c"

/* What the help and the issue call a key that is no printed character. */
static const struct {
	uint32_t key;
	const char *name;
} key_names[] = {
	{ TUI_KEY_UP, "Up" },
	{ TUI_KEY_DOWN, "Down" },
	{ TUI_KEY_LEFT, "Left" },
	{ TUI_KEY_RIGHT, "Right" },
	{ TUI_KEY_PAGE_UP, "PgUp" },
	{ TUI_KEY_PAGE_DOWN, "PgDn" },
	{ TUI_KEY_HOME, "Home" },
	{ TUI_KEY_END, "End" },
	{ TUI_KEY_BACK_TAB, "Shift-Tab" },
	{ '\t', "Tab" },
	{ '\r', "Enter" },
	{ '\033', "Esc" },
	{ ' ', "Space" },
};

/* Nobody presses these. */
static bool is_internal(uint32_t key)
{
	return key == TUI_KEY_LOST || key == TUI_KEY_WHEEL_UP || key == TUI_KEY_WHEEL_DOWN;
}

static void name_key(uint32_t key, char name[16])
{
	for (size_t i = 0; i < COUNT(key_names); i++) {
		if (key_names[i].key == key) {
			snprintf(name, 16, "%s", key_names[i].name);
			return;
		}
	}
	if (key >= TUI_KEY_F1)
		snprintf(name, 16, "F%u", key - TUI_KEY_F1 + 1);
	else if (key < ' ')
		snprintf(name, 16, "Ctrl-%c", (int)key + 'A' - 1);
	else
		snprintf(name, 16, "%c", (int)key);
}

/* Whether @name stands in @text as a word of its own. */
static bool names_key(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *hit = strstr(text, name); hit; hit = strstr(hit + 1, name)) {
		if ((hit == text || hit[-1] == ' ') && (!hit[len] || strchr(" :;,", hit[len])))
			return true;
	}
	return false;
}

static bool is_told(const struct tui_binding *binding)
{
	char name[16];

	name_key(binding->key, name);
	for (size_t i = 0; i < COUNT(helps); i++) {
		if (names_key(helps[i].keys, name) || names_key(helps[i].help, name))
			return true;
	}
	return false;
}

TEST(no_key_is_bound_twice)
{
	for (size_t i = 0; i < COUNT(bindings); i++) {
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(bindings[i].key, bindings[j].key);
	}
}

TEST(each_key_is_found_and_others_are_not)
{
	for (size_t i = 0; i < COUNT(bindings); i++)
		assert_ptr_equal(tui_find_binding(bindings[i].key), &bindings[i]);
	assert_null(tui_find_binding(0));
	assert_null(tui_find_binding('Z'));
	assert_null(tui_find_binding(TUI_KEY_NONE));
	assert_null(tui_find_binding(TUI_KEY_CLICK));
	assert_null(tui_find_binding(0xffffffff));
}

TEST(every_action_of_the_help_has_a_key_that_the_line_names)
{
	for (size_t i = 0; i < COUNT(helps); i++) {
		bool named = false;

		for (size_t j = 0; j < COUNT(bindings); j++) {
			char name[16];

			name_key(bindings[j].key, name);
			named |= bindings[j].action == helps[i].action &&
				 names_key(helps[i].keys, name);
		}
		assert_row(named, helps[i].keys);
	}
}

TEST(every_action_that_has_a_key_is_told_in_the_help)
{
	for (size_t i = 0; i < COUNT(bindings); i++) {
		bool told = is_internal(bindings[i].key);
		char name[16];

		for (size_t j = 0; j < COUNT(bindings); j++)
			told |= bindings[j].action == bindings[i].action &&
				bindings[j].value == bindings[i].value && is_told(&bindings[j]);
		name_key(bindings[i].key, name);
		assert_row(told, name);
	}
}

TEST(every_action_is_a_key_or_the_mouse)
{
	for (enum tui_action action = TUI_NONE + 1; action < TUI_SELECT; action++) {
		size_t count = 0;

		for (size_t i = 0; i < COUNT(bindings); i++)
			count += bindings[i].action == action;
		assert_true(count > 0);
	}
}

TEST(the_keys_that_were_asked_for_mean_what_was_asked)
{
	static const struct tui_binding wanted[] = {
		{ TUI_KEY_UP, TUI_UP, 0 },
		{ TUI_KEY_DOWN, TUI_DOWN, 0 },
		{ 'k', TUI_UP, 0 },
		{ 'j', TUI_DOWN, 0 },
		{ TUI_KEY_PAGE_UP, TUI_PAGE_UP, 0 },
		{ TUI_KEY_PAGE_DOWN, TUI_PAGE_DOWN, 0 },
		{ TUI_KEY_HOME, TUI_FIRST, 0 },
		{ TUI_KEY_END, TUI_LAST, 0 },
		{ 'g', TUI_FIRST, 0 },
		{ 'G', TUI_LAST, 0 },
		{ CONTROL('d'), TUI_HALF_DOWN, 0 },
		{ CONTROL('u'), TUI_HALF_UP, 0 },
		{ '/', TUI_SEARCH, 0 },
		{ F(3), TUI_SEARCH, 0 },
		{ 'n', TUI_SEARCH_NEXT, 0 },
		{ 'N', TUI_SEARCH_PREVIOUS, 0 },
		{ '\\', TUI_FILTER, 0 },
		{ F(4), TUI_FILTER, 0 },
		{ '<', TUI_SORT_PREVIOUS, 0 },
		{ '>', TUI_SORT_NEXT, 0 },
		{ F(6), TUI_SORT_NEXT, 0 },
		{ 'I', TUI_INVERT, 0 },
		{ F(5), TUI_GROUP, 0 },
		{ ' ', TUI_PAUSE, 0 },
		{ 'i', TUI_EXPLAIN, 0 },
		{ 'b', TUI_BASELINE, 0 },
		{ 'm', TUI_MAPS_ONLY, 0 },
		{ 's', TUI_SAVE, 0 },
		{ 'u', TUI_UNITS, 0 },
		{ '\t', TUI_NEXT_SCREEN, 0 },
		{ '1', TUI_SCREEN, TUI_SCREEN_LIST },
		{ '2', TUI_SCREEN, TUI_SCREEN_TOTALS },
		{ '3', TUI_SCREEN, TUI_SCREEN_FILES },
		{ '4', TUI_SCREEN, TUI_SCREEN_LOG },
		{ 'q', TUI_QUIT, 0 },
		{ F(10), TUI_QUIT, 0 },
		{ CONTROL('c'), TUI_QUIT, 0 },
		{ CONTROL('z'), TUI_SUSPEND, 0 },
		{ CONTROL('l'), TUI_REDRAW, 0 },
		{ F(1), TUI_HELP, 0 },
		{ '?', TUI_HELP, 0 },
		{ 'h', TUI_HELP, 0 },
		{ '\033', TUI_BACK, 0 },
		{ '\r', TUI_ENTER, 0 },
		{ TUI_KEY_LOST, TUI_QUIT, 0 },
	};

	for (size_t i = 0; i < COUNT(wanted); i++) {
		const struct tui_binding *binding = tui_find_binding(wanted[i].key);
		char name[16];

		name_key(wanted[i].key, name);
		assert_row(binding != NULL, name);
		assert_row(binding->action == wanted[i].action, name);
		assert_row(binding->value == wanted[i].value, name);
	}
}

TEST(the_key_bar_shows_function_keys_in_order_with_their_actions)
{
	assert_int_equal(COUNT(bars), 10);
	for (uint32_t i = 0; i < COUNT(bars); i++) {
		char name[16];

		name_key(F(i + 1), name);
		assert_string_equal(bars[i].key, name);
		assert_int_equal(tui_find_binding(F(i + 1))->action, bars[i].action);
	}
}

TEST(labels_of_the_key_bar_fit_from_80_columns_on)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();

	for (int width = 80; width <= 300; width += 11) {
		tui_app_draw(&app, width, 24);
		for (size_t i = 0; i < COUNT(bars); i++) {
			char text[32];
			int row, col;

			snprintf(text, sizeof(text), "%s%s", bars[i].key, bars[i].label);
			assert_row(find_text(&app.canvas, text, &row, &col), text);
			assert_int_equal(row, 23);
		}
	}
}

/* Less keys, but never half of one; and always the one that leads out. */
TEST(a_narrow_key_bar_has_whole_labels_and_the_way_out)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_new();

	for (int width = 8; width < 80; width++) {
		size_t shown = (size_t)width / 8;

		tui_app_draw(&app, width, 10);
		for (size_t i = 0; i + 1 < shown; i++)
			assert_row(has_text(&app.canvas, bars[i].label), bars[i].label);
		assert_true(has_text(&app.canvas, "F10Quit"));
	}
	tui_app_draw(&app, 40, 10);
	assert_line(&app.canvas, 9, "F1Help  F2Cols  F3Find  F4FilterF10Quit");
}

/* Column 17 on is the meaning: what is longer would be cut. */
TEST(help_lines_fit_80_columns)
{
	for (size_t i = 0; i < COUNT(helps); i++) {
		assert_row(strlen(helps[i].keys) <= 15, helps[i].keys);
		assert_row(strlen(helps[i].help) <= 80 - 17, helps[i].help);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_key_is_bound_twice),
		cmocka_unit_test(each_key_is_found_and_others_are_not),
		cmocka_unit_test(every_action_of_the_help_has_a_key_that_the_line_names),
		cmocka_unit_test(every_action_that_has_a_key_is_told_in_the_help),
		cmocka_unit_test(every_action_is_a_key_or_the_mouse),
		cmocka_unit_test(the_keys_that_were_asked_for_mean_what_was_asked),
		cmocka_unit_test(the_key_bar_shows_function_keys_in_order_with_their_actions),
		cmocka_unit_test(labels_of_the_key_bar_fit_from_80_columns_on),
		cmocka_unit_test(a_narrow_key_bar_has_whole_labels_and_the_way_out),
		cmocka_unit_test(help_lines_fit_80_columns),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
