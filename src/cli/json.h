/*
 * `--json` and `--ndjson`: everything that is known, for programs.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Both return the exit status. */
int vm_print_json(const struct vm_options *options, FILE *out);
int vm_print_ndjson(const struct vm_options *options, FILE *out);
