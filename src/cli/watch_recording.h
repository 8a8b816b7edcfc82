/*
 * `--watch --from RECORDING`: all that happened in it.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Returns the exit status. */
int vm_watch_recording(const struct vm_options *options, FILE *out);
