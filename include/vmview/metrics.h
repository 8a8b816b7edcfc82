/*
 * Processes as metrics, in the text format of Prometheus, which is valid OpenMetrics as well.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/ and https://openmetrics.io/
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "vmview/buf.h"
#include "vmview/limits.h"
#include "vmview/tally.h"

struct vm_metrics_process {
	pid_t pid; /* 0: not known; else no two have the same */
	bool has_uid;
	uid_t uid;
	struct vm_buf command;
	bool readable; /* what could not be read is left out */
	struct vm_quantity max_mappings;
	struct vm_tally kinds; /* arranged */
};

void vm_metrics_process_deinit(struct vm_metrics_process *process);

/*
 * Append what is known of @processes, @count of them. What is not known has no sample, and is never 0. Of names, what is
 * no valid UTF-8 or not safe for a terminal becomes U+FFFD. @version is that of the program.
 */
void vm_metrics_put(struct vm_buf *text, const struct vm_metrics_process *processes, size_t count,
		    const char *version);
