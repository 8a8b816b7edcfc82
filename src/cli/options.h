/*
 * The command line: one table of options, what they mean, and the help made from it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "vmview/difference.h"
#include "vmview/pmap.h"
#include "vmview/selection.h"
#include "vmview/size.h"
#include "vmview/tally.h"

enum vm_rc_use {
	VM_RC_NONE,
	VM_RC_READ_DEFAULT,   /* -c */
	VM_RC_READ_FILE,      /* -C */
	VM_RC_CREATE_DEFAULT, /* -n */
	VM_RC_CREATE_FILE     /* -N */
};

enum vm_colour_when { VM_COLOUR_AUTO, VM_COLOUR_ALWAYS, VM_COLOUR_NEVER };

/* What the command line asks for beyond showing processes. */
enum vm_request { VM_REQUEST_SHOW, VM_REQUEST_HELP, VM_REQUEST_VERSION, VM_REQUEST_LIST_COLUMNS };

/* What is told of processes. */
enum vm_task {
	VM_TASK_LIST,       /* their mappings */
	VM_TASK_SUMMARY,    /* --summary */
	VM_TASK_GROUP,      /* --group */
	VM_TASK_METRICS,    /* --openmetrics */
	VM_TASK_RECORD,     /* --record */
	VM_TASK_WATCH,      /* --watch: changes of them */
	VM_TASK_WATCH_SUMS, /* --watch --summary: totals again and again */
	VM_TASK_DIFF        /* --diff */
};

/* Whether it is sums, once, in place of mappings. */
static inline bool vm_task_is_sums(enum vm_task task)
{
	return task == VM_TASK_SUMMARY || task == VM_TASK_GROUP || task == VM_TASK_METRICS;
}

/* How text is written. */
enum vm_form {
	VM_FORM_PMAP,  /* as pmap does, see vm_options.format */
	VM_FORM_TABLE, /* -o and what belongs to it */
	VM_FORM_CSV,
	VM_FORM_JSON,
	VM_FORM_NDJSON
};

#define VM_COLUMNS_MAX 256

struct vm_options {
	const char *program; /* what we were called as, without folders */
	bool as_pmap;        /* called pmap: behave as it */
	bool once;
	enum vm_request request;
	enum vm_task task;
	enum vm_form form;
	enum vm_pmap_format format;
	bool quiet, show_path, kernel_names;
	uint64_t low, high;
	enum vm_rc_use rc;
	const char *rc_path;  /* with VM_RC_READ_FILE and VM_RC_CREATE_FILE */
	const char *from;     /* --from, or NULL */
	const char *frame;    /* of a recording, or NULL: the last */
	const char *record;   /* --record, or NULL */
	uint64_t duration_ns; /* --for; 0: to the end */
	enum vm_colour_when colour;
	bool text_only; /* an option was given that only text output knows */
	bool no_headings;
	enum vm_size_style units;
	enum vm_column columns[VM_COLUMNS_MAX];
	size_t column_count; /* 0: all that there is, in JSON */
	struct vm_selection selection;
	enum vm_group_key group;         /* with VM_TASK_GROUP */
	enum vm_tally_column tally_sort; /* of sums */
	bool selects;                    /* something was said of it */
	bool sorts, has_columns;         /* --sort, -o: so, whatever is usual */
	enum vm_pairing pairing;         /* --by; only with @has_pairing */
	bool has_pairing;
	uint64_t count;       /* --count: so many intervals; 0: until the end */
	bool own;             /* an option was given that pmap does not have */
	uint64_t interval_ns; /* --interval; 0: what the settings say */
	bool no_mouse, ascii;
	const char *output; /* --output, or NULL */
	char **command;     /* behind --, NULL-terminated, borrowed from argv; NULL: none */
	char **targets;     /* PIDs and names, borrowed from argv */
	int target_count;
	const char *follow_demo; /* --follow-demo: where vmview-demo leaves word, or NULL */
};

/*
 * Fill @options from the command line. VM_EXIT_OK, or the status with which the program shall end because it was
 * wrong, which has been said on standard error.
 */
int vm_options_parse(int argc, char **argv, struct vm_options *options);

void vm_options_deinit(struct vm_options *options);

void vm_options_help(const struct vm_options *options, FILE *out);
