/*
 * The command line of vmview-demo.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

enum demo_request {
	DEMO_REQUEST_RUN,
	DEMO_REQUEST_SPLIT,
	DEMO_REQUEST_LIST,
	DEMO_REQUEST_HELP,
	DEMO_REQUEST_VERSION
};

enum { DEMO_EXIT_OK = 0, DEMO_EXIT_DIFFERS = 1, DEMO_EXIT_USAGE = 2 };

struct demo_options {
	const char *program;
	enum demo_request request;
	bool by_itself; /* --auto */
	int pause_ms;   /* with --auto: between two steps */
	bool hold, quiet, json;
	char **scenes; /* names, all known, borrowed from argv; none: all scenes */
	int scene_count;
};

/* False: the command line was wrong, which has been said on standard error. */
bool demo_options_parse(int argc, char **argv, struct demo_options *options);

void demo_options_help(const struct demo_options *options, FILE *out);
