/*
 * What the terminal behind standard output can show.
 */
#pragma once

#include "options.h"

enum vm_depth vm_terminal_depth(enum vm_colour_when when, FILE *out);
