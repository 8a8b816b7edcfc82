#include "section.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "pack.h"
#include "vmview/source.h"

#define CHUNK 16384

struct vm_section {
	int fd;
	uint64_t at, left;       /* in the file */
	uint64_t made, promised; /* unpacked */
	struct vm_unpacker *unpacker;
	bool done;
	size_t pos, len; /* of @in */
	unsigned char in[CHUNK];
};

/* Four bits at a time: quick enough for packed bytes, and no large table. */
uint32_t vm_crc32(uint32_t crc, const void *bytes, size_t len)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	const unsigned char *p = bytes;

	crc = ~crc;
	for (size_t i = 0; i < len; i++) {
		crc ^= p[i];
		crc = table[crc & 15] ^ crc >> 4;
		crc = table[crc & 15] ^ crc >> 4;
	}
	return ~crc;
}

static size_t least(uint64_t a, size_t b)
{
	return a < b ? (size_t)a : b;
}

int vm_extent_check(int fd, const struct vm_extent *extent)
{
	unsigned char chunk[CHUNK];
	uint64_t done = 0;
	uint32_t crc = 0;

	while (done < extent->stored) {
		size_t want = least(extent->stored - done, sizeof(chunk));
		ssize_t n = vm_pread(fd, chunk, want, extent->offset + done);

		if (n < 0)
			return (int)n;
		if ((size_t)n < want)
			return -EBADMSG;
		crc = vm_crc32(crc, chunk, want);
		done += want;
	}
	return crc == extent->crc ? 0 : -EBADMSG;
}

struct vm_section *vm_section_new(int fd, const struct vm_extent *extent)
{
	struct vm_section *section = malloc(sizeof(*section));

	if (!section)
		return NULL;
	section->fd = fd;
	section->at = extent->offset;
	section->left = extent->stored;
	section->made = 0;
	section->promised = extent->size;
	section->done = false;
	section->pos = section->len = 0;
	section->unpacker = vm_unpacker_new();
	return section->unpacker ? section : vm_section_free(section);
}

struct vm_section *vm_section_free(struct vm_section *section)
{
	if (section)
		vm_unpacker_free(section->unpacker);
	free(section);
	return NULL;
}

/* More packed bytes, where all are used up and the file has them. */
static int refill(struct vm_section *section)
{
	size_t want = least(section->left, sizeof(section->in));
	ssize_t n;

	if (section->pos < section->len || !want)
		return 0;
	n = vm_pread(section->fd, section->in, want, section->at);
	if (n < 0)
		return (int)n;
	if ((size_t)n < want)
		return -EBADMSG;
	section->at += want;
	section->left -= want;
	section->pos = 0;
	section->len = want;
	return 0;
}

/* It may end only where both the file and the header say so. */
static bool ends_rightly(const struct vm_section *section)
{
	return !section->left && section->pos == section->len && section->made == section->promised;
}

ssize_t vm_section_read(struct vm_section *section, void *room, size_t size)
{
	while (!section->done) {
		size_t made, before;
		int r = refill(section);

		if (r < 0)
			return r;
		before = section->pos;
		r = vm_unpacker_step(section->unpacker, section->in, section->len, &section->pos,
				     room, size, &made, &section->done);
		if (r < 0)
			return r;
		if (made > section->promised - section->made)
			return -EBADMSG;
		section->made += made;
		if (section->done && !ends_rightly(section))
			return -EBADMSG;
		if (made)
			return (ssize_t)made;
		/* The file's part ends before the packed text does. */
		if (!section->done && section->pos == before)
			return -EBADMSG;
	}
	return 0;
}
