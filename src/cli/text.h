/*
 * Text in place of the live view: which command prints it.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Print what @options ask for to @out. Returns the exit status. */
int vm_text(const struct vm_options *options, FILE *out);
