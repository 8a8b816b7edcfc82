/*
 * `--openmetrics`: processes as metrics.
 */
#pragma once

#include <stdio.h>

#include "options.h"

/*
 * Returns the exit status. A process that is not there, has ended or may not be read is no failure: the metrics tell it, so that
 * a file of them is made anew in any case.
 */
int vm_print_metrics(const struct vm_options *options, FILE *out);
