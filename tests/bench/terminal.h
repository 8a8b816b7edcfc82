/*
 * A program in a terminal of its own, and what it writes there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

struct terminal {
	pid_t pid;
	int fd;
	char last[8192]; /* the end of its output */
	size_t last_len;
};

void terminal_start(struct terminal *terminal, char **argv);

/* Read what is there, waiting at most @wait_ms for the first of it. False: nothing came, or it ended. */
bool terminal_take(struct terminal *terminal, int wait_ms);

/* Until @text is written. False: it never was. */
bool terminal_wait_for(struct terminal *terminal, const char *text);

void terminal_type(struct terminal *terminal, const char *keys);

/* Read whatever comes for so long. */
void terminal_watch(struct terminal *terminal, double ms);

/* Processor time of the program so far, without that of its children. */
double terminal_cpu_ms(const struct terminal *terminal);

/* Ask it to end by @keys (may be NULL) and else by signals. What it and its children used is in @usage. */
void terminal_stop(struct terminal *terminal, const char *keys, struct rusage *usage);
