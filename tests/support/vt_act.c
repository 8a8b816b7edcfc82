/* Commands that do something to the program under test. */
#include "vt_driver.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "vt_keys.h"
#include "vt_screen.h"

static enum vt_verdict send_keys(struct vt_driver *driver, const struct vt_args *args)
{
	const char *unknown = vt_keys_send(&driver->terminal, args->text);

	vt_driver_pump(driver, 0, -1);
	return unknown ? vt_wrong(driver, "there is no key %s", unknown) : VT_PASS;
}

static const struct {
	const char *name;
	size_t numbers; /* button, column, row; or the last two */
	int button;
	bool presses, releases, twice;
} mouse_acts[] = {
	/* clang-format off */
	{ "press", 3, 0, true, false, false },
	{ "release", 3, 0, false, true, false },
	{ "click", 3, 0, true, true, false },
	{ "double-click", 3, 0, true, true, true },
	{ "move", 2, 0, false, false, false },
	{ "wheelup", 2, 4, true, false, false },
	{ "wheeldown", 2, 5, true, false, false },
	/* clang-format on */
};

static bool is_on_screen(const struct vt_terminal *terminal, VTermPos pos)
{
	return pos.col >= 0 && pos.col < terminal->cols && pos.row >= 0 && pos.row < terminal->rows;
}

/* A terminal tells of the mouse only when it was asked to. */
static enum vt_verdict require_mouse(struct vt_driver *driver, VTermPos pos)
{
	if (!driver->terminal.mouse)
		return vt_fail(driver, "the program did not ask for the mouse");
	if (!is_on_screen(&driver->terminal, pos))
		return vt_wrong(driver, "%d,%d is not on the screen", pos.col + 1, pos.row + 1);
	return VT_PASS;
}

static void do_once(struct vt_terminal *terminal, size_t act, int button, VTermPos pos)
{
	if (!mouse_acts[act].presses && !mouse_acts[act].releases)
		vt_mouse_send(terminal, VT_MOUSE_MOVE, 0, pos);
	if (mouse_acts[act].presses)
		vt_mouse_send(terminal, VT_MOUSE_PRESS, button, pos);
	if (mouse_acts[act].releases)
		vt_mouse_send(terminal, VT_MOUSE_RELEASE, button, pos);
}

static enum vt_verdict do_mouse(struct vt_driver *driver, size_t act, int button, VTermPos pos)
{
	struct vt_terminal *terminal = &driver->terminal;
	enum vt_verdict verdict = require_mouse(driver, pos);

	if (verdict != VT_PASS)
		return verdict;
	do_once(terminal, act, button, pos);
	if (mouse_acts[act].twice)
		do_once(terminal, act, button, pos);
	vt_driver_pump(driver, 0, -1);
	return VT_PASS;
}

static enum vt_verdict use_mouse(struct vt_driver *driver, const struct vt_args *args)
{
	size_t given = args->words.count - 1;
	int numbers[3];

	for (size_t i = 0; i < given; i++) {
		if (!vt_number(args->words.list[i + 1], &numbers[i]))
			return vt_wrong(driver, "%s is no number", args->words.list[i + 1]);
	}
	for (size_t i = 0; i < sizeof(mouse_acts) / sizeof(mouse_acts[0]); i++) {
		if (strcmp(mouse_acts[i].name, args->words.list[0]) == 0 &&
		    mouse_acts[i].numbers == given)
			return do_mouse(driver, i, given == 3 ? numbers[0] : mouse_acts[i].button,
					(VTermPos){ .row = numbers[given - 1] - 1,
						    .col = numbers[given - 2] - 1 });
	}
	return vt_wrong(driver, "the mouse cannot do that");
}

static bool shows(struct vt_driver *driver, const void *what)
{
	VTermPos pos;

	return vt_screen_find(&driver->terminal, what, &pos);
}

static enum vt_verdict click_text(struct vt_driver *driver, const struct vt_args *args)
{
	VTermPos pos;
	enum vt_verdict verdict;

	if (!vt_await_program(driver, VT_SPAN_SHORT, shows, args->text) ||
	    !vt_screen_find(&driver->terminal, args->text, &pos))
		return vt_fail(driver, "the screen does not show: %s", args->text);
	verdict = require_mouse(driver, pos);
	if (verdict != VT_PASS)
		return verdict;
	vt_mouse_send(&driver->terminal, VT_MOUSE_PRESS, 1, pos);
	vt_mouse_send(&driver->terminal, VT_MOUSE_RELEASE, 1, pos);
	vt_driver_pump(driver, 0, -1);
	return VT_PASS;
}

static enum vt_verdict send_signal(struct vt_driver *driver, const struct vt_args *args)
{
	int number = vt_signal_number(args->words.list[0]);

	if (number == 0)
		return vt_wrong(driver, "there is no signal %s", args->words.list[0]);
	if (kill(driver->child.pid, number) < 0)
		return vt_fail(driver, "the program is not there any more");
	return VT_PASS;
}

static enum vt_verdict let_continue(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	vt_child_continue(&driver->child);
	return VT_PASS;
}

static enum vt_verdict hang_up(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	vt_terminal_hang_up(&driver->terminal);
	return VT_PASS;
}

static enum vt_verdict dump(struct vt_driver *driver, const struct vt_args *args)
{
	char path[4096];
	FILE *out;

	vt_driver_pump(driver, 0, -1);
	if (args->words.count == 0) {
		vt_screen_dump(&driver->terminal, "# ", stderr);
		return VT_PASS;
	}
	snprintf(path, sizeof(path), "%s%s%s", driver->folder, "/", args->words.list[0]);
	out = fopen(args->words.list[0][0] == '/' ? args->words.list[0] : path, "we");
	if (!out)
		return vt_wrong(driver, "%s cannot be written", args->words.list[0]);
	vt_screen_dump(&driver->terminal, "", out);
	return fclose(out) == 0 ? VT_PASS : vt_fail(driver, "%s: not written", path);
}

/* clang-format off */
const struct vt_command vt_act_commands[] = {
	{ "keys", VT_ARGS_TEXT, 1, 0, send_keys },
	{ "mouse", VT_ARGS_WORDS, 3, 4, use_mouse },
	{ "click", VT_ARGS_TEXT, 1, 0, click_text },
	{ "signal", VT_ARGS_WORDS, 1, 1, send_signal },
	{ "continue", VT_ARGS_NONE, 0, 0, let_continue },
	{ "hangup", VT_ARGS_NONE, 0, 0, hang_up },
	{ "dump", VT_ARGS_WORDS, 0, 1, dump },
	{ 0 },
};
/* clang-format on */
