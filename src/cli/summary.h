/*
 * `--summary`: sums by kind, and what limits the process.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Returns the exit status. */
int vm_print_summary(const struct vm_options *options, FILE *out);
