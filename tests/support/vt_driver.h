/*
 * What a script acts on, and what its commands are made of.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vt_args.h"
#include "vt_child.h"
#include "vt_helper.h"
#include "vt_terminal.h"

enum { VT_HELPERS_MAX = 8 };

/* How the names of files begin in which sanitizers report. */
#define VT_REPORTS "sanitizer"

enum vt_verdict {
	VT_PASS,
	VT_FAIL,  /* something is not as expected */
	VT_WRONG, /* the script itself is */
	VT_SKIP,
	VT_VERDICT_COUNT
};

struct vt_driver {
	char folder[64]; /* where everything is started */
	int cols, rows;
	double patience; /* all times are multiplied by it */
	double limit;    /* seconds for `wait`; and 0: as usual */
	struct vt_terminal terminal;
	struct vt_child child;
	struct vt_helper helpers[VT_HELPERS_MAX];
	char message[2048]; /* about the last verdict that was not VT_PASS */
};

void vt_driver_init(struct vt_driver *driver);
void vt_driver_deinit(struct vt_driver *driver);

/* Say why, and be the verdict. */
__attribute__((format(printf, 2, 3))) enum vt_verdict vt_fail(struct vt_driver *driver,
							      const char *format, ...);
__attribute__((format(printf, 2, 3))) enum vt_verdict vt_wrong(struct vt_driver *driver,
							       const char *format, ...);

/*
 * Let the terminal do its part until something happens there or at @fd (or -1), or for this long.
 */
void vt_driver_pump(struct vt_driver *driver, int milliseconds, int fd);

/* How long to wait for something. */
enum vt_span {
	VT_SPAN_LONG,  /* for what takes time */
	VT_SPAN_SHORT, /* for what should be so, once the rest of a frame is there */
};

struct vt_condition {
	bool (*holds)(struct vt_driver *driver, const void *what);
	const void *what;
	int fd;             /* also wake up for this, or -1 */
	bool needs_program; /* when it has ended, nothing will change any more */
};

bool vt_await(struct vt_driver *driver, const struct vt_condition *condition, enum vt_span span);

/* Wait for what the program does or shows. */
bool vt_await_program(struct vt_driver *driver, enum vt_span span,
		      bool (*holds)(struct vt_driver *driver, const void *what), const void *what);

/* In words: the program runs, is stopped, has ended. */
const char *vt_driver_state(const struct vt_driver *driver, char *space, size_t size);

/* Arguments of a command, in the form that its row of the table asks for. */
struct vt_args {
	int number;            /* row, from 0 */
	char *text;            /* never NULL */
	struct vt_words words; /* of the text */
};

enum vt_args_form {
	VT_ARGS_NONE,
	VT_ARGS_TEXT,     /* all of it */
	VT_ARGS_ROW_TEXT, /* a row's number before the text */
	VT_ARGS_WORDS,    /* at least @min of them */
	VT_ARGS_RAW,      /* the text without a look at its variables */
};

struct vt_command {
	const char *name;
	enum vt_args_form form;
	size_t min, max;
	enum vt_verdict (*run)(struct vt_driver *driver, const struct vt_args *args);
};

/* Tables, each ended by a row without a name. */
extern const struct vt_command vt_setup_commands[];
/* These need a program that was started: */
extern const struct vt_command vt_act_commands[];    /* what is done to it */
extern const struct vt_command vt_wait_commands[];   /* what is waited for */
extern const struct vt_command vt_expect_commands[]; /* what must be so */

/* Run one line of a script. */
enum vt_verdict vt_run_line(struct vt_driver *driver, const char *line);

/* "TERM" to SIGTERM and back. 0 and "?" where there is none. */
int vt_signal_number(const char *name);
const char *vt_signal_name(int number);

/* A whole number in decimal and nothing else. */
bool vt_number(const char *word, int *number);
