/*
 * Reading a source: the one place where bytes become mappings and facts.
 *
 * What cannot be read is a fact, not a failure: it stands in the report, and the rest is there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/limits.h"
#include "vmview/parser.h"
#include "vmview/process.h"
#include "vmview/snapshot.h"
#include "vmview/source.h"

struct vm_frame;
struct vm_program;
struct vm_recorder;

enum vm_detail {
	VM_DETAIL_MAPS, /* addresses, permissions, names: cheap at any size */
	VM_DETAIL_SMAPS /* and the numbers: the kernel walks every page */
};

/* How a reading went. */
struct vm_report {
	const char *entry; /* which file was read last: "maps", "smaps"; "" for a saved file */
	uint64_t mappings; /* handed out */
	uint64_t dropped;  /* left out: they overlapped, the list changed while it was being read */
	uint64_t line;     /* with -EBADMSG: the line's number and what is wrong with it */
	const char *reason;
	bool lacks_smaps; /* the kernel has no smaps, without CONFIG_PROC_PAGE_MONITOR: maps was read instead */
	bool ended;   /* the process ended while it was being read: the list may lack its end */
	pid_t thread; /* the main thread has ended: read through this one; 0: as usual */
};

/*
 * Read what there is to know besides mappings. Of a live process that has gone: -ESRCH. In a saved
 * capture any of it may be missing; that is no failure. -ENOMEM.
 */
int vm_sample_process(const struct vm_source *source, struct vm_process *process);

/* The same; where the main thread has ended, memory and arguments are read through a thread that lives. */
int vm_sample_whole_process(const struct vm_source *source, struct vm_process *process);

/* A thread of a live or recorded process, other than the main one, that has not begun to end. 0: there is none. */
pid_t vm_sample_other_thread(const struct vm_source *source);

/*
 * Read what limits the memory of the process, and what it has, but for the number of its mappings. In a saved folder and in
 * a frame the kernel's settings, meminfo and the files of its control group lie beside its own: max_map_count,
 * overcommit_memory, memory.max, ... What cannot be read is told in @limits, which must be zeroed. 0 or -ENOMEM.
 */
int vm_sample_limits(const struct vm_source *source, struct vm_limits *limits);

/* Of these the number of mappings that the kernel allows. 0, or a negative errno where it is there and cannot be read. */
int vm_sample_max_mappings(const struct vm_source *source, struct vm_quantity *most);

/*
 * Whether a live process still has a thread that has not begun to end, or a recorded one had. Its memory goes before it is a
 * zombie: the end of the text may be the end of the process.
 */
bool vm_sample_lives(const struct vm_source *source);

/*
 * Hand out every mapping while it is read: in ascending order and without overlaps for a live or recorded
 * process, in the order of the text for a saved one. A saved folder that has no smaps gives its
 * maps; so does a frame, which has but one of them. 0, or a negative errno: of the opening (-EACCES,
 * -EPERM, -ESRCH, -ENOENT), of the parser (-EBADMSG, see the report), of the callback, or -EFBIG: what is saved
 * has more than VM_RECORDING_MAPPINGS_MAX. What came before an error has been handed out.
 */
int vm_sample_stream(const struct vm_source *source, enum vm_detail detail, vm_mapping_fn take,
		     void *user, struct vm_report *report);

/*
 * The same, as nobody but pmap wants it otherwise: of a process whose main thread has ended, whose own maps is empty then,
 * what a thread that lives has. The report tells which. A process may show nothing for a moment while its threads end.
 */
int vm_sample_whole_stream(const struct vm_source *source, enum vm_detail detail,
			   vm_mapping_fn take, void *user, struct vm_report *report);

/*
 * The same, classified and in ascending order without overlaps, as vm_sample_snapshot() has them: for whoever needs to
 * look at each mapping only once. What has been read is not kept: for the facts that kinds need, the addresses and
 * names are read once before. Only a saved text that cannot be read twice, or is not in order, is kept meanwhile.
 */
int vm_sample_stream_classified(const struct vm_source *source, enum vm_detail detail,
				vm_mapping_fn take, void *user, struct vm_report *report);

/*
 * Make a snapshot of what was handed out: sorted, without overlaps (how many were dropped is returned in @dropped),
 * classified, deletions of files asked of the file system where the source is live. 0 or -ENOMEM.
 */
int vm_sample_finish(const struct vm_source *source, struct vm_snapshot *snapshot, size_t *dropped);

/*
 * Stream the whole process and finish in one. @snapshot must be zeroed; it holds what could be read even on failure.
 */
int vm_sample_snapshot(const struct vm_source *source, enum vm_detail detail,
		       struct vm_snapshot *snapshot, struct vm_report *report);

/*
 * Write a frame of the live process @source, with what reading it any other way would tell: facts, the text of maps or
 * smaps, the stack pointers of its threads, which files are deleted. Memory does not grow with the text. @program lives
 * from frame to frame of one process. @frame is what was written; where the text could not be read, its @text_error
 * tells, and the rest is there.
 *
 * 0; -ESRCH: the process ended, nothing was written: what was read while it went may be half of it; -EAGAIN: it is about
 * to execute programs or to end, nothing was written; -EOVERFLOW: it has more than a frame may hold; or as vm_recorder_end().
 */
int vm_sample_record(const struct vm_source *source, enum vm_detail detail,
		     struct vm_program *program, struct vm_recorder *recorder,
		     struct vm_frame *frame);

/* vm_shm_device(), of a frame that of the machine that recorded it. False also of other captures: they do not tell. */
bool vm_sample_shm_device(const struct vm_source *source, uint32_t *minor);
