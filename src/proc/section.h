/*
 * A packed part of a recording, unpacked while it is read, in constant memory.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct vm_section;

/* Where a part is in the file, and what its header says of it. */
struct vm_extent {
	uint64_t offset, stored;
	uint64_t size; /* unpacked */
	uint32_t crc;  /* of the bytes in the file */
};

/* CRC-32 as zlib and PNG have it, of more bytes; begin with 0. */
uint32_t vm_crc32(uint32_t crc, const void *bytes, size_t len);

/* 0, -EBADMSG where the bytes of @extent are not those that were written, or of pread(2). */
int vm_extent_check(int fd, const struct vm_extent *extent);

/* @fd is borrowed. NULL: memory ran out. */
struct vm_section *vm_section_new(int fd, const struct vm_extent *extent);
struct vm_section *vm_section_free(struct vm_section *section);

/*
 * Bytes unpacked into @room, which has at least one, 0 at the end, or a negative errno. -EBADMSG: it is not
 * exactly what its header says.
 */
ssize_t vm_section_read(struct vm_section *section, void *room, size_t size);
