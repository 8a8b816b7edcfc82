#include "vt_driver.h"

#include <err.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a sanitizer says would scroll away on the terminal. */
static void send_reports_to(const char *folder, const char *variable)
{
	const char *options = getenv(variable);
	char text[4096];

	snprintf(text, sizeof(text), "%s%slog_path=%s/" VT_REPORTS, options ? options : "",
		 options ? ":" : "", folder);
	setenv(variable, text, 1);
}

/* A program that knows nothing of the terminal, the user and the place where the test runs. */
static void clean_environment(const char *folder)
{
	static const char *const strangers[] = {
		"COLUMNS",  "LINES",      "NO_COLOR", "COLORTERM",       "COLORFGBG",   "ESCDELAY",
		"TMUX",     "TERMINFO",   "TERMCAP",  "TERM_PROGRAM",    "LANG",        "LANGUAGE",
		"LC_CTYPE", "LC_NUMERIC", "LC_TIME",  "XDG_CONFIG_DIRS", "FORCE_COLOR",
	};
	char config[128];

	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		unsetenv(strangers[i]);
	snprintf(config, sizeof(config), "%s/config", folder);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("HOME", folder, 1);
	setenv("XDG_CONFIG_HOME", config, 1);
	setenv("TMP", folder, 1);
	send_reports_to(folder, "ASAN_OPTIONS");
	send_reports_to(folder, "TSAN_OPTIONS");
	send_reports_to(folder, "UBSAN_OPTIONS");
}

void vt_driver_init(struct vt_driver *driver)
{
	const char *patience = getenv("VTDRIVER_PATIENCE");
	const char *parent = getenv("TMPDIR");

	*driver = (struct vt_driver){ .cols = 80, .rows = 24, .patience = 1 };
	if (patience && strtod(patience, NULL) > 0)
		driver->patience = strtod(patience, NULL);
	if (!parent || strlen(parent) > sizeof(driver->folder) - sizeof("/vtdriver.XXXXXX"))
		parent = "/tmp";
	snprintf(driver->folder, sizeof(driver->folder), "%.40s/vtdriver.XXXXXX", parent);
	if (!mkdtemp(driver->folder))
		err(1, "%s", driver->folder);
	clean_environment(driver->folder);
	driver->terminal.fd = -1;
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *place)
{
	(void)stat;
	(void)type;
	(void)place;
	return remove(path);
}

void vt_driver_deinit(struct vt_driver *driver)
{
	vt_child_deinit(&driver->child);
	vt_terminal_deinit(&driver->terminal);
	for (size_t i = 0; i < VT_HELPERS_MAX; i++)
		vt_helper_deinit(&driver->helpers[i]);
	nftw(driver->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

enum vt_verdict vt_fail(struct vt_driver *driver, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(driver->message, sizeof(driver->message), format, args);
	va_end(args);
	return VT_FAIL;
}

enum vt_verdict vt_wrong(struct vt_driver *driver, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(driver->message, sizeof(driver->message), format, args);
	va_end(args);
	return VT_WRONG;
}

static void exchange(struct vt_driver *driver)
{
	vt_child_update(&driver->child);
	/* One that never stops writing shall not keep the script from being run. */
	for (int i = 0; i < 64 && vt_terminal_exchange(&driver->terminal); i++)
		;
}

void vt_driver_pump(struct vt_driver *driver, int milliseconds, int fd)
{
	bool has_child = driver->child.state != VT_CHILD_NONE;
	struct pollfd fds[] = {
		{ .fd = driver->terminal.fd, .events = POLLIN },
		{ .fd = has_child ? driver->child.report : -1, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};

	if (driver->terminal.unsent_len > 0)
		fds[0].events |= POLLOUT;
	poll(fds, sizeof(fds) / sizeof(fds[0]), milliseconds);
	exchange(driver);
}

static double seconds_since(uint64_t then)
{
	return (double)(vt_now() - then) / 1e9;
}

/* Its last words may be on their way through the terminal. */
static bool is_silent_for_ever(const struct vt_driver *driver)
{
	return driver->child.state == VT_CHILD_ENDED &&
	       seconds_since(driver->terminal.changed_ns) > 0.5 * driver->patience;
}

static double seconds_of(const struct vt_driver *driver, enum vt_span span)
{
	double usual = span == VT_SPAN_LONG ? 60 : 20;

	return driver->patience * (driver->limit > 0 ? driver->limit : usual);
}

bool vt_await(struct vt_driver *driver, const struct vt_condition *condition, enum vt_span span)
{
	double seconds = seconds_of(driver, span);
	uint64_t begin = vt_now();

	exchange(driver);
	while (!condition->holds(driver, condition->what)) {
		if (seconds_since(begin) > seconds)
			return false;
		if (condition->needs_program && is_silent_for_ever(driver))
			return false;
		vt_driver_pump(driver, 20, condition->fd);
	}
	return true;
}

bool vt_await_program(struct vt_driver *driver, enum vt_span span,
		      bool (*holds)(struct vt_driver *driver, const void *what), const void *what)
{
	return vt_await(driver,
			&(struct vt_condition){
				.holds = holds, .what = what, .fd = -1, .needs_program = true },
			span);
}

const char *vt_driver_state(const struct vt_driver *driver, char *space, size_t size)
{
	int status = driver->child.status;

	switch (driver->child.state) {
	case VT_CHILD_NONE:
		return "no program was started";
	case VT_CHILD_RUNNING:
		return "the program runs";
	case VT_CHILD_STOPPED:
		snprintf(space, size, "the program is stopped by SIG%s",
			 vt_signal_name(WSTOPSIG(status)));
		return space;
	case VT_CHILD_ENDED:
		if (WIFSIGNALED(status))
			snprintf(space, size, "the program was killed by SIG%s",
				 vt_signal_name(WTERMSIG(status)));
		else
			snprintf(space, size, "the program has exited with status %d",
				 WEXITSTATUS(status));
		return space;
	}
	return "";
}
