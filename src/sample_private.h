/*
 * What a snapshot and a stream of mappings find out alike.
 */
#pragma once

#include "vmview/sample.h"

/*
 * The stack pointers of a live process's threads: uint64_t in ascending order, none where they cannot be read. 0 or
 * -ENOMEM; the caller frees @found in any case.
 */
int vm_sample_stack_pointers(const struct vm_source *source, struct vm_buf *found);

/* Whether the file of a classified mapping has really lost its last link: of a live process the file system knows. */
bool vm_sample_is_deleted(const struct vm_source *source, const struct vm_mapping *m);
