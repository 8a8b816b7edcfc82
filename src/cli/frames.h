/*
 * Which frame of a recording is meant.
 */
#pragma once

#include "options.h"
#include "vmview/recording.h"

/* What came of opening a file as a recording. */
enum vm_frame_result {
	VM_FRAME_OPEN,
	VM_FRAME_NO_RECORDING, /* it is something else */
	VM_FRAME_FAILED        /* @reason tells why */
};

/*
 * Open the frame @spec of the recording @path (NULL: the last one) as @source. What is damaged behind its whole frames is
 * said.
 */
enum vm_frame_result vm_frame_open(const char *program, const char *path, const char *spec,
				   struct vm_source *source, struct vm_buf *reason);
