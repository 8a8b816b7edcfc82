/*
 * What the files that make up vmview/sample.h share.
 */
#pragma once

#include "vmview/input.h"
#include "vmview/recorder.h"
#include "vmview/sample.h"

/* Enough for any status and stat; a command line is cut where pmap cuts it. */
#define VM_SMALL_LIMIT 16384
#define VM_CMDLINE_LIMIT 131071

/* vm_sample_whole_stream(), with the text copied to @copy where it is not NULL. Its error ends the stream. */
int vm_sample_copy_stream(const struct vm_source *source, enum vm_detail detail, vm_mapping_fn take,
			  void *user, struct vm_recorder *copy, struct vm_report *report);

/*
 * The stack pointers of the threads of a live or recorded process: uint64_t in ascending order, none where
 * they cannot be read. 0 or -ENOMEM; the caller frees @found in any case.
 */
int vm_sample_stack_pointers(const struct vm_source *source, struct vm_buf *found);

/*
 * Whether the file of a classified mapping that says so has really lost its last link: of a live process the file
 * system knows, of a frame it was asked.
 */
bool vm_sample_is_deleted(const struct vm_source *source, const struct vm_mapping *m);

/* Put facts of the machine, and of what limits the live process there, into the frame that is being made. 0 or -ENOMEM. */
int vm_sample_copy_machine(const struct vm_source *source, struct vm_recorder *recorder);
