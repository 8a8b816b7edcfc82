#include "index.h"

#include <string.h>

/* More than any frame takes: what is longer is not a frame that was never finished. */
#define FRAME_MAX (VM_RECORDING_TEXT_MAX + UINT64_C(4) * VM_RECORDING_FACTS_MAX)

/* Enough for any file that is not made to keep us busy. */
#define HITS_MAX 10000

struct search {
	int fd;
	uint64_t size;
	unsigned hits;
};

/* Whether what was found at @offset is the header of a frame, be it whole or not. 1, 0 or a negative errno. */
static int is_header(struct search *search, uint64_t offset)
{
	struct vm_frame_header header;
	enum vm_frame_state state;
	int r = vm_frame_header_read(search->fd, search->size, offset, &header, &state);

	if (r < 0)
		return r;
	return state != VM_FRAME_DAMAGED || ++search->hits > HITS_MAX;
}

/* Whether a frame begins somewhere in @chunk, whose first byte is at @offset. 1, 0 or a negative errno. */
static int has_header(struct search *search, struct vm_str chunk, uint64_t offset)
{
	struct vm_str rest = chunk;
	const char *hit;

	while ((hit = memmem(rest.p, rest.len, VM_FRAME_MAGIC, VM_FRAME_MAGIC_SIZE))) {
		int r = is_header(search, offset + (uint64_t)(hit - chunk.p));

		if (r)
			return r;
		rest = vm_str_skip(rest, (size_t)(hit - rest.p) + 1);
	}
	return 0;
}

/* Whether any frame follows the one at @offset. 1, 0 or a negative errno. */
static int frame_follows(int fd, uint64_t size, uint64_t offset)
{
	struct search search = { .fd = fd, .size = size };
	char chunk[65536];
	ssize_t n;

	for (offset++; offset < size; offset += (size_t)n - (VM_FRAME_MAGIC_SIZE - 1)) {
		int r;

		n = vm_pread(fd, chunk, sizeof(chunk), offset);
		if (n < (ssize_t)VM_FRAME_MAGIC_SIZE)
			return n < 0 ? (int)n : 0;
		r = has_header(&search, (struct vm_str){ chunk, (size_t)n }, offset);
		if (r)
			return r;
	}
	return 0;
}

/* As a frame that was never finished, or cut off, does. */
static bool begins_as_frame(const char *bytes, size_t len)
{
	static const char zeros[VM_FRAME_MAGIC_SIZE];

	return memcmp(bytes, VM_FRAME_MAGIC, len) == 0 || memcmp(bytes, zeros, len) == 0;
}

/* Whether a writer that was stopped could have left a frame so. */
static bool may_be_torn(enum vm_frame_state state)
{
	switch (state) {
	case VM_FRAME_UNFINISHED:
	case VM_FRAME_CUT:
	case VM_FRAME_DAMAGED:
	case VM_FRAME_LOST:
		return true;
	case VM_FRAME_WHOLE:
	case VM_FRAME_LATER:
	case VM_FRAME_ODD:
	case VM_FRAME_NONE:
	case VM_FRAME_STATE_COUNT:
		return false;
	}
	return false;
}

int vm_recording_is_torn(const struct vm_recording *recording, uint64_t size,
			 enum vm_frame_state rest)
{
	char magic[VM_FRAME_MAGIC_SIZE];
	ssize_t n = vm_pread(recording->fd, magic, sizeof(magic), recording->end);
	int follows;

	if (n < 0)
		return (int)n;
	if (!may_be_torn(rest) || size - recording->end > FRAME_MAX ||
	    !begins_as_frame(magic, (size_t)n))
		return 0;
	follows = frame_follows(recording->fd, size, recording->end);
	return follows < 0 ? follows : !follows;
}
