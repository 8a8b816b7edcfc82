/* Commands that wait for what the program shows or does. */
#include "vt_driver.h"

#include <dirent.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vt_screen.h"

static bool shows(struct vt_driver *driver, const void *what)
{
	VTermPos pos;

	return vt_screen_find(&driver->terminal, what, &pos);
}

static bool does_not_show(struct vt_driver *driver, const void *what)
{
	return !shows(driver, what);
}

static bool row_shows(struct vt_driver *driver, const void *what)
{
	const struct vt_args *args = what;
	char *row = vt_screen_row(&driver->terminal, args->number);
	bool found = strstr(row, args->text);

	free(row);
	return found;
}

static bool row_is(struct vt_driver *driver, const void *what)
{
	const struct vt_args *args = what;
	char *row = vt_screen_row(&driver->terminal, args->number);
	bool same = strcmp(row, args->text) == 0;

	free(row);
	return same;
}

static enum vt_verdict await_text(struct vt_driver *driver, const char *text, enum vt_span span)
{
	if (vt_await_program(driver, span, shows, text))
		return VT_PASS;
	return vt_fail(driver, "the screen does not show: %s", text);
}

static enum vt_verdict await_no_text(struct vt_driver *driver, const char *text, enum vt_span span)
{
	if (vt_await_program(driver, span, does_not_show, text))
		return VT_PASS;
	return vt_fail(driver, "the screen still shows: %s", text);
}

static enum vt_verdict fail_row(struct vt_driver *driver, const struct vt_args *args,
				const char *expected)
{
	char *row = vt_screen_row(&driver->terminal, args->number);

	vt_fail(driver, "row %d %s: %s\nit is: %s", args->number + 1, expected, args->text, row);
	free(row);
	return VT_FAIL;
}

static enum vt_verdict await_row(struct vt_driver *driver, const struct vt_args *args,
				 enum vt_span span)
{
	if (vt_await_program(driver, span, row_shows, args))
		return VT_PASS;
	return fail_row(driver, args, "does not show");
}

static enum vt_verdict wait_text(struct vt_driver *driver, const struct vt_args *args)
{
	return await_text(driver, args->text, VT_SPAN_LONG);
}

static enum vt_verdict wait_gone(struct vt_driver *driver, const struct vt_args *args)
{
	return await_no_text(driver, args->text, VT_SPAN_LONG);
}

static enum vt_verdict wait_row(struct vt_driver *driver, const struct vt_args *args)
{
	return await_row(driver, args, VT_SPAN_LONG);
}

static enum vt_verdict expect_text(struct vt_driver *driver, const struct vt_args *args)
{
	return await_text(driver, args->text, VT_SPAN_SHORT);
}

static enum vt_verdict expect_no_text(struct vt_driver *driver, const struct vt_args *args)
{
	return await_no_text(driver, args->text, VT_SPAN_SHORT);
}

static enum vt_verdict expect_row(struct vt_driver *driver, const struct vt_args *args)
{
	return await_row(driver, args, VT_SPAN_SHORT);
}

static enum vt_verdict expect_row_is(struct vt_driver *driver, const struct vt_args *args)
{
	if (vt_await_program(driver, VT_SPAN_SHORT, row_is, args))
		return VT_PASS;
	return fail_row(driver, args, "is not");
}

/* Regular expressions */

struct match {
	regex_t regex;
	regmatch_t *groups; /* two of them */
	char **text;        /* of the screen that matched, to be freed */
};

static bool matches(struct vt_driver *driver, const void *what)
{
	const struct match *match = what;

	free(*match->text);
	*match->text = vt_screen_text(&driver->terminal);
	return regexec(&match->regex, *match->text, 2, match->groups, 0) == 0;
}

/* @found gets the first group, or all that matched; to be freed. */
static enum vt_verdict await_regex(struct vt_driver *driver, const char *regex, char **found)
{
	char *text = NULL;
	regmatch_t groups[2];
	struct match match = { .groups = groups, .text = &text };
	bool matched;

	if (regcomp(&match.regex, regex, REG_EXTENDED | REG_NEWLINE) != 0)
		return vt_wrong(driver, "not a regular expression: %s", regex);
	matched = vt_await_program(driver, VT_SPAN_LONG, matches, &match);
	if (matched) {
		const regmatch_t *group = match.regex.re_nsub > 0 ? &groups[1] : &groups[0];

		*found = group->rm_so < 0 ? strdup("") :
					    strndup(text + group->rm_so,
						    (size_t)(group->rm_eo - group->rm_so));
	}
	regfree(&match.regex);
	free(text);
	return matched ? VT_PASS : vt_fail(driver, "no row matches: %s", regex);
}

static enum vt_verdict wait_regex(struct vt_driver *driver, const struct vt_args *args)
{
	char *found = NULL;
	enum vt_verdict verdict = await_regex(driver, args->text, &found);

	free(found);
	return verdict;
}

static enum vt_verdict capture(struct vt_driver *driver, const struct vt_args *args)
{
	char *name = args->text, *regex = name + strcspn(name, " ");
	char *found = NULL;
	enum vt_verdict verdict;

	if (!*regex)
		return vt_wrong(driver, "capture what?");
	*regex++ = '\0';
	verdict = await_regex(driver, regex, &found);
	if (verdict == VT_PASS)
		setenv(name, found ? found : "", 1);
	free(found);
	return verdict;
}

/* The program's state */

/* It neither runs nor waits for a disk. */
static bool is_thread_blocked(int tasks, const char *thread)
{
	char name[300], stat[1024];
	const char *state;
	ssize_t len = 0;
	int fd;

	snprintf(name, sizeof(name), "%s/stat", thread);
	fd = openat(tasks, name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, stat, sizeof(stat) - 1);
		close(fd);
	}
	stat[len > 0 ? len : 0] = '\0';
	state = strrchr(stat, ')');
	return !state || !strchr("RD", state[2]);
}

static bool is_blocked(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	bool blocked = true;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks && blocked && (entry = readdir(tasks)))
		blocked = entry->d_name[0] == '.' || is_thread_blocked(dirfd(tasks), entry->d_name);
	if (tasks)
		closedir(tasks);
	return blocked;
}

static bool is_quiet(struct vt_driver *driver, const void *what)
{
	double since = (double)(vt_now() - driver->terminal.changed_ns) / 1e9;

	(void)what;
	return since > 0.15 * driver->patience && is_blocked(driver->child.pid);
}

static enum vt_verdict wait_quiet(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	if (vt_await_program(driver, VT_SPAN_LONG, is_quiet, NULL))
		return VT_PASS;
	return vt_fail(driver, "the program does not come to rest");
}

static bool has_ended(struct vt_driver *driver, const void *what)
{
	(void)what;
	return driver->child.state == VT_CHILD_ENDED;
}

static bool has_status(int status, const char *wanted)
{
	int number;

	if (WIFSIGNALED(status))
		return strncmp(wanted, "SIG", 3) == 0 &&
		       strcmp(wanted + 3, vt_signal_name(WTERMSIG(status))) == 0;
	return vt_number(wanted, &number) && number == WEXITSTATUS(status);
}

static enum vt_verdict wait_exit(struct vt_driver *driver, const struct vt_args *args)
{
	char space[128];

	if (!vt_await_program(driver, VT_SPAN_LONG, has_ended, NULL))
		return vt_fail(driver, "the program has not ended");
	for (char **wanted = args->words.list; *wanted; wanted++) {
		if (has_status(driver->child.status, *wanted))
			return VT_PASS;
	}
	return vt_fail(driver, "not that: %s", vt_driver_state(driver, space, sizeof(space)));
}

static bool is_stopped(struct vt_driver *driver, const void *what)
{
	(void)what;
	return driver->child.state == VT_CHILD_STOPPED;
}

static enum vt_verdict wait_stop(struct vt_driver *driver, const struct vt_args *args)
{
	(void)args;
	if (vt_await_program(driver, VT_SPAN_LONG, is_stopped, NULL))
		return VT_PASS;
	return vt_fail(driver, "the program was not stopped");
}

static enum vt_verdict stop_and_continue(struct vt_driver *driver, const struct vt_args *args)
{
	enum vt_verdict verdict = wait_stop(driver, args);

	if (verdict == VT_PASS)
		verdict = vt_run_line(driver, "expect-restored");
	if (verdict == VT_PASS)
		vt_child_continue(&driver->child);
	return verdict;
}

static bool last_row_shows_one(struct vt_driver *driver, const void *what)
{
	const struct vt_args *args = what;
	char *row = vt_screen_row(&driver->terminal, driver->rows - 1);
	bool found = false;

	for (char **word = args->words.list + 2; *word; word++)
		found |= strstr(row, *word) != NULL;
	free(row);
	return found;
}

static int step_towards(int from, int to)
{
	return from + (from < to) - (from > to);
}

/* By a column and a row at a time; each size must be drawn before the next. */
static enum vt_verdict resize_through(struct vt_driver *driver, const struct vt_args *args)
{
	int cols, rows;

	if (!vt_number(args->words.list[0], &cols) || !vt_number(args->words.list[1], &rows) ||
	    cols < 1 || rows < 1 || cols > 1000 || rows > 1000)
		return vt_wrong(driver, "not a size");
	while (driver->cols != cols || driver->rows != rows) {
		driver->cols = step_towards(driver->cols, cols);
		driver->rows = step_towards(driver->rows, rows);
		vt_terminal_resize(&driver->terminal, driver->cols, driver->rows);
		if (!vt_await_program(driver, VT_SPAN_LONG, last_row_shows_one, args))
			return vt_fail(driver, "%d x %d was not drawn", driver->cols, driver->rows);
	}
	return VT_PASS;
}

/* clang-format off */
const struct vt_command vt_wait_commands[] = {
	{ "wait", VT_ARGS_TEXT, 1, 0, wait_text },
	{ "wait-gone", VT_ARGS_TEXT, 1, 0, wait_gone },
	{ "wait-row", VT_ARGS_ROW_TEXT, 1, 0, wait_row },
	{ "wait-regex", VT_ARGS_TEXT, 1, 0, wait_regex },
	{ "capture", VT_ARGS_TEXT, 1, 0, capture },
	{ "wait-quiet", VT_ARGS_NONE, 0, 0, wait_quiet },
	{ "resize-through", VT_ARGS_WORDS, 3, SIZE_MAX, resize_through },
	{ "wait-exit", VT_ARGS_WORDS, 1, SIZE_MAX, wait_exit },
	{ "wait-stop", VT_ARGS_NONE, 0, 0, wait_stop },
	{ "stop-and-continue", VT_ARGS_NONE, 0, 0, stop_and_continue },
	{ "expect", VT_ARGS_TEXT, 1, 0, expect_text },
	{ "expect-not", VT_ARGS_TEXT, 1, 0, expect_no_text },
	{ "expect-row", VT_ARGS_ROW_TEXT, 1, 0, expect_row },
	{ "expect-row-is", VT_ARGS_ROW_TEXT, 0, 0, expect_row_is },
	{ 0 },
};
/* clang-format on */
