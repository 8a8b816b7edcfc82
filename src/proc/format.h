/*
 * A recording's first line, and the header of a frame as bytes. The format stands in vmview/recording.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "section.h"
#include "vmview/recording.h"

#define VM_RECORDING_LINE "vmview recording 1\n"
#define VM_RECORDING_LINE_SIZE (sizeof(VM_RECORDING_LINE) - 1)

#define VM_FRAME_MAGIC "\x89vmf\r\n\x1a\n"
#define VM_FRAME_MAGIC_SIZE (sizeof(VM_FRAME_MAGIC) - 1)
#define VM_FRAME_HEADER_SIZE 120

struct vm_frame_header {
	struct vm_frame frame;        /* without its place in the file */
	struct vm_extent text, facts; /* without theirs */
};

/* Numbers of @size bytes, the lowest first. */
void vm_little_put(unsigned char *bytes, uint64_t value, size_t size);
uint64_t vm_little_get(const unsigned char *bytes, size_t size);

void vm_frame_header_put(const struct vm_frame_header *header,
			 unsigned char bytes[VM_FRAME_HEADER_SIZE]);

/* What is found where a frame should begin. */
enum vm_frame_state {
	VM_FRAME_WHOLE,      /* as far as its header tells */
	VM_FRAME_UNFINISHED, /* no header yet */
	VM_FRAME_CUT,        /* the file ends within it */
	VM_FRAME_DAMAGED,    /* its header is not what was written */
	VM_FRAME_LOST,       /* what its header tells of is not what was written */
	VM_FRAME_LATER,      /* of a later format */
	VM_FRAME_ODD,        /* its header tells what cannot be */
	VM_FRAME_NONE,
	VM_FRAME_STATE_COUNT
};

/* NULL for a whole frame. */
const char *vm_frame_state_reason(enum vm_frame_state state);

/* @header is filled where the frame is whole. */
enum vm_frame_state vm_frame_header_get(const unsigned char bytes[VM_FRAME_HEADER_SIZE],
					struct vm_frame_header *header);

/*
 * An entry of the facts: eight bytes, the name, the bytes.
 */
#define VM_FACT_HEADER_SIZE 8
