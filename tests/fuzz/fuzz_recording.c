/*
 * A recording, or what is taken for one: read as it is and with its checksums made right, for they would keep
 * nearly all that is made up out; and gone on with.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "proc/format.h"
#include "vmview/limits.h"
#include "vmview/recorder.h"
#include "vmview/sample.h"

/* Frames that are opened. */
#define FRAMES 8

struct file {
	int fd;
	char path[32];
};

static struct file file_make(struct vm_str bytes)
{
	struct file file = { .fd = memfd_create("fuzz", MFD_CLOEXEC) };

	promise(file.fd >= 0);
	promise(write(file.fd, bytes.p, bytes.len) == (ssize_t)bytes.len);
	snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.fd);
	return file;
}

static void check_unchanged(const struct file *file, struct vm_str bytes)
{
	char *now = malloc(bytes.len + 1);

	promise(now);
	promise(pread(file->fd, now, bytes.len + 1, 0) == (ssize_t)bytes.len);
	promise(vm_str_equal((struct vm_str){ now, bytes.len }, bytes));
	free(now);
}

static void check_fault(const struct vm_recording_fault *fault, uint64_t size)
{
	promise(fault->offset <= size);
	fuzz_promise_sentence(vm_str_from(fault->reason));
}

static void check_snapshot(const struct vm_source *source)
{
	struct vm_snapshot snapshot = { 0 };
	struct vm_report report;

	vm_sample_snapshot(source, VM_DETAIL_SMAPS, &snapshot, &report);
	promise(snapshot.count <= VM_RECORDING_MAPPINGS_MAX);
	for (size_t i = 1; i < snapshot.count; i++)
		promise(snapshot.mappings[i - 1].end <= snapshot.mappings[i].start);
	vm_snapshot_deinit(&snapshot);
}

static void check_frame(const struct vm_recording *recording, size_t index)
{
	struct vm_recording_fault fault = { 0 };
	struct vm_process process = { 0 };
	struct vm_source source = { 0 };
	struct vm_limits limits = { 0 };
	int r = vm_recording_open_frame(recording, index, &source, &fault);

	promise(r == 0 || r == -EBADMSG || r == -EFBIG);
	if (r < 0) {
		check_fault(&fault, recording->end);
		promise(fault.offset >= recording->frames[index].offset);
		return;
	}
	promise(vm_source_frame(&source)->offset == recording->frames[index].offset);
	vm_sample_whole_process(&source, &process);
	promise(vm_sample_limits(&source, &limits) == 0);
	check_snapshot(&source);
	vm_limits_deinit(&limits);
	vm_process_deinit(&process);
	vm_source_close(&source);
}

static void check_index(const struct vm_recording *recording, uint64_t size)
{
	uint64_t after = 19;
	size_t found;

	for (size_t i = 0; i < recording->count; i++) {
		promise(recording->frames[i].offset >= after);
		promise(recording->frames[i].pid >= 0 && recording->frames[i].thread >= 0);
		after = recording->frames[i].offset + VM_FRAME_HEADER_SIZE;
	}
	promise(recording->end >= after && recording->end <= size);
	promise((recording->rest.reason == NULL) == (recording->end == size));
	if (recording->rest.reason)
		check_fault(&recording->rest, size);
	promise(vm_recording_find(recording, 0, &found) == (recording->count > 0));
	promise(!recording->count || found < recording->count);
}

/* Going on with it changes nothing until a frame is written, and that one comes behind all that was whole. */
static void check_recorder(const struct file *file, struct vm_str bytes,
			   const struct vm_recording *before)
{
	struct vm_recording_fault fault = { 0 };
	struct vm_recording after = { 0 };
	struct vm_recorder recorder = { 0 };
	struct vm_frame frame = { .time_ns = 1 };
	int r = vm_recorder_open(file->path, &recorder, &fault);

	promise(r == 0 || r == -EBADMSG);
	check_unchanged(file, bytes);
	if (r < 0) {
		check_fault(&fault, bytes.len);
		return;
	}
	promise(recorder.frames == before->count && recorder.end == before->end);
	promise((recorder.torn.reason != NULL) == (before->rest.reason != NULL));
	promise(vm_recorder_begin(&recorder) == 0);
	promise(vm_recorder_put_text(&recorder, "x", 1) == 0);
	promise(vm_recorder_end(&recorder, &frame) == 0);
	promise(vm_recorder_close(&recorder) == 0);
	promise(vm_recording_open(file->path, &after, &fault) == 0);
	promise(after.count == before->count + 1 && !after.rest.reason);
	promise(after.frames[before->count].offset == before->end);
	vm_recording_close(&after);
}

static void check(struct vm_str bytes)
{
	struct file file = file_make(bytes);
	struct vm_recording_fault fault = { 0 };
	struct vm_recording recording = { 0 };
	int r = vm_recording_open(file.path, &recording, &fault);

	promise(r == 0 || r == -EBADMSG);
	if (r == 0)
		check_index(&recording, bytes.len);
	else
		check_fault(&fault, bytes.len);
	for (size_t i = 0; i < recording.count && i < FRAMES; i++)
		check_frame(&recording, i);
	if (r == 0)
		check_recorder(&file, bytes, &recording);
	vm_recording_close(&recording);
	close(file.fd);
}

/* The checksum of @size bytes at @at, stored at @place. */
static void mend_part(unsigned char *bytes, size_t at, size_t size, size_t place)
{
	vm_little_put(bytes + place, vm_crc32(0, bytes + at, size), 4);
}

/* Wherever a frame may begin, it does, as recording.h tells. */
static void mend(char *text, size_t len)
{
	unsigned char *bytes = (unsigned char *)text;
	size_t at = VM_RECORDING_LINE_SIZE;

	if (len >= at)
		memcpy(bytes, VM_RECORDING_LINE, at);
	while (len > at && len - at >= VM_FRAME_HEADER_SIZE) {
		uint64_t stored = vm_little_get(bytes + at + 40, 8);
		uint64_t facts = vm_little_get(bytes + at + 64, 4);
		size_t body = at + VM_FRAME_HEADER_SIZE, room = len - body;
		bool whole = stored <= room && facts <= room - stored;

		if (whole) {
			mend_part(bytes, body, (size_t)stored, at + 56);
			mend_part(bytes, body + (size_t)stored, (size_t)facts, at + 72);
		}
		memcpy(bytes + at, VM_FRAME_MAGIC, VM_FRAME_MAGIC_SIZE);
		mend_part(bytes, at + 12, VM_FRAME_HEADER_SIZE - 12, at + 8);
		if (!whole)
			return;
		at = body + (size_t)(stored + facts);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str text = fuzz_str(bytes, size);
	char *mended;

	if (!vm_recording_supported() || !size)
		return 0;
	check(text);
	mended = fuzz_copy(text);
	mend(mended, size);
	check((struct vm_str){ mended, size });
	free(mended);
	return 0;
}
