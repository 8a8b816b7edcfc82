/*
 * `--diff A B`: what differs between two processes, captures, or moments of one.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Returns the exit status, which does not tell whether there were differences. */
int vm_diff(const struct vm_options *options, FILE *out);
