/*
 * The command line: one table of options, what they mean, and the help made from it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "vmview/pmap.h"

enum vm_rc_use {
	VM_RC_NONE,
	VM_RC_READ_DEFAULT,   /* -c */
	VM_RC_READ_FILE,      /* -C */
	VM_RC_CREATE_DEFAULT, /* -n */
	VM_RC_CREATE_FILE     /* -N */
};

enum vm_colour_when { VM_COLOUR_AUTO, VM_COLOUR_ALWAYS, VM_COLOUR_NEVER };

/* What the command line asks for beyond showing processes. */
enum vm_request { VM_REQUEST_SHOW, VM_REQUEST_HELP, VM_REQUEST_VERSION };

struct vm_options {
	const char *program; /* what we were called as, without folders */
	bool as_pmap;        /* called pmap: behave as it */
	bool once;
	enum vm_request request;
	enum vm_pmap_format format;
	bool quiet, show_path, kernel_names;
	uint64_t low, high;
	enum vm_rc_use rc;
	const char *rc_path; /* with VM_RC_READ_FILE and VM_RC_CREATE_FILE */
	const char *from;    /* --from, or NULL */
	enum vm_colour_when colour;
	bool text_only;       /* an option was given that only text output knows */
	uint64_t interval_ns; /* --interval; 0: what the settings say */
	bool no_mouse, ascii;
	const char *output; /* --output, or NULL */
	char **command;     /* behind --, NULL-terminated, borrowed from argv; NULL: none */
	char **targets;     /* PIDs and names, borrowed from argv */
	int target_count;
	const char *follow_demo; /* --follow-demo: where vmview-demo leaves word, or NULL */
};

/* Fill @options from the command line. False: it was wrong, which has been said on standard error. */
bool vm_options_parse(int argc, char **argv, struct vm_options *options);

void vm_options_help(const struct vm_options *options, FILE *out);
