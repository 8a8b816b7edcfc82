/* Commands that check attributes and the state of the terminal. */
#include "vt_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include "vt_screen.h"

/* Attributes of a cell */

struct wanted_cell {
	const char *text; /* it begins with this, or NULL */
	VTermPos pos;     /* where there is no text */
	char *const *attributes;
};

static bool locate(const struct vt_driver *driver, const struct wanted_cell *wanted, VTermPos *pos)
{
	if (wanted->text)
		return vt_screen_find(&driver->terminal, wanted->text, pos);
	*pos = wanted->pos;
	return true;
}

static bool cell_is(struct vt_driver *driver, const void *what)
{
	const struct wanted_cell *wanted = what;
	VTermScreenCell cell;
	VTermPos pos;

	if (!locate(driver, wanted, &pos))
		return false;
	cell = vt_screen_cell(&driver->terminal, pos);
	for (char *const *word = wanted->attributes; *word; word++) {
		if (vt_screen_cell_has(&cell, *word) != VT_ATTR_PRESENT)
			return false;
	}
	return true;
}

static enum vt_verdict fail_cell(struct vt_driver *driver, const struct wanted_cell *wanted)
{
	char description[128] = "";
	VTermScreenCell cell;
	VTermPos pos;
	FILE *out;

	if (!locate(driver, wanted, &pos))
		return vt_fail(driver, "the screen does not show: %s", wanted->text);
	out = fmemopen(description, sizeof(description), "w");
	cell = vt_screen_cell(&driver->terminal, pos);
	if (out) {
		vt_screen_describe_cell(&cell, out);
		fclose(out);
	}
	return vt_fail(driver, "the cell in column %d of row %d is: %s", pos.col + 1, pos.row + 1,
		       description);
}

static enum vt_verdict await_cell(struct vt_driver *driver, const struct wanted_cell *wanted)
{
	VTermScreenCell none = { 0 };

	for (char *const *word = wanted->attributes; *word; word++) {
		if (vt_screen_cell_has(&none, *word) == VT_ATTR_UNKNOWN)
			return vt_wrong(driver, "there is no attribute %s", *word);
	}
	if (vt_await_program(driver, VT_SPAN_SHORT, cell_is, wanted))
		return VT_PASS;
	return fail_cell(driver, wanted);
}

static enum vt_verdict expect_attr(struct vt_driver *driver, const struct vt_args *args)
{
	char *const *words = args->words.list;
	int col, row;

	if (!vt_number(words[0], &col) || !vt_number(words[1], &row) || col < 1 || row < 1 ||
	    col > driver->terminal.cols || row > driver->terminal.rows)
		return vt_wrong(driver, "that is not on the screen");
	return await_cell(driver, &(struct wanted_cell){ .pos = { row - 1, col - 1 },
							 .attributes = words + 2 });
}

static enum vt_verdict expect_attr_at(struct vt_driver *driver, const struct vt_args *args)
{
	char *const *words = args->words.list;

	return await_cell(driver,
			  &(struct wanted_cell){ .text = words[0], .attributes = words + 1 });
}

static bool is_colourless(struct vt_driver *driver, const void *what)
{
	(void)what;
	return vt_screen_is_colourless(&driver->terminal);
}

static enum vt_verdict expect_no_colour(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	if (vt_await_program(driver, VT_SPAN_SHORT, is_colourless, NULL))
		return VT_PASS;
	return vt_fail(driver, "there are colours");
}

/* The terminal's modes */

static const bool yes = true, no = false;

static bool has_cursor(struct vt_driver *driver, const void *what)
{
	return driver->terminal.cursor_visible == *(const bool *)what;
}

static bool is_alternate(struct vt_driver *driver, const void *what)
{
	return driver->terminal.alternate == *(const bool *)what;
}

static bool has_mouse(struct vt_driver *driver, const void *what)
{
	return driver->terminal.mouse == *(const bool *)what;
}

static enum vt_verdict expect_cursor(struct vt_driver *driver, const struct vt_args *args)
{
	const char *word = args->words.list[0];
	bool visible = strcmp(word, "visible") == 0;

	if (!visible && strcmp(word, "hidden") != 0)
		return vt_wrong(driver, "a cursor is visible or hidden");
	if (vt_await_program(driver, VT_SPAN_SHORT, has_cursor, visible ? &yes : &no))
		return VT_PASS;
	return vt_fail(driver, "the cursor is not %s", word);
}

static bool cursor_is_at(struct vt_driver *driver, const void *what)
{
	const VTermPos *wanted = what;
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(driver->terminal.vt), &pos);
	return pos.row == wanted->row && pos.col == wanted->col;
}

static enum vt_verdict expect_cursor_at(struct vt_driver *driver, const struct vt_args *args)
{
	int col, row;

	if (!vt_number(args->words.list[0], &col) || !vt_number(args->words.list[1], &row))
		return vt_wrong(driver, "not a place");
	if (vt_await_program(driver, VT_SPAN_SHORT, cursor_is_at,
			     &(VTermPos){ .row = row - 1, .col = col - 1 }))
		return VT_PASS;
	return vt_fail(driver, "the cursor is not there");
}

static enum vt_verdict expect_mouse(struct vt_driver *driver, const struct vt_args *args)
{
	bool on = strcmp(args->words.list[0], "on") == 0;

	if (!on && strcmp(args->words.list[0], "off") != 0)
		return vt_wrong(driver, "a mouse is on or off");
	if (vt_await_program(driver, VT_SPAN_SHORT, has_mouse, on ? &yes : &no))
		return VT_PASS;
	return vt_fail(driver, "the mouse is not %s", args->words.list[0]);
}

static enum vt_verdict expect_main_screen(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	if (vt_await_program(driver, VT_SPAN_SHORT, is_alternate, &no))
		return VT_PASS;
	return vt_fail(driver, "the alternate screen was not left");
}

static enum vt_verdict expect_alternate_screen(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	if (vt_await_program(driver, VT_SPAN_SHORT, is_alternate, &yes))
		return VT_PASS;
	return vt_fail(driver, "the main screen is shown");
}

/* What is left behind */

static bool has_plain_pen(struct vt_driver *driver, const void *what)
{
	static const VTermAttr attributes[] = { VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE,
						VTERM_ATTR_BLINK, VTERM_ATTR_REVERSE,
						VTERM_ATTR_ITALIC };
	VTermState *state = vterm_obtain_state(driver->terminal.vt);
	VTermValue value;

	(void)what;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		value.number = 0;
		vterm_state_get_penattr(state, attributes[i], &value);
		if (value.number)
			return false;
	}
	vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &value);
	if (!VTERM_COLOR_IS_DEFAULT_FG(&value.color))
		return false;
	vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &value);
	return VTERM_COLOR_IS_DEFAULT_BG(&value.color);
}

/* A terminal with arrow keys as programs want them leaves them unusable to a shell. */
static bool has_plain_keys(struct vt_driver *driver, const void *what)
{
	struct vt_terminal *terminal = &driver->terminal;
	size_t before = terminal->unsent_len;
	bool plain;

	(void)what;
	vterm_keyboard_key(terminal->vt, VTERM_KEY_UP, VTERM_MOD_NONE);
	plain = memcmp(terminal->unsent + before, "\033[A", 3) == 0;
	terminal->unsent_len = before;
	return plain;
}

static bool same_termios(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

static bool termios_is_restored(struct vt_driver *driver, const void *what)
{
	struct termios now;

	(void)what;
	return tcgetattr(driver->terminal.fd, &now) == 0 &&
	       same_termios(&now, &driver->child.before);
}

static enum vt_verdict expect_termios_restored(struct vt_driver *driver, const struct vt_args *args)
{
	const struct termios *before = &driver->child.before;
	struct termios now = { 0 };

	(void)args;
	if (vt_await_program(driver, VT_SPAN_SHORT, termios_is_restored, NULL))
		return VT_PASS;
	if (tcgetattr(driver->terminal.fd, &now) < 0)
		return vt_fail(driver, "the terminal is gone");
	return vt_fail(driver,
		       "the terminal's settings differ: iflag %#x, was %#x; oflag %#x, was %#x; "
		       "cflag %#x, was %#x; lflag %#x, was %#x",
		       now.c_iflag, before->c_iflag, now.c_oflag, before->c_oflag, now.c_cflag,
		       before->c_cflag, now.c_lflag, before->c_lflag);
}

static enum vt_verdict expect_restored(struct vt_driver *driver, const struct vt_args *args)
{
	static const struct {
		bool (*holds)(struct vt_driver *driver, const void *what);
		const bool *what;
		const char *otherwise;
	} checks[] = {
		{ is_alternate, &no, "the alternate screen was not left" },
		{ has_cursor, &yes, "the cursor stayed hidden" },
		{ has_mouse, &no, "the mouse stayed on" },
		{ has_plain_pen, NULL, "colour or attributes stayed on" },
		{ has_plain_keys, NULL, "the arrow keys stayed as the program wanted them" },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!vt_await_program(driver, VT_SPAN_SHORT, checks[i].holds, checks[i].what))
			return vt_fail(driver, "%s", checks[i].otherwise);
	}
	return expect_termios_restored(driver, args);
}

static bool nothing_left(struct vt_driver *driver, const void *what)
{
	(void)what;
	return !vt_child_left_any(&driver->child);
}

static enum vt_verdict expect_no_process(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	if (vt_await_program(driver, VT_SPAN_SHORT, nothing_left, NULL))
		return VT_PASS;
	return vt_fail(driver, "a process that the program started is still there");
}

/* clang-format off */
const struct vt_command vt_expect_commands[] = {
	{ "expect-attr", VT_ARGS_WORDS, 3, SIZE_MAX, expect_attr },
	{ "expect-attr-at", VT_ARGS_WORDS, 2, SIZE_MAX, expect_attr_at },
	{ "expect-no-colour", VT_ARGS_NONE, 0, 0, expect_no_colour },
	{ "expect-cursor", VT_ARGS_WORDS, 1, 1, expect_cursor },
	{ "expect-cursor-at", VT_ARGS_WORDS, 2, 2, expect_cursor_at },
	{ "expect-mouse", VT_ARGS_WORDS, 1, 1, expect_mouse },
	{ "expect-main-screen", VT_ARGS_NONE, 0, 0, expect_main_screen },
	{ "expect-alternate-screen", VT_ARGS_NONE, 0, 0, expect_alternate_screen },
	{ "expect-termios-restored", VT_ARGS_NONE, 0, 0, expect_termios_restored },
	{ "expect-restored", VT_ARGS_NONE, 0, 0, expect_restored },
	{ "expect-no-process", VT_ARGS_NONE, 0, 0, expect_no_process },
	{ 0 },
};
/* clang-format on */
