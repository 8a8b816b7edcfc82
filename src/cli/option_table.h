/*
 * The table of options: what getopt_long(3) is told, and the help made from it.
 */
#pragma once

#include <getopt.h>
#include <stdio.h>

#include "options.h"

/* Long options without a letter of their own. */
enum {
	OPTION_ONCE = 256,
	OPTION_FROM,
	OPTION_FRAME,
	OPTION_RECORD,
	OPTION_FOR,
	OPTION_COLOR,
	OPTION_LIST_COLUMNS,
	OPTION_NO_HEADINGS,
	OPTION_BYTES,
	OPTION_CSV,
	OPTION_NDJSON,
	OPTION_SUMMARY,
	OPTION_GROUP,
	OPTION_OPENMETRICS,
	OPTION_KIND,
	OPTION_BACKING,
	OPTION_SHARING,
	OPTION_PERMS,
	OPTION_MATCH,
	OPTION_MIN_RSS,
	OPTION_FILTER,
	OPTION_AT,
	OPTION_AROUND,
	OPTION_SORT,
	OPTION_REVERSE,
	OPTION_WATCH,
	OPTION_COUNT,
	OPTION_DIFF,
	OPTION_BY,
	OPTION_INTERVAL,
	OPTION_OUTPUT,
	OPTION_NO_MOUSE,
	OPTION_ASCII,
	OPTION_FOLLOW_DEMO
};

/* Room for what vm_option_table_fill() makes. */
#define VM_OPTIONS_MAX 80

struct vm_getopt_table {
	char letters[2 * VM_OPTIONS_MAX + 2];
	struct option longs[VM_OPTIONS_MAX + 1];
};

/* With @as_pmap only what pmap has, so that what it takes as an abbreviation is one here too. */
void vm_option_table_fill(bool as_pmap, struct vm_getopt_table *result);

/* Whether the option asks for text, so that there is no live view. @code as getopt_long() returns it. */
bool vm_option_asks_text(int code);

/* Whether pmap does not have it, so that using it wrongly has a status of its own. */
bool vm_option_is_own(int code);
