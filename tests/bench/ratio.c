/*
 * Wall time and peak memory of commands that are run in turns, so that whatever else the machine does
 * meets all of them alike.
 *
 *   ratio RUNS [NAME[@BASE][<LIMIT][^MIB] COMMAND... --]...
 *
 * Prints a table of medians: milliseconds, what they are of those of BASE, an earlier command, and MiB.
 * LIMIT is the highest ratio that is good, MIB the most memory. What is more than twice a limit is a
 * failure, as machines differ: exit status 1. Standard output of the commands goes to /dev/null.
 */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMAND_LIMIT 16
#define RUN_LIMIT 101

extern char **environ;

struct command {
	const char *name;
	char **argv;
	int base;         /* index of another command, or -1 */
	double limit;     /* of the ratio, 0 for none */
	double mib_limit; /* 0 for none */
	double times[RUN_LIMIT];
	double mib;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/*
 * The new process shares this small program's memory until it executes the command, so that its peak
 * is the command's own.
 */
static void run_once(struct command *command, int run)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	double start;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	start = now();
	if (posix_spawnp(&pid, command->argv[0], &actions, NULL, command->argv, environ) != 0)
		errx(2, "%s: cannot run it", command->argv[0]);
	if (wait4(pid, &status, 0, &usage) < 0)
		err(2, "wait4");
	command->times[run] = now() - start;
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		errx(2, "%s: failed with status %#x", command->name, (unsigned)status);
	if ((double)usage.ru_maxrss / 1024 > command->mib)
		command->mib = (double)usage.ru_maxrss / 1024;
}

static int compare_times(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(struct command *command, int runs)
{
	qsort(command->times, (size_t)runs, sizeof(double), compare_times);
	return runs % 2 ? command->times[runs / 2] :
			  (command->times[runs / 2 - 1] + command->times[runs / 2]) / 2;
}

static int find(const struct command *commands, int count, const char *name)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return i;
	}
	errx(2, "there is no command '%s' before", name);
}

/* Cut the value that @mark introduces off @text. */
static char *cut(char *text, char mark)
{
	char *at = strchr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

static struct command parse(char *text, const struct command *before, int count)
{
	const char *mib = cut(text, '^'), *limit = cut(text, '<'), *base = cut(text, '@');

	return (struct command){
		.name = text,
		.base = base ? find(before, count, base) : -1,
		.limit = limit ? atof(limit) : 0,
		.mib_limit = mib ? atof(mib) : 0,
	};
}

/* Whether it is bad enough to fail. */
static bool print_limit(const char *unit, double value, double limit)
{
	if (limit <= 0)
		return false;
	printf("  %s at most %g%s%s", value > limit ? "MISSED:" : "good:", limit, unit,
	       value > 2 * limit ? ", and by far" : "");
	return value > 2 * limit;
}

static bool report(struct command *commands, int count, int runs)
{
	double medians[COMMAND_LIMIT];
	bool failed = false;

	printf("%-22s %10s %10s %8s  %s\n", "", "ms, median", "best", "MiB", "ratio");
	for (int i = 0; i < count; i++) {
		struct command *c = &commands[i];

		medians[i] = median(c, runs);
		printf("%-22s %10.2f %10.2f %8.1f", c->name, medians[i], c->times[0], c->mib);
		if (c->base >= 0) {
			double ratio = medians[i] / medians[c->base];

			printf("  %.2f x %s", ratio, commands[c->base].name);
			failed |= print_limit("", ratio, c->limit);
		}
		failed |= print_limit(" MiB", c->mib, c->mib_limit);
		putchar('\n');
	}
	return failed;
}

static int read_commands(char **argv, struct command *commands)
{
	int count = 0;

	while (*argv) {
		if (count == COMMAND_LIMIT || !argv[1])
			errx(2, "too many commands, or one without its words");
		commands[count] = parse(argv[0], commands, count);
		commands[count++].argv = ++argv;
		while (*argv && strcmp(*argv, "--") != 0)
			argv++;
		if (*argv)
			*argv++ = NULL;
	}
	return count;
}

int main(int argc, char **argv)
{
	static struct command commands[COMMAND_LIMIT];
	int runs = argc > 1 ? atoi(argv[1]) : 0, count;

	if (runs < 1 || runs > RUN_LIMIT)
		errx(2, "usage: ratio RUNS [NAME COMMAND... --]...");
	count = read_commands(argv + 2, commands);
	for (int run = 0; run < runs; run++) {
		for (int i = 0; i < count; i++)
			run_once(&commands[i], run);
	}
	return report(commands, count, runs) ? EXIT_FAILURE : EXIT_SUCCESS;
}
