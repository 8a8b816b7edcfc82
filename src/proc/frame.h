/*
 * A recorded frame that is open: what a source of type VM_SOURCE_FRAME reads from. It never changes, so that
 * copies of the source may be read by several threads.
 */
#pragma once

#include <stdatomic.h>

#include "facts.h"
#include "format.h"
#include "vmview/input.h"

/* Addresses of a mapping. */
struct vm_range {
	uint64_t start, end;
};

struct vm_open_frame {
	atomic_uint users;
	struct vm_frame frame;
	struct vm_extent text;
	char text_name[32];
	struct vm_facts facts;
	struct vm_range *linked; /* ascending */
	size_t linked_count;
};

/* The facts are read from @fd. 0, or a negative errno and @fault, as vm_recording_open_frame(). */
int vm_open_frame_new(int fd, const struct vm_frame_header *header, struct vm_open_frame **result,
		      struct vm_recording_fault *fault);

/* One more that will free it. NULL: nothing. */
void vm_open_frame_share(struct vm_open_frame *frame);

struct vm_open_frame *vm_open_frame_free(struct vm_open_frame *frame);

/* See vm_frame_links(). */
bool vm_open_frame_links(const struct vm_open_frame *frame, uint64_t start, uint64_t end);

/* See vm_input_open() and vm_source_each_task(). */
int vm_open_frame_input(const struct vm_open_frame *frame, int fd, const char *name,
			struct vm_input *input);
int vm_open_frame_each_task(const struct vm_open_frame *frame, int (*found)(pid_t pid, void *user),
			    void *user);
