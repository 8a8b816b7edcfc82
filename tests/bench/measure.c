#include "measure.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double median(double *values, size_t count)
{
	if (!count)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

size_t bench_read_commands(char **argv, struct bench_command commands[BENCH_COMMANDS])
{
	size_t count = 0;

	while (*argv) {
		if (count == BENCH_COMMANDS || !argv[1])
			errx(2, "too many commands, or one without its words");
		commands[count].spec = *argv++;
		commands[count++].argv = argv;
		while (*argv && strcmp(*argv, "--") != 0)
			argv++;
		if (*argv)
			*argv++ = NULL;
	}
	return count;
}

char *bench_cut(char *text, char mark)
{
	char *at = strchr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

bool bench_judge(const char *what, double value, double limit, const char *unit)
{
	if (limit <= 0)
		return false;
	printf("%s at most %.4g %s: %s%s. ", what, limit, unit,
	       value > limit ? "**MISSED**" : "good", value > 2 * limit ? ", by far" : "");
	return value > 2 * limit;
}
