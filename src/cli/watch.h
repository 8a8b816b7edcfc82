/*
 * `--watch`: what changes in the mappings of processes, or their sums, while it happens.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Returns the exit status, once all processes have ended or enough has been told. */
int vm_watch(const struct vm_options *options, FILE *out);
