/*
 * What is selected of a process or capture.
 */
#pragma once

#include "sources.h"

/* Indexes into the snapshot of a look. */
struct vm_rows {
	const uint32_t *items;
	size_t count;
};

/* Takes what is selected. 0 or a negative errno. */
typedef int (*vm_take_fn)(const struct vm_visit *visit, const struct vm_look *look,
			  const struct vm_rows *rows, void *user);

/*
 * Read @visit, hand it to @take, and say what went wrong. Where nothing at all could be read @take is not called. Returns the
 * exit status.
 */
int vm_visit_selected(const struct vm_visit *visit, enum vm_detail detail, FILE *out,
		      vm_take_fn take, void *user);

/* Append `PID:   command` and a newline, as pmap heads a process. */
void vm_visit_put_heading(const struct vm_visit *visit, struct vm_buf *text);
