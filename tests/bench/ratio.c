/*
 * Commands that are run in turns, so that whatever else the machine does meets all of them alike.
 *
 *   ratio RUNS SECONDS TITLE [NAME[@BASE][<LIMIT][^MIB] COMMAND... --]...
 *
 * Prints a Markdown table: medians of wall and processor time, system calls, peak memory, and the wall time in terms
 * of BASE's, an earlier command. A command that has taken SECONDS is run no more, once it has run three times.
 * LIMIT is the highest ratio that is good, MIB the most memory. What is more than twice a limit is a
 * failure: exit status 1. Standard output of the commands goes to /dev/null.
 */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "measure.h"

#define RUN_LIMIT 101
#define RUNS_AT_LEAST 3

extern char **environ;

struct command {
	const char *name;
	char **argv;
	int base;         /* index of another command, or -1 */
	double limit;     /* of the ratio, 0 for none */
	double mib_limit; /* 0 for none */
	double wall[RUN_LIMIT], cpu[RUN_LIMIT];
	size_t runs;
	double spent, mib;
	long calls;
};

static double ms_of(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

/*
 * The new process shares this small program's memory until it executes the command, so that its peak
 * is the command's own.
 */
static void run_once(struct command *command)
{
	posix_spawn_file_actions_t actions;
	size_t run = command->runs++;
	struct rusage usage;
	double start, mib;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	start = now_ms();
	if (posix_spawnp(&pid, command->argv[0], &actions, NULL, command->argv, environ) != 0)
		errx(2, "%s: cannot run it", command->argv[0]);
	if (wait4(pid, &status, 0, &usage) < 0)
		err(2, "wait4");
	command->wall[run] = now_ms() - start;
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		errx(2, "%s: failed with status %#x", command->name, (unsigned)status);
	command->cpu[run] = ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
	command->spent += command->wall[run] / 1e3;
	mib = (double)usage.ru_maxrss / 1024;
	if (mib > command->mib)
		command->mib = mib;
}

static int find(const struct command *commands, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return (int)i;
	}
	errx(2, "there is no command '%s' before", name);
}

static struct command parse(const struct bench_command *words, const struct command *before,
			    size_t count)
{
	const char *mib = bench_cut(words->spec, '^'), *limit = bench_cut(words->spec, '<'),
		   *base = bench_cut(words->spec, '@');

	return (struct command){
		.name = words->spec,
		.argv = words->argv,
		.base = base ? find(before, count, base) : -1,
		.limit = limit ? atof(limit) : 0,
		.mib_limit = mib ? atof(mib) : 0,
	};
}

static size_t read_commands(char **argv, struct command *commands)
{
	struct bench_command words[BENCH_COMMANDS];
	size_t count = bench_read_commands(argv, words);

	for (size_t i = 0; i < count; i++)
		commands[i] = parse(&words[i], commands, i);
	return count;
}

static void run_all(struct command *commands, size_t count, size_t runs, double seconds)
{
	for (size_t run = 0; run < runs; run++) {
		for (size_t i = 0; i < count; i++) {
			if (run < RUNS_AT_LEAST || commands[i].spent < seconds)
				run_once(&commands[i]);
		}
	}
	for (size_t i = 0; i < count; i++)
		commands[i].calls = count_calls(commands[i].argv);
}

static bool print_row(struct command *c, double wall, const struct command *base, double base_wall)
{
	bool failed = false;
	char calls[24] = "-";

	if (c->calls >= 0)
		snprintf(calls, sizeof(calls), "%ld", c->calls);
	printf("| %-24s | %9.2f | %9.2f | %8s | %6.1f | ", c->name, wall, median(c->cpu, c->runs),
	       calls, c->mib);
	if (base) {
		double ratio = wall / base_wall;

		printf("%5.2f x %-10s | ", ratio, base->name);
		failed |= bench_judge("wall", ratio, c->limit, "x");
	} else {
		printf("%18s | ", "");
	}
	failed |= bench_judge("memory", c->mib, c->mib_limit, "MiB");
	puts("|");
	return failed;
}

static bool report(struct command *commands, size_t count, const char *title)
{
	double walls[BENCH_COMMANDS];
	bool failed = false;

	printf("| %-24s | %9s | %9s | %8s | %6s | %-18s | |\n", title, "wall ms", "CPU ms", "calls",
	       "MiB", "wall");
	puts("|---|--:|--:|--:|--:|--:|---|");
	for (size_t i = 0; i < count; i++) {
		struct command *c = &commands[i];
		int base = c->base;

		walls[i] = median(c->wall, c->runs);
		failed |= print_row(c, walls[i], base < 0 ? NULL : &commands[base],
				    base < 0 ? 0 : walls[base]);
	}
	return failed;
}

int main(int argc, char **argv)
{
	static struct command commands[BENCH_COMMANDS];
	int runs = argc > 3 ? atoi(argv[1]) : 0;
	size_t count;

	if (runs < 1 || runs > RUN_LIMIT)
		errx(2, "usage: ratio RUNS SECONDS TITLE [NAME COMMAND... --]...");
	count = read_commands(argv + 4, commands);
	run_all(commands, count, (size_t)runs, atof(argv[2]));
	return report(commands, count, argv[3]) ? EXIT_FAILURE : EXIT_SUCCESS;
}
