/*
 * Sizes as people read them.
 */
#pragma once

#include <stdint.h>

#include "vmview/buf.h"

enum vm_size_style {
	VM_SIZE_HUMAN, /* 4K, 1.2M, 976M, 2G, 16T: powers of 1024, at most 5 characters */
	VM_SIZE_KIB,   /* kB without a unit, as pmap counts */
	VM_SIZE_BYTES  /* bytes without a unit */
};

/* Append @bytes. Human sizes are rounded to the nearest; what is not 0 never reads as 0. */
void vm_size_put(struct vm_buf *text, uint64_t bytes, enum vm_size_style style);

/* A size as people write it: 4096, 64k, 1.5M, 2G (powers of 1024). False: not a size. */
bool vm_size_parse(struct vm_str text, uint64_t *bytes);
