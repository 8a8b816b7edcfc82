/*
 * Recordings: what /proc said of a process, again and again, in one file.
 *
 * Format 1. Numbers are little-endian. A file is the line "vmview recording 1\n" (19 bytes), then frames that
 * follow each other without a gap. A frame is what was read at one time, and depends on no other frame: a
 * header of 120 bytes, then the text, then the facts.
 *
 *    0  8  bytes 89 76 6d 66 0d 0a 1a 0a
 *    8  u32  CRC-32 (of zlib and PNG) of bytes 12 to 119 of the header
 *   12  u32  flags: 1 the text is of smaps, else of maps; 2, 4, 8: RSS, PSS, swap are known. A frame with
 *            other flags is for a later vmview
 *   16  i64  when reading began: nanoseconds since 1970-01-01 00:00 UTC (CLOCK_REALTIME)
 *   24  u64  when the process started: clock ticks after boot (field 22 of stat); with the PID its name for
 *            good
 *   32  u32  PID
 *   36  u32  0, or the thread whose text it is, for the main thread had ended
 *   40  u64  text: bytes in the file, 0: it is empty, or could not be opened
 *   48  u64  text: bytes as the kernel printed them, at most 1 GiB
 *   56  u32  text: CRC-32 of the bytes in the file
 *   60  u32  text: 0, or the errno with which opening or reading it ended
 *   64  u32  facts: bytes in the file
 *   68  u32  facts: bytes unpacked, at most 8 MiB
 *   72  u32  facts: CRC-32 of the bytes in the file
 *   76  u32  another number than in the frame before: the process has executed another program, execve(2)
 *   80  u64  mappings in the text; then, a u64 each, their bytes of address space, RSS, PSS and swap: the sums
 *            of smaps. Of maps RSS is what status tells
 *
 * Text and facts are one zstd frame each (RFC 8878), of a window of at most 8 MiB. The text unpacks to exactly what
 * the kernel printed: maps or smaps. The facts unpack to entries:
 *
 *    0  u16  length of the name
 *    2  u16  0, or the errno with which it could not be read
 *    4  u32  length of the bytes
 *    8       name, bytes
 *
 * A name is a file below /proc/PID ("stat", "status", "cmdline", "comm", "limits", "task/TID/syscall", of a process
 * whose main thread has ended also "stat", "status" and "cmdline" of task/TID); or what lies beside these in a saved
 * folder: "max_map_count" and "overcommit_memory" of /proc/sys/vm, where it matters "meminfo", and of the control
 * group that leaves the process the least room what limits it and what it has: "memory.max", "memory.current",
 * "memory.swap.max", "memory.swap.current", or those of version 1; or one of vmview's own:
 *
 *   vmview/linked      a line "START-END" for each mapping, in ascending order, that is marked " (deleted)" though its
 *                      file has a link: the remark is then part of its name, or of another link of the file
 *   vmview/group/FILE  the name of the control group of which FILE ("memory.max") is
 *   vmview/page_size   bytes, as decimal text
 *   vmview/uname       system, release and machine, each followed by a newline
 *   vmview/shm_minor   see vm_shm_device(), as decimal text
 *
 * Readers pass over names that they do not know. Of a name that is there twice the first counts. Numbers of errno are
 * those of Linux on most machines (EPERM 1, ENOENT 2, ESRCH 3, EIO 5, ENOMEM 12, EACCES 13).
 *
 * A header is written when all behind it is. A frame that was never finished begins with zeros, or the file ends
 * in it; no other frame follows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmview/source.h"

/* What a frame may unpack to, bytes, and hand out. Neither is written nor read beyond. */
#define VM_RECORDING_TEXT_MAX (UINT64_C(1) << 30)
#define VM_RECORDING_FACTS_MAX (UINT32_C(1) << 23)
#define VM_RECORDING_MAPPINGS_MAX (UINT64_C(1) << 22)

/* Names of vmview's own facts. */
#define VM_FACT_GROUP "vmview/group/"
#define VM_FACT_LINKED "vmview/linked"
#define VM_FACT_PAGE_SIZE "vmview/page_size"
#define VM_FACT_SHM_MINOR "vmview/shm_minor"
#define VM_FACT_UNAME "vmview/uname"

/* Whether this library can read and write recordings: it was built with zstd. */
bool vm_recording_supported(void);

/* What is wrong with a file, and at which of its bytes. */
struct vm_recording_fault {
	uint64_t offset;
	const char *reason; /* NULL: nothing is wrong; a static string */
};

/* What is known of a frame without unpacking it. */
struct vm_frame {
	uint64_t offset; /* of its header in the file */
	int64_t time_ns; /* CLOCK_REALTIME */
	uint64_t start_time;
	pid_t pid;
	pid_t thread;     /* see vm_report */
	uint32_t program; /* see vm_program */
	bool is_smaps;
	bool has_rss, has_pss, has_swap;
	int text_error; /* 0, or the negative errno with which opening or reading the text ended */
	uint64_t mappings, size, rss, pss, swap;
};

/* Reading */

struct vm_recording {
	int fd;
	struct vm_frame *frames; /* in the order of the file, which mostly is that of time */
	size_t count, cap;
	uint64_t end;                   /* of the last whole frame */
	struct vm_recording_fault rest; /* what is wrong with what follows it */
};

/*
 * Open a recording and find its frames, by their headers only; of the last frame it is also checked that all of it has
 * reached the disk. 0, even where the file is damaged further on or its last frame is not whole: see @rest. -EBADMSG:
 * it is not a recording, see @fault. -EINVAL: not a regular file. -EOPNOTSUPP: it is one, but see
 * vm_recording_supported(). -ENOMEM, or of open(2) and pread(2).
 */
int vm_recording_open(const char *path, struct vm_recording *recording,
		      struct vm_recording_fault *fault);

void vm_recording_close(struct vm_recording *recording);

/* The latest frame of @time_ns or before; where there is none, the earliest. False: there are no frames. */
bool vm_recording_find(const struct vm_recording *recording, int64_t time_ns, size_t *index);

/*
 * Open a frame as a source, to be closed by vm_source_close(); it does not need the recording any more. 0; -EBADMSG:
 * damaged; -EFBIG: it claims to unpack to more than any vmview writes, see @fault; -ENOMEM, or of pread(2).
 */
int vm_recording_open_frame(const struct vm_recording *recording, size_t index,
			    struct vm_source *source, struct vm_recording_fault *fault);

/* The frame that @source is, or NULL where it is none. */
const struct vm_frame *vm_source_frame(const struct vm_source *source);

/* Whether the mapping @start-@end of the frame @source was marked as deleted though its file had a link. */
bool vm_frame_links(const struct vm_source *source, uint64_t start, uint64_t end);
