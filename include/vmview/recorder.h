/*
 * Writing recordings, whose format stands in recording.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/recording.h"
#include "vmview/str.h"

struct vm_packer;

struct vm_recorder {
	/* for the caller to read */
	uint64_t frames;                /* in the file */
	uint64_t end;                   /* of the last whole one: where the next begins */
	struct vm_recording_fault torn; /* a frame that is not whole: the next takes its place */
	uint64_t torn_size;             /* its bytes */

	/* the recorder's own */
	int fd;
	int error;   /* the first of the frame at hand */
	uint64_t at; /* where its next byte goes */
	uint32_t crc;
	uint64_t text_size;
	struct vm_buf facts;
	struct vm_packer *packer;
};

/*
 * Begin a recording, readable to its owner only, or go on with one. An empty file is as good as none. Where
 * the last frame is not whole, because its writer was stopped or the disk was full, the next one will be
 * written over it: @torn tells. Nothing else of a file is ever overwritten.
 *
 * 0; -EBADMSG: the file is not a recording or it is damaged, see @fault; -EINVAL: not a regular file;
 * -EWOULDBLOCK: somebody else is recording into it; -EOPNOTSUPP: see vm_recording_supported(); -ENOMEM, or of
 * open(2), pread(2) and pwrite(2).
 */
int vm_recorder_open(const char *path, struct vm_recorder *recorder,
		     struct vm_recording_fault *fault);

/* 0, or what close(2) had to tell of earlier writes. */
int vm_recorder_close(struct vm_recorder *recorder);

/*
 * Write one frame: begin, the text in pieces of any size, facts in between, end. vm_sample_record() does all
 * of it.
 *
 * Once something failed, which is returned, all that follows is ignored but vm_recorder_end(), which takes
 * back what was written of the frame, and returns the same. The recorder can then be tried with another frame:
 * on a full disk there may be room later. Where a file may not grow (RLIMIT_FSIZE) the kernel sends SIGXFSZ,
 * which the caller should ignore.
 */
int vm_recorder_begin(struct vm_recorder *recorder);

/* 0, -EOVERFLOW beyond VM_RECORDING_TEXT_MAX, -ENOMEM, or of pwrite(2). */
int vm_recorder_put_text(struct vm_recorder *recorder, const char *bytes, size_t len);

/*
 * @error: 0, or a negative errno. Beyond VM_RECORDING_FACTS_MAX -EOVERFLOW: the fact is left out, the frame is
 * still good.
 */
int vm_recorder_put_fact(struct vm_recorder *recorder, const char *name, int error,
			 struct vm_str bytes);

/* @frame: what its header tells; @offset is set. */
int vm_recorder_end(struct vm_recorder *recorder, struct vm_frame *frame);

/* Take back what was written of a frame. */
void vm_recorder_drop(struct vm_recorder *recorder);
