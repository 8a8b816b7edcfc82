/* Commands that need no program under test. */
#include "vt_driver.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static enum vt_verdict set_size(struct vt_driver *driver, const struct vt_args *args)
{
	int cols, rows;

	if (!vt_number(args->words.list[0], &cols) || !vt_number(args->words.list[1], &rows) ||
	    cols < 1 || rows < 1 || cols > 1000 || rows > 1000)
		return vt_wrong(driver, "not a size");
	driver->cols = cols;
	driver->rows = rows;
	if (driver->child.state != VT_CHILD_NONE)
		vt_terminal_resize(&driver->terminal, cols, rows);
	return VT_PASS;
}

static enum vt_verdict set_variable(struct vt_driver *driver, const struct vt_args *args)
{
	char *name = args->text, *value = strchr(name, '=');

	if (value == name)
		return vt_wrong(driver, "a variable needs a name");
	if (!value) {
		unsetenv(name);
		return VT_PASS;
	}
	*value = '\0';
	setenv(name, value + 1, 1);
	return VT_PASS;
}

static enum vt_verdict set_limit(struct vt_driver *driver, const struct vt_args *args)
{
	char *end;
	double limit = strtod(args->text, &end);

	if (*end || limit < 0)
		return vt_wrong(driver, "not a number of seconds");
	driver->limit = limit;
	return VT_PASS;
}

static bool has_pid(struct vt_driver *driver, const void *what)
{
	(void)what;
	return driver->child.pid > 0;
}

static enum vt_verdict start_program(struct vt_driver *driver, const struct vt_args *args)
{
	int master;

	vt_child_deinit(&driver->child);
	vt_terminal_deinit(&driver->terminal);
	master = vt_child_start(&driver->child, args->words.list, driver->folder, driver->cols,
				driver->rows);
	if (master < 0)
		errx(1, "cannot start anything: %s", strerror(-master));
	vt_terminal_init(&driver->terminal, master, driver->cols, driver->rows);
	/* From then on it is in the foreground, and gets what is typed. */
	if (!vt_await_program(driver, VT_SPAN_LONG, has_pid, NULL))
		return vt_fail(driver, "the program was not started");
	return VT_PASS;
}

/* Commands that run to their end */

struct command_run {
	pid_t pid;
	int status;
};

static _Noreturn void become_command(char *const *argv, const char *folder)
{
	int nothing = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	/* Standard output is for results. */
	if (dup2(nothing, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
	    chdir(folder) < 0)
		_exit(126);
	execvp(argv[0], argv);
	warn("%s", argv[0]);
	_exit(127);
}

static bool has_ended(struct vt_driver *driver, const void *what)
{
	struct command_run *const *run = what;

	(void)driver;
	return waitpid((*run)->pid, &(*run)->status, WNOHANG) != 0;
}

/* The command's status as of waitpid(), or -1: it did not end in time. */
static int run_command(struct vt_driver *driver, char *const *argv)
{
	struct command_run run = { .pid = fork() };
	struct command_run *pointer = &run;

	if (run.pid < 0)
		err(1, "fork");
	if (run.pid == 0)
		become_command(argv, driver->folder);
	if (vt_await(driver, &(struct vt_condition){ has_ended, &pointer, -1, false },
		     VT_SPAN_LONG))
		return run.status;
	kill(run.pid, SIGKILL);
	waitpid(run.pid, NULL, 0);
	return -1;
}

static enum vt_verdict run_to_end(struct vt_driver *driver, const struct vt_args *args)
{
	int status = run_command(driver, args->words.list);

	if (status == 0)
		return VT_PASS;
	if (status < 0)
		return vt_fail(driver, "%s does not end", args->words.list[0]);
	if (WIFSIGNALED(status))
		return vt_fail(driver, "%s was killed by SIG%s", args->words.list[0],
			       vt_signal_name(WTERMSIG(status)));
	return vt_fail(driver, "%s: status %d", args->words.list[0], WEXITSTATUS(status));
}

static bool succeeds(struct vt_driver *driver, const void *what)
{
	const struct vt_args *args = what;

	return run_command(driver, args->words.list) == 0;
}

static enum vt_verdict wait_run(struct vt_driver *driver, const struct vt_args *args)
{
	if (vt_await(driver, &(struct vt_condition){ succeeds, args, -1, false }, VT_SPAN_LONG))
		return VT_PASS;
	return vt_fail(driver, "%s never succeeds", args->words.list[0]);
}

static enum vt_verdict need(struct vt_driver *driver, const struct vt_args *args)
{
	if (run_to_end(driver, args) == VT_PASS)
		return VT_PASS;
	return VT_SKIP;
}

/* Helpers */

static struct vt_helper *find_helper(struct vt_driver *driver, const char *name)
{
	for (size_t i = 0; i < VT_HELPERS_MAX; i++) {
		if (strcmp(driver->helpers[i].name, name) == 0)
			return &driver->helpers[i];
	}
	return NULL;
}

struct awaited_line {
	struct vt_helper *helper;
	char *line;
};

static bool has_line(struct vt_driver *driver, const void *what)
{
	struct awaited_line *const *awaited = what;

	(void)driver;
	(*awaited)->line = vt_helper_take_line((*awaited)->helper);
	return (*awaited)->line != NULL;
}

/* To be freed; NULL: it says nothing. */
static char *await_line(struct vt_driver *driver, struct vt_helper *helper)
{
	struct awaited_line awaited = { .helper = helper };
	struct awaited_line *pointer = &awaited;

	vt_await(driver, &(struct vt_condition){ has_line, &pointer, helper->out, false },
		 VT_SPAN_LONG);
	return awaited.line;
}

static bool says_ready(const char *line)
{
	return strncmp(line, "ready", 5) == 0;
}

static void publish(const char *prefix, const char *name, const char *suffix, const char *value)
{
	char variable[128];

	snprintf(variable, sizeof(variable), "%s%s%s", prefix, name, suffix);
	setenv(variable, value, 1);
}

static enum vt_verdict spawn(struct vt_driver *driver, const struct vt_args *args)
{
	const char *name = args->words.list[0];
	struct vt_helper *helper = find_helper(driver, name);
	char number[16];
	char *line;
	bool ready;

	if (!helper)
		helper = find_helper(driver, "");
	if (!helper || strlen(name) >= sizeof(helper->name))
		return vt_wrong(driver, "too many helpers, or too long a name");
	vt_helper_deinit(helper);
	if (vt_helper_start(helper, name, args->words.list + 1, driver->folder) < 0)
		err(1, "cannot start a helper");
	snprintf(number, sizeof(number), "%d", (int)helper->pid);
	publish("", name, "_PID", number);
	line = await_line(driver, helper);
	ready = line && says_ready(line);
	free(line);
	return ready ? VT_PASS : vt_fail(driver, "%s does not say that it is ready", name);
}

/* "ok NAME ADDRESS [PART]" */
static void publish_answer(const char *line)
{
	char name[64], address[64], part[64];
	int found = sscanf(line, "ok %63[A-Za-z0-9_] %63s %63s", name, address, part);

	if (found >= 2)
		publish("AT_", name, "", address);
	if (found == 3)
		publish("AT_", name, "_part", part);
}

static enum vt_verdict await_answer(struct vt_driver *driver, struct vt_helper *helper)
{
	char *line = await_line(driver, helper);
	enum vt_verdict verdict = VT_PASS;

	/* Of a program that it has become. */
	while (line && says_ready(line)) {
		free(line);
		line = await_line(driver, helper);
	}
	if (!line)
		return vt_fail(driver, "%s does not answer", helper->name);
	if (strncmp(line, "ok", 2) == 0)
		publish_answer(line);
	else
		verdict = vt_fail(driver, "%s answers: %s", helper->name, line);
	free(line);
	return verdict;
}

static enum vt_verdict tell(struct vt_driver *driver, const struct vt_args *args)
{
	char *name = args->text, *line = name + strcspn(name, " ");
	struct vt_helper *helper;

	if (!*line)
		return vt_wrong(driver, "tell whom what?");
	*line++ = '\0';
	helper = find_helper(driver, name);
	if (!helper)
		return vt_wrong(driver, "there is no helper %s", name);
	if (!vt_helper_tell(helper, line))
		return vt_fail(driver, "%s does not listen", name);
	return await_answer(driver, helper);
}

static enum vt_verdict kill_helper(struct vt_driver *driver, const struct vt_args *args)
{
	struct vt_helper *helper = find_helper(driver, args->words.list[0]);

	if (!helper)
		return vt_wrong(driver, "there is no such helper");
	vt_helper_deinit(helper);
	return VT_PASS;
}

static bool helper_ended(struct vt_driver *driver, const void *what)
{
	const struct vt_helper *helper = what;
	siginfo_t info = { 0 };

	(void)driver;
	return waitid(P_PID, (id_t)helper->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid != 0;
}

/* Until then it is a zombie. */
static enum vt_verdict reap_helper(struct vt_driver *driver, const struct vt_args *args)
{
	struct vt_helper *helper = find_helper(driver, args->words.list[0]);

	if (!helper)
		return vt_wrong(driver, "there is no such helper");
	if (!vt_await(driver, &(struct vt_condition){ helper_ended, helper, -1, false },
		      VT_SPAN_LONG))
		return vt_fail(driver, "%s does not end", helper->name);
	vt_helper_deinit(helper);
	return VT_PASS;
}

static enum vt_verdict must_fail(struct vt_driver *driver, const struct vt_args *args)
{
	enum vt_verdict verdict = vt_run_line(driver, args->text);

	if (verdict == VT_FAIL)
		return VT_PASS;
	return verdict == VT_PASS ? vt_fail(driver, "that did not fail") : verdict;
}

/* clang-format off */
const struct vt_command vt_setup_commands[] = {
	{ "size", VT_ARGS_WORDS, 2, 2, set_size },
	{ "env", VT_ARGS_TEXT, 1, 0, set_variable },
	{ "limit", VT_ARGS_TEXT, 0, 0, set_limit },
	{ "start", VT_ARGS_WORDS, 1, SIZE_MAX, start_program },
	{ "run", VT_ARGS_WORDS, 1, SIZE_MAX, run_to_end },
	{ "wait-run", VT_ARGS_WORDS, 1, SIZE_MAX, wait_run },
	{ "need", VT_ARGS_WORDS, 1, SIZE_MAX, need },
	{ "spawn", VT_ARGS_WORDS, 2, SIZE_MAX, spawn },
	{ "tell", VT_ARGS_TEXT, 1, 0, tell },
	{ "kill", VT_ARGS_WORDS, 1, 1, kill_helper },
	{ "reap", VT_ARGS_WORDS, 1, 1, reap_helper },
	{ "fails", VT_ARGS_RAW, 1, 0, must_fail },
	{ 0 },
};
/* clang-format on */
