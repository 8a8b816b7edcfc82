/*
 * What the measuring programs share: clocks, medians, lists of commands, rows of a Markdown table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Milliseconds since some moment. */
double now_ms(void);

/* Sorts them. Of none: 0. */
double median(double *values, size_t count);

#define BENCH_COMMANDS 32

/* One of `[SPEC COMMAND... --]...`; words are the program's own arguments. */
struct bench_command {
	char *spec;
	char **argv;
};

/* Returns how many. Ends the program where there are too many, or one without its words. */
size_t bench_read_commands(char **argv, struct bench_command commands[BENCH_COMMANDS]);

/* Cut the value that @mark introduces off @text: NULL where there is none. */
char *bench_cut(char *text, char mark);

/*
 * `WHAT at most LIMIT UNIT: good.` True: more than twice the limit, which is a failure, as machines differ. A limit of 0
 * is none.
 */
bool bench_judge(const char *what, double value, double limit, const char *unit);
