/*
 * `--record`: what a process's memory is, again and again, into a file.
 */
#pragma once

#include "options.h"

/* Record until the process ends, the time is over, or a signal comes. Returns the exit status. */
int vm_record(const struct vm_options *options);
