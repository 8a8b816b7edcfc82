/*
 * `vmview --once`: mappings as text.
 */
#pragma once

#include "options.h"

/* Show what @options asks for on @out. Returns the exit status. */
int vm_once(const struct vm_options *options, FILE *out);
