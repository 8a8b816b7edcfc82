/*
 * Taking a snapshot in a test.
 */
#pragma once

#include "helper.h"
#include "vmview/sample.h"

/* A snapshot with the report of how it was taken. */
struct sample {
	struct vm_snapshot snapshot;
	struct vm_report report;
	int result;
};

void sample_deinit(struct sample *sample);

struct sample sample_source(const struct vm_source *source, enum vm_detail detail);

/* Of what can be opened; fails where it cannot. */
struct sample sample_process(pid_t pid, enum vm_detail detail);
struct sample sample_saved(const char *path, enum vm_detail detail);

/* For vm_sample_stream(): goes on. */
int ignore_mapping(const struct vm_mapping *mapping, void *user);
