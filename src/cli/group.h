/*
 * `--group`: sums by kind, file or permissions, over all that the command line names.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Returns the exit status. */
int vm_print_groups(const struct vm_options *options, FILE *out);
