/*
 * Finding the frames of a recording that is open.
 */
#pragma once

#include "format.h"

/*
 * Read the header at @offset of a file of @size bytes, with the places of what it tells of. 0, or of pread(2).
 */
int vm_frame_header_read(int fd, uint64_t size, uint64_t offset, struct vm_frame_header *header,
			 enum vm_frame_state *state);

/*
 * Fill all of @recording but its descriptor, which is that of a regular file of @size bytes. @rest: what
 * follows the last whole frame. See vm_recording_open(); on failure there may be something to free.
 */
int vm_recording_index(struct vm_recording *recording, uint64_t size, enum vm_frame_state *rest,
		       struct vm_recording_fault *fault);

/*
 * Whether @rest, which is what follows the last whole frame, is a frame that never was whole, and may be cut
 * off. What may be a damaged frame with good ones behind it, or belong to something else, is to be left alone.
 * 1, 0 or of pread(2).
 */
int vm_recording_is_torn(const struct vm_recording *recording, uint64_t size,
			 enum vm_frame_state rest);
