/*
 * Recordings that are named on the command line: which frame is meant, and what is to be said of damage.
 */
#pragma once

#include "options.h"
#include "vmview/recording.h"

/* Said of one by a vmview that was built without zstd. */
#define VM_NO_RECORDINGS "it is a recording: this vmview was built without recordings (zstd)"

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

/*
 * Open the whole recording. What is damaged behind its whole frames is said. 0, or @why and a negative errno: -EBADMSG where it begins
 * like a recording, -EOPNOTSUPP where it is one that this vmview cannot read, -EINVAL where it is none.
 */
int vm_frames_open(const char *program, const char *path, struct vm_recording *recording,
		   struct vm_buf *why);

/*
 * Which frame @text means; NULL: the last one. That a time lies before all frames or behind them is said. False: there is
 * none, and @reason tells why.
 */
bool vm_frames_choose(const char *program, const char *path, const struct vm_recording *recording,
		      const char *text, size_t *index, struct vm_buf *reason);

/* Open frame @index of it. Returns 0, or a negative errno and @reason: which one, and at which byte it is damaged. */
int vm_frames_open_one(const struct vm_recording *recording, size_t index, struct vm_source *source,
		       struct vm_buf *reason);
