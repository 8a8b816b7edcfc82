/*
 * Reading one entry of a source, wherever it is kept: a file of /proc, of a folder, a recorded frame.
 */
#pragma once

#include <sys/types.h>

#include "vmview/source.h"
#include "vmview/str.h"

struct vm_section;

struct vm_input {
	const char *reason; /* why reading failed with -EBADMSG, else NULL; a static string */

	/* the input's own */
	int fd;
	struct vm_str rest; /* of what is in memory */
	struct vm_section *section;
	int error; /* what reading ends with */
};

/*
 * Open the entry @name of @source ("smaps", "task/12/stat"); of a saved file "" is all of it. 0, or a negative
 * errno: of vm_source_open_entry(); or as it was when the frame was recorded; -ENOMEM. An input must not
 * outlive its source, and is untouched on failure.
 */
int vm_input_open(const struct vm_source *source, const char *name, struct vm_input *input);

/*
 * Read on, up to @size bytes. Bytes read, which may be fewer, 0 at the end, or a negative errno. A recorded
 * text that the kernel broke off ends with the error that it gave. -EBADMSG: what was recorded is damaged.
 */
ssize_t vm_input_read(struct vm_input *input, void *room, size_t size);

void vm_input_close(struct vm_input *input);
