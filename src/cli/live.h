/*
 * The live view: what it is to show, and what is said before and after it.
 */
#pragma once

#include "options.h"

/* Whether the command line asks for the live view rather than for text. */
bool vm_wants_live(const struct vm_options *options);

/* Returns the exit status. */
int vm_live(const struct vm_options *options);
