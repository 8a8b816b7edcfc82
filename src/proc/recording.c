#include "vmview/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"
#include "index.h"
#include "pack.h"

bool vm_recording_supported(void)
{
	return vm_pack_supported();
}

static int check_line(int fd, struct vm_recording_fault *fault)
{
	/* All but the number of the format and the newline. */
	const size_t same = VM_RECORDING_LINE_SIZE - 2;
	char line[VM_RECORDING_LINE_SIZE];
	ssize_t n = vm_pread(fd, line, sizeof(line), 0);
	size_t at = 0;

	if (n < 0)
		return (int)n;
	while (at < (size_t)n && line[at] == VM_RECORDING_LINE[at])
		at++;
	if (at == sizeof(line))
		return 0;
	*fault = (struct vm_recording_fault){ at, at >= same && (size_t)n > same ?
							  "it is of a later vmview" :
							  "this is not a recording" };
	return -EBADMSG;
}

int vm_frame_header_read(int fd, uint64_t size, uint64_t offset, struct vm_frame_header *header,
			 enum vm_frame_state *state)
{
	unsigned char bytes[VM_FRAME_HEADER_SIZE];
	ssize_t n = vm_pread(fd, bytes, sizeof(bytes), offset);
	uint64_t room;

	if (n < 0)
		return (int)n;
	*state = VM_FRAME_CUT;
	if ((size_t)n < sizeof(bytes) || size - offset < sizeof(bytes))
		return 0;
	*state = vm_frame_header_get(bytes, header);
	if (*state != VM_FRAME_WHOLE)
		return 0;
	room = size - offset - sizeof(bytes);
	if (header->text.stored > room || header->facts.stored > room - header->text.stored)
		*state = VM_FRAME_CUT;
	header->frame.offset = offset;
	header->text.offset = offset + sizeof(bytes);
	header->facts.offset = header->text.offset + header->text.stored;
	return 0;
}

static int add_frame(struct vm_recording *recording, const struct vm_frame *frame)
{
	if (recording->count == recording->cap) {
		size_t cap = recording->cap ? recording->cap * 2 : 64;
		struct vm_frame *frames = reallocarray(recording->frames, cap, sizeof(*frames));

		if (!frames)
			return -ENOMEM;
		recording->frames = frames;
		recording->cap = cap;
	}
	recording->frames[recording->count++] = *frame;
	return 0;
}

/*
 * When a machine loses power, a header may have reached the disk and what it tells of not. Of the frames
 * before the last it is found out when they are opened.
 */
static int check_last(struct vm_recording *recording, const struct vm_frame_header *last,
		      enum vm_frame_state *rest)
{
	int r = vm_extent_check(recording->fd, &last->text);

	if (r == 0)
		r = vm_extent_check(recording->fd, &last->facts);
	if (r != -EBADMSG)
		return r;
	recording->count--;
	recording->end = last->frame.offset;
	*rest = VM_FRAME_LOST;
	return 0;
}

static int find_frames(struct vm_recording *recording, uint64_t size, enum vm_frame_state *rest)
{
	struct vm_frame_header header, last;
	int r = 0;

	*rest = VM_FRAME_WHOLE;
	while (r == 0 && recording->end < size) {
		r = vm_frame_header_read(recording->fd, size, recording->end, &header, rest);
		if (r < 0 || *rest != VM_FRAME_WHOLE)
			break;
		r = add_frame(recording, &header.frame);
		recording->end = header.facts.offset + header.facts.stored;
		last = header;
	}
	return r == 0 && recording->count ? check_last(recording, &last, rest) : r;
}

int vm_recording_index(struct vm_recording *recording, uint64_t size, enum vm_frame_state *rest,
		       struct vm_recording_fault *fault)
{
	int r = check_line(recording->fd, fault);

	if (r == 0 && !vm_recording_supported())
		r = -EOPNOTSUPP;
	if (r < 0)
		return r;
	recording->end = VM_RECORDING_LINE_SIZE;
	r = find_frames(recording, size, rest);
	if (r == 0 && *rest != VM_FRAME_WHOLE)
		recording->rest =
			(struct vm_recording_fault){ recording->end, vm_frame_state_reason(*rest) };
	return r;
}

/* @size: of the regular file that is opened. A descriptor that the caller closes, or a negative errno. */
static int open_regular(const char *path, uint64_t *size)
{
	struct stat info;
	int fd, r;

	/* Who writes to a FIFO would take us for its reader, and end when we go again. */
	if (stat(path, &info) < 0)
		return -errno;
	if (!S_ISREG(info.st_mode))
		return -EINVAL;
	/* Nor shall anybody make us wait at one. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = fstat(fd, &info) < 0 ? -errno : S_ISREG(info.st_mode) ? fd : -EINVAL;
	if (r < 0)
		close(fd);
	else
		*size = (uint64_t)info.st_size;
	return r;
}

int vm_recording_open(const char *path, struct vm_recording *recording,
		      struct vm_recording_fault *fault)
{
	struct vm_recording opened = { 0 };
	enum vm_frame_state rest;
	uint64_t size = 0;
	int r;

	r = open_regular(path, &size);
	if (r < 0)
		return r;
	opened.fd = r;
	r = vm_recording_index(&opened, size, &rest, fault);
	if (r == 0) {
		*recording = opened;
		return 0;
	}
	close(opened.fd);
	free(opened.frames);
	return r;
}

void vm_recording_close(struct vm_recording *recording)
{
	/* A zeroed one is not open: its descriptor is nobody's. */
	if (recording->end)
		close(recording->fd);
	free(recording->frames);
	*recording = (struct vm_recording){ 0 };
}

bool vm_recording_find(const struct vm_recording *recording, int64_t time_ns, size_t *index)
{
	const struct vm_frame *frames = recording->frames;
	size_t best = 0;

	/* Clocks are set, and recordings go on after years: the times need not ascend. */
	for (size_t i = 1; i < recording->count; i++) {
		bool early = frames[i].time_ns <= time_ns;

		if (frames[best].time_ns > time_ns ?
			    frames[i].time_ns < frames[best].time_ns :
			    early && frames[i].time_ns >= frames[best].time_ns)
			best = i;
	}
	if (!recording->count)
		return false;
	*index = best;
	return true;
}

int vm_recording_open_frame(const struct vm_recording *recording, size_t index,
			    struct vm_source *source, struct vm_recording_fault *fault)
{
	struct vm_frame_header header;
	struct vm_source opened = { .type = VM_SOURCE_FRAME };
	uint64_t offset = recording->frames[index].offset;
	enum vm_frame_state state;
	int r = vm_frame_header_read(recording->fd, recording->end, offset, &header, &state);

	if (r < 0)
		return r;
	if (state != VM_FRAME_WHOLE) {
		*fault = (struct vm_recording_fault){ offset, vm_frame_state_reason(state) };
		return -EBADMSG;
	}
	opened.pid = header.frame.pid;
	opened.fd = fcntl(recording->fd, F_DUPFD_CLOEXEC, 3);
	if (opened.fd < 0)
		return -errno;
	r = vm_open_frame_new(opened.fd, &header, &opened.frame, fault);
	if (r < 0)
		close(opened.fd);
	else
		*source = opened;
	return r;
}

const struct vm_frame *vm_source_frame(const struct vm_source *source)
{
	return source->type == VM_SOURCE_FRAME ? &source->frame->frame : NULL;
}

bool vm_frame_links(const struct vm_source *source, uint64_t start, uint64_t end)
{
	return vm_open_frame_links(source->frame, start, end);
}
