#include "vmview/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index.h"
#include "pack.h"

/* All of it, or a negative errno. */
static int write_at(int fd, const void *bytes, size_t len, uint64_t offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n =
			pwrite(fd, (const char *)bytes + done, len - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		done += (size_t)n;
	}
	return 0;
}

static int cut_at(int fd, uint64_t size)
{
	int r;

	do
		r = ftruncate(fd, (off_t)size);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

/* Opening */

static int go_on(const struct vm_recording *recording, uint64_t size, enum vm_frame_state rest,
		 struct vm_recorder *recorder, struct vm_recording_fault *fault)
{
	int torn;

	recorder->frames = recording->count;
	recorder->end = recording->end;
	if (rest == VM_FRAME_WHOLE)
		return 0;
	torn = vm_recording_is_torn(recording, size, rest);
	if (torn < 0)
		return torn;
	if (!torn) {
		*fault = recording->rest;
		return -EBADMSG;
	}
	recorder->torn = recording->rest;
	recorder->torn_size = size - recording->end;
	return 0;
}

static int prepare(struct vm_recorder *recorder, struct vm_recording_fault *fault)
{
	struct vm_recording recording = { .fd = recorder->fd };
	enum vm_frame_state rest;
	struct stat info;
	int r;

	if (fstat(recorder->fd, &info) < 0)
		return -errno;
	if (!S_ISREG(info.st_mode))
		return -EINVAL;
	/* A file system without locks cannot tell of others. */
	if (flock(recorder->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return -EWOULDBLOCK;
	if (fstat(recorder->fd, &info) < 0)
		return -errno;
	if (info.st_size == 0) {
		recorder->end = VM_RECORDING_LINE_SIZE;
		r = write_at(recorder->fd, VM_RECORDING_LINE, VM_RECORDING_LINE_SIZE, 0);
		if (r < 0)
			cut_at(recorder->fd, 0);
		return r;
	}
	r = vm_recording_index(&recording, (uint64_t)info.st_size, &rest, fault);
	if (r == 0)
		r = go_on(&recording, (uint64_t)info.st_size, rest, recorder, fault);
	free(recording.frames);
	return r;
}

/* Look before opening: to open a device may already do something, and a FIFO has somebody at its other end. */
static int open_file(const char *path)
{
	struct stat info;
	int fd;

	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
		return -EINVAL;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	return fd < 0 ? -errno : fd;
}

int vm_recorder_open(const char *path, struct vm_recorder *recorder,
		     struct vm_recording_fault *fault)
{
	struct vm_recorder opened = { 0 };
	int r;

	if (!vm_recording_supported())
		return -EOPNOTSUPP;
	opened.packer = vm_packer_new();
	if (!opened.packer)
		return -ENOMEM;
	opened.fd = open_file(path);
	r = opened.fd < 0 ? opened.fd : prepare(&opened, fault);
	if (r == 0) {
		*recorder = opened;
		return 0;
	}
	if (opened.fd >= 0)
		close(opened.fd);
	vm_packer_free(opened.packer);
	return r;
}

int vm_recorder_close(struct vm_recorder *recorder)
{
	int r = 0;

	if (recorder->packer && close(recorder->fd) < 0)
		r = -errno;
	recorder->packer = vm_packer_free(recorder->packer);
	vm_buf_deinit(&recorder->facts);
	return r;
}

/* Writing */

int vm_recorder_begin(struct vm_recorder *recorder)
{
	vm_packer_reset(recorder->packer);
	vm_buf_deinit(&recorder->facts);
	recorder->at = recorder->end + VM_FRAME_HEADER_SIZE;
	recorder->crc = 0;
	recorder->text_size = 0;
	/* Of what is cut off here the caller knows; or it could not be taken back when it failed. */
	recorder->error = cut_at(recorder->fd, recorder->end);
	return recorder->error;
}

static int take_packed(const void *bytes, size_t len, void *user)
{
	struct vm_recorder *recorder = user;
	int r = write_at(recorder->fd, bytes, len, recorder->at);

	recorder->crc = vm_crc32(recorder->crc, bytes, len);
	recorder->at += len;
	return r;
}

static int pack(struct vm_recorder *recorder, const char *bytes, size_t len, bool last)
{
	if (!recorder->error)
		recorder->error =
			vm_packer_put(recorder->packer, bytes, len, last, take_packed, recorder);
	return recorder->error;
}

int vm_recorder_put_text(struct vm_recorder *recorder, const char *bytes, size_t len)
{
	if (!recorder->error && len > VM_RECORDING_TEXT_MAX - recorder->text_size)
		recorder->error = -EOVERFLOW;
	if (recorder->error || !len)
		return recorder->error;
	recorder->text_size += len;
	return pack(recorder, bytes, len, false);
}

int vm_recorder_put_fact(struct vm_recorder *recorder, const char *name, int error,
			 struct vm_str bytes)
{
	unsigned char header[VM_FACT_HEADER_SIZE];
	size_t name_len = strlen(name), left = VM_RECORDING_FACTS_MAX - recorder->facts.len;

	if (recorder->error)
		return recorder->error;
	if (name_len > UINT16_MAX || left < sizeof(header) + name_len ||
	    bytes.len > left - sizeof(header) - name_len)
		return -EOVERFLOW;
	vm_little_put(header, name_len, 2);
	vm_little_put(header + 2, (uint64_t)-error, 2);
	vm_little_put(header + 4, bytes.len, 4);
	vm_buf_put(&recorder->facts, (const char *)header, sizeof(header));
	vm_buf_put(&recorder->facts, name, name_len);
	vm_buf_put_str(&recorder->facts, bytes);
	if (recorder->facts.failed)
		recorder->error = -ENOMEM;
	return recorder->error;
}

/* What was packed since @extent->offset. */
static void close_extent(struct vm_recorder *recorder, uint64_t size, struct vm_extent *extent)
{
	extent->size = size;
	extent->stored = recorder->at - extent->offset;
	extent->crc = recorder->crc;
	recorder->crc = 0;
}

static void finish(struct vm_recorder *recorder, struct vm_frame *frame)
{
	unsigned char bytes[VM_FRAME_HEADER_SIZE];
	struct vm_frame_header header = { .frame = *frame };

	header.text.offset = recorder->end + VM_FRAME_HEADER_SIZE;
	if (recorder->text_size)
		pack(recorder, NULL, 0, true);
	close_extent(recorder, recorder->text_size, &header.text);
	header.facts.offset = recorder->at;
	if (recorder->facts.len)
		pack(recorder, recorder->facts.p, recorder->facts.len, true);
	close_extent(recorder, recorder->facts.len, &header.facts);
	vm_frame_header_put(&header, bytes);
	if (!recorder->error)
		recorder->error = write_at(recorder->fd, bytes, sizeof(bytes), recorder->end);
}

int vm_recorder_end(struct vm_recorder *recorder, struct vm_frame *frame)
{
	finish(recorder, frame);
	if (recorder->error) {
		vm_recorder_drop(recorder);
		return recorder->error;
	}
	frame->offset = recorder->end;
	recorder->end = recorder->at;
	recorder->frames++;
	recorder->torn = (struct vm_recording_fault){ 0 };
	recorder->torn_size = 0;
	return 0;
}

/*
 * Where the file cannot be cut, readers see a frame that was never finished, and the next one begins in its
 * place.
 */
void vm_recorder_drop(struct vm_recorder *recorder)
{
	cut_at(recorder->fd, recorder->end);
}
