/*
 * vmview's own main() in a child, as if it had been executed, with calls that fail and output that leads anywhere.
 */
#pragma once

#include <stdio.h>

#include "inject.h"
#include "vmview/buf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Exit status of a sanitizer's finding; vmview has none like it. */
#define FINDING 99

/* What all runs share. */
struct bench {
	char pid[16],
		name[16];  /* of the process that is looked at: PID and NAME in a command line */
	char new_file[64]; /* where there is none: NEW in a command line */
	char changing[16]; /* a process that changes: CHANGING in a command line */
	char tape[80];     /* a recording: TAPE in a command line; removed with the rest */
	char story[80];    /* one in which something changes: STORY in a command line; likewise */
	void (*meanwhile)(void); /* happens while vmview waits, or NULL */
	bool can_wait;           /* that takes no time */
	int (*play)(void);       /* called instead of vmview's main(), where it is not NULL */
	int out, err;            /* files that keep what was written */
	struct fault *fault;     /* the child tells of it */
};

void bench_init(struct bench *bench);
void bench_deinit(struct bench *bench);

/* How a run ended. */
struct outcome {
	int status; /* as waitpid() tells it */
	bool struck;
	struct vm_buf out, err;
};

void outcome_deinit(struct outcome *outcome);

/* Run `vmview WORDS`, or what is played; @prepare (or NULL) is called in the child before. */
struct outcome bench_run(const struct bench *bench, const char *words, struct fault fault,
			 void (*prepare)(void));

/* It exited, by itself and not by a sanitizer, with this status. */
bool outcome_exited(const struct outcome *outcome, int status);

/* Neither signal nor sanitizer. */
bool outcome_is_orderly(const struct outcome *outcome);
