#include "tui/prompt.h"
#include "tui_support.h"

#define CTRL(letter) ((letter)&0x1f)

/* Keys up to the first 0, and what they leave of the text "aéz" with the cursor at its end. */
struct edit {
	uint32_t keys[8];
	const char *text;
	size_t cursor;
};

static struct tui_prompt prompt_with(const char *text)
{
	struct tui_prompt prompt = { 0 };

	tui_prompt_open(&prompt, TUI_PROMPT_SEARCH, "Find: ", vm_str_from(text));
	return prompt;
}

static void check_edits(const struct edit *edits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		vm_cleanup(tui_prompt_deinit) struct tui_prompt prompt = prompt_with("a\xc3\xa9z");

		for (const uint32_t *key = edits[i].keys; *key; key++)
			assert_int_equal(tui_prompt_key(&prompt, *key), TUI_PROMPT_GOES_ON);
		assert_same(vm_buf_str(&prompt.text), vm_str_from(edits[i].text));
		assert_int_equal(prompt.cursor, edits[i].cursor);
	}
}

TEST(characters_go_in_at_the_cursor_as_utf8)
{
	static const struct edit edits[] = {
		{ { 'x' }, "a\xc3\xa9zx", 5 },
		{ { TUI_KEY_LEFT, 'x' }, "a\xc3\xa9xz", 4 },
		{ { TUI_KEY_HOME, ' ', '~' }, " ~a\xc3\xa9z", 2 },
		{ { TUI_KEY_HOME, 0xe9 },
		  "\xc3\xa9"
		  "a\xc3\xa9z",
		  2 },
		{ { 0x4e2d }, "a\xc3\xa9z\xe4\xb8\xad", 7 },
		{ { 0x1f600 }, "a\xc3\xa9z\xf0\x9f\x98\x80", 8 },
	};

	check_edits(edits, COUNT(edits));
}

TEST(characters_are_erased_as_a_whole)
{
	static const struct edit edits[] = {
		{ { TUI_KEY_BACKSPACE }, "a\xc3\xa9", 3 },
		{ { CTRL('h'), CTRL('h') }, "a", 1 },
		{ { CTRL('h'), CTRL('h'), CTRL('h'), CTRL('h') }, "", 0 },
		{ { TUI_KEY_DELETE }, "a\xc3\xa9z", 4 },
		{ { TUI_KEY_LEFT, TUI_KEY_LEFT, TUI_KEY_DELETE }, "az", 1 },
		{ { TUI_KEY_HOME, TUI_KEY_BACKSPACE }, "a\xc3\xa9z", 0 },
		{ { TUI_KEY_HOME, TUI_KEY_DELETE, TUI_KEY_DELETE }, "z", 0 },
		{ { CTRL('u') }, "", 0 },
		{ { TUI_KEY_LEFT, CTRL('u') }, "z", 0 },
		{ { CTRL('u'), TUI_KEY_DELETE, TUI_KEY_BACKSPACE, 'n' }, "n", 1 },
	};

	check_edits(edits, COUNT(edits));
}

TEST(the_cursor_moves_by_characters_and_stays_in_the_text)
{
	static const struct edit edits[] = {
		{ { TUI_KEY_LEFT }, "a\xc3\xa9z", 3 },
		{ { TUI_KEY_LEFT, TUI_KEY_LEFT }, "a\xc3\xa9z", 1 },
		{ { TUI_KEY_LEFT, TUI_KEY_LEFT, TUI_KEY_LEFT, TUI_KEY_LEFT }, "a\xc3\xa9z", 0 },
		{ { TUI_KEY_RIGHT }, "a\xc3\xa9z", 4 },
		{ { TUI_KEY_HOME, TUI_KEY_RIGHT, TUI_KEY_RIGHT }, "a\xc3\xa9z", 3 },
		{ { CTRL('a') }, "a\xc3\xa9z", 0 },
		{ { CTRL('a'), CTRL('e') }, "a\xc3\xa9z", 4 },
		{ { TUI_KEY_HOME, TUI_KEY_END }, "a\xc3\xa9z", 4 },
	};

	check_edits(edits, COUNT(edits));
}

TEST(keys_that_are_no_text_change_nothing)
{
	static const uint32_t keys[] = {
		'\t',
		CTRL('d'),
		CTRL('z'),
		0x1f,
		0x7f,
		0x85,
		0x9b,
		0xd800,
		0x202e,
		0x110000,
		TUI_KEY_UP,
		TUI_KEY_PAGE_DOWN,
		TUI_KEY_F1,
		TUI_KEY_LOST,
		TUI_KEY_WHEEL_UP,
		TUI_KEY_BACK_TAB,
		0xffffffff,
		0x2028,
		TUI_KEY_WHEEL_DOWN,
	};

	for (size_t i = 0; i < COUNT(keys); i++) {
		vm_cleanup(tui_prompt_deinit) struct tui_prompt prompt = prompt_with("text");

		assert_int_equal(tui_prompt_key(&prompt, keys[i]), TUI_PROMPT_GOES_ON);
		assert_slice(vm_buf_str(&prompt.text), "text");
		assert_int_equal(prompt.cursor, 4);
	}
}

TEST(enter_ends_and_escape_gives_up)
{
	static const struct {
		uint32_t key;
		enum tui_prompt_result result;
	} cases[] = {
		{ '\r', TUI_PROMPT_DONE },
		{ '\n', TUI_PROMPT_DONE },
		{ '\033', TUI_PROMPT_GIVEN_UP },
		{ CTRL('c'), TUI_PROMPT_GIVEN_UP },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_prompt_deinit) struct tui_prompt prompt = prompt_with("text");

		assert_int_equal(tui_prompt_key(&prompt, cases[i].key), cases[i].result);
		assert_slice(vm_buf_str(&prompt.text), "text");
	}
}

TEST(an_opened_prompt_forgets_the_text_before)
{
	vm_cleanup(tui_prompt_deinit) struct tui_prompt prompt = prompt_with("long text of before");

	tui_prompt_close(&prompt);
	assert_int_equal(prompt.purpose, TUI_PROMPT_CLOSED);
	tui_prompt_open(&prompt, TUI_PROMPT_SAVE, "Save to: ", VM_STR("new"));
	assert_int_equal(prompt.purpose, TUI_PROMPT_SAVE);
	assert_slice(vm_buf_str(&prompt.text), "new");
	assert_int_equal(prompt.cursor, 3);
	tui_prompt_open(&prompt, TUI_PROMPT_SEARCH, "Find: ", (struct vm_str){ 0 });
	assert_int_equal(prompt.cursor, 0);
	tui_prompt_key(&prompt, TUI_KEY_LEFT);
	tui_prompt_key(&prompt, 'x');
	assert_slice(vm_buf_str(&prompt.text), "x");
}

TEST(text_is_drawn_behind_its_label_with_the_cursor_in_it)
{
	vm_cleanup(tui_prompt_deinit) struct tui_prompt prompt = prompt_with("a\xe4\xb8\xadz");
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = { .utf8 = true };

	assert_int_equal(tui_canvas_reset(&canvas, 20, 2), 0);
	tui_fill(&canvas, 1, 0, 20, (struct tui_style){ 0 }, '#', '#');
	tui_prompt_draw(&prompt, &canvas, 1);
	assert_line(&canvas, 0, "");
	assert_line(&canvas, 1, "Find: a\xe4\xb8\xadz");
	assert_int_equal(prompt.cursor_col, 10);
	tui_prompt_key(&prompt, TUI_KEY_LEFT);
	tui_prompt_draw(&prompt, &canvas, 1);
	assert_int_equal(prompt.cursor_col, 9);
	tui_prompt_key(&prompt, TUI_KEY_LEFT);
	tui_prompt_draw(&prompt, &canvas, 1);
	assert_int_equal(prompt.cursor_col, 7);
}

TEST(of_long_text_the_part_before_the_cursor_is_drawn)
{
	vm_cleanup(tui_prompt_deinit) struct tui_prompt prompt =
		prompt_with("0123456789abcdefghij");
	vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = { .utf8 = true };

	assert_int_equal(tui_canvas_reset(&canvas, 12, 1), 0);
	tui_prompt_draw(&prompt, &canvas, 0);
	assert_line(&canvas, 0, "Find: fghij");
	assert_int_equal(prompt.cursor_col, 11);
	for (int i = 0; i < 7; i++)
		tui_prompt_key(&prompt, TUI_KEY_LEFT);
	tui_prompt_draw(&prompt, &canvas, 0);
	assert_line(&canvas, 0, "Find: 89abcd");
	tui_prompt_key(&prompt, TUI_KEY_HOME);
	tui_prompt_draw(&prompt, &canvas, 0);
	assert_line(&canvas, 0, "Find: 012345");
	assert_int_equal(prompt.cursor_col, 6);
}

/* Wide characters, too, and screens that have no room for the label. */
TEST(the_cursor_is_on_the_screen_at_every_width)
{
	for (int width = 1; width < 40; width++) {
		vm_cleanup(tui_prompt_deinit) struct tui_prompt prompt =
			prompt_with("a\xe4\xb8\xad\xe6\x96\x87/some/long/name/\xe4\xb8\xad");
		vm_cleanup(tui_canvas_deinit) struct tui_canvas canvas = { .utf8 = true };

		assert_int_equal(tui_canvas_reset(&canvas, width, 1), 0);
		for (int i = 0; i < 22; i++) {
			tui_prompt_draw(&prompt, &canvas, 0);
			assert_in_range(prompt.cursor_col, 0, width - 1);
			tui_prompt_key(&prompt, TUI_KEY_LEFT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_go_in_at_the_cursor_as_utf8),
		cmocka_unit_test(characters_are_erased_as_a_whole),
		cmocka_unit_test(the_cursor_moves_by_characters_and_stays_in_the_text),
		cmocka_unit_test(keys_that_are_no_text_change_nothing),
		cmocka_unit_test(enter_ends_and_escape_gives_up),
		cmocka_unit_test(an_opened_prompt_forgets_the_text_before),
		cmocka_unit_test(text_is_drawn_behind_its_label_with_the_cursor_in_it),
		cmocka_unit_test(of_long_text_the_part_before_the_cursor_is_drawn),
		cmocka_unit_test(the_cursor_is_on_the_screen_at_every_width),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
