/*
 * fault_live FIXTURES: the live view on a terminal, from its start to its settings file, each time with the next of its calls failing.
 *
 * It changes a setting and quits. Promised: it ends by itself, the settings file is whole whatever happens, nothing lies beside it,
 * and what was not kept was told.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "runner.h"
#include "tui/settings.h"

int __wrap_main(int argc, char **argv);

#define WORDS "--from arm-3.10"

static const struct plan {
	const char *name;
	enum fault_class class;
	int error;
} plans[] = {
	{ "no memory", FAULT_MEMORY, ENOMEM },
	{ "open fails, EMFILE", FAULT_OPEN, EMFILE },
	{ "stat fails, EIO", FAULT_LOOK, EIO },
	{ "read fails, EIO", FAULT_READ, EIO },
	{ "read is interrupted", FAULT_READ, EINTR },
	{ "settings cannot be written", FAULT_SAVE, ENOSPC },
	{ "write of settings is interrupted", FAULT_PUT, EINTR },
	{ "write of settings is short", FAULT_PUT_SHORT, 0 },
};

/* Takes what the terminal shows, so that nobody waits for it. */
static void drain(int terminal)
{
	char room[4096];

	while (read(terminal, room, sizeof(room)) > 0)
		;
	_exit(0);
}

/* A terminal on which somebody changes the units and quits, before it is looked at. */
static void open_terminal(void)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, &size) < 0 || write(master, "uq", 2) != 2)
		err(1, "openpty");
	if (fork() == 0) {
		close(slave);
		drain(master);
	}
	close(master);
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	close(slave);
	setenv("TERM", "xterm", 1);
}

static void count_wrong(size_t line, const char *what, void *user)
{
	(void)line;
	(void)what;
	++*(int *)user;
}

/* The units in the settings file; -1: it is not whole. Where there is none they are what they are at first. */
static int saved_units(const char *path)
{
	struct tui_settings settings = tui_settings_default();
	int fd = open(path, O_RDONLY | O_CLOEXEC), wrong = 0;
	char text[8192];
	ssize_t n;

	if (fd < 0)
		return (int)settings.units;
	n = read(fd, text, sizeof(text));
	close(fd);
	if (n <= 0 || text[n - 1] != '\n')
		return -1;
	tui_settings_parse(&settings, (struct vm_str){ text, (size_t)n }, count_wrong, &wrong);
	return wrong || !memmem(text, (size_t)n, "\ncolumns = ", 11) ? -1 : (int)settings.units;
}

static size_t count_files(const char *path)
{
	DIR *folder = opendir(path);
	size_t count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count;
}

struct home {
	char path[40], folder[64], file[80];
};

static bool is_good(const struct home *home, const struct outcome *outcome, int before)
{
	int after = saved_units(home->file);

	if (!outcome_is_orderly(outcome) || after < 0)
		return false;
	/* Itself, `.` and `..`. */
	if (count_files(home->folder) > 3)
		return false;
	return after != before || outcome->err.len;
}

static bool carry_out(const struct bench *bench, const struct home *home, const struct plan *plan)
{
	struct fault fault = { .class = plan->class, .error = plan->error };
	bool struck = true, good = true;

	while (struck) {
		int before = saved_units(home->file);
		struct outcome outcome;

		fault.at++;
		outcome = bench_run(bench, WORDS, fault, open_terminal);
		struck = outcome.struck;
		if (!is_good(home, &outcome, before)) {
			printf("# call %u: status %#x, units %d, then %d, %zu files\n# %.*s\n",
			       fault.at, (unsigned)outcome.status, before, saved_units(home->file),
			       count_files(home->folder), (int)outcome.err.len, outcome.err.p);
			good = false;
		}
		outcome_deinit(&outcome);
	}
	printf("# %s: %u\n", plan->name, fault.at - 1);
	return good;
}

static struct home make_home(void)
{
	struct home home = { .path = "/tmp/vmview-fault-XXXXXX" };

	if (!mkdtemp(home.path))
		err(1, "%s", home.path);
	snprintf(home.folder, sizeof(home.folder), "%s/vmview", home.path);
	snprintf(home.file, sizeof(home.file), "%s/config", home.folder);
	setenv("XDG_CONFIG_HOME", home.path, 1);
	return home;
}

static void remove_home(const struct home *home)
{
	unlink(home->file);
	rmdir(home->folder);
	rmdir(home->path);
}

/* Without a fault the setting is kept. */
static bool works(const struct bench *bench, const struct home *home)
{
	struct outcome outcome = bench_run(bench, WORDS, (struct fault){ 0 }, open_terminal);
	bool fine = outcome_exited(&outcome, 0) && saved_units(home->file) == VM_SIZE_KIB;

	if (!fine)
		printf("# status %#x, %.*s\n", (unsigned)outcome.status, (int)outcome.err.len,
		       outcome.err.p);
	outcome_deinit(&outcome);
	return fine;
}

static bool has_terminals(void)
{
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
		return false;
	close(master);
	close(slave);
	return true;
}

int __wrap_main(int argc, char **argv)
{
	struct home home;
	struct bench bench;
	int failed = 0;

	if (argc != 2 || chdir(argv[1]) < 0)
		errx(1, "usage: fault_live FIXTURES");
	if (!has_terminals()) {
		printf("1..0 # SKIP no terminal can be made here\n");
		return 0;
	}
	bench_init(&bench);
	home = make_home();
	if (works(&bench, &home)) {
		for (size_t i = 0; i < COUNT(plans); i++) {
			bool good = carry_out(&bench, &home, &plans[i]);

			failed += !good;
			printf("%s %zu - live view: %s\n", good ? "ok" : "not ok", i + 1,
			       plans[i].name);
		}
		printf("1..%zu\n", COUNT(plans));
	} else {
		printf("1..1\nnot ok 1 - live view on a terminal\n");
		failed++;
	}
	remove_home(&home);
	bench_deinit(&bench);
	return failed > 0;
}
