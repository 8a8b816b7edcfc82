/*
 * `-o`, `--csv` and `--list-columns`: chosen columns.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/* Return the exit status. */
int vm_print_table(const struct vm_options *options, FILE *out);
int vm_print_csv(const struct vm_options *options, FILE *out);

void vm_list_columns(FILE *out);
