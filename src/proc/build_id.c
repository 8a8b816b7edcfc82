#include "vmview/build_id.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linkers write about a dozen program headers, a few hundred bytes of notes, ids of 20 bytes. */
#define HEADER_LIMIT 128
#define NOTES_LIMIT 4096
#define ID_LIMIT 64

/* Where the fields of a class lie; the file's byte order may not be ours, so no struct of elf.h fits. */
struct layout {
	size_t header_size, phoff, phentsize, phnum;
	size_t entry_size, type, offset, filesz, align;
	size_t word; /* bytes of an offset or a size */
};

#define LAYOUT(bits)                                                             \
	{                                                                        \
		.header_size = sizeof(Elf##bits##_Ehdr),                         \
		.phoff = offsetof(Elf##bits##_Ehdr, e_phoff),                    \
		.phentsize = offsetof(Elf##bits##_Ehdr, e_phentsize),            \
		.phnum = offsetof(Elf##bits##_Ehdr, e_phnum),                    \
		.entry_size = sizeof(Elf##bits##_Phdr),                          \
		.type = offsetof(Elf##bits##_Phdr, p_type),                      \
		.offset = offsetof(Elf##bits##_Phdr, p_offset),                  \
		.filesz = offsetof(Elf##bits##_Phdr, p_filesz),                  \
		.align = offsetof(Elf##bits##_Phdr, p_align), .word = (bits) / 8 \
	}

static const struct layout layouts[] = { LAYOUT(32), LAYOUT(64) };

struct elf {
	int fd;
	const struct layout *layout;
	bool big_endian;
	uint64_t phoff, phnum;
};

static uint64_t number(const struct elf *elf, const unsigned char *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[elf->big_endian ? i : size - 1 - i];
	return value;
}

static int read_all(int fd, void *room, size_t size, uint64_t offset)
{
	ssize_t n = vm_pread(fd, room, size, offset);

	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -ENODATA;
}

static int read_ident(struct elf *elf)
{
	unsigned char ident[EI_NIDENT];
	int r = read_all(elf->fd, ident, sizeof(ident), 0);

	if (r < 0)
		return r;
	if (memcmp(ident, ELFMAG, SELFMAG) != 0 || ident[EI_VERSION] != EV_CURRENT ||
	    (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64) ||
	    (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB))
		return -ENODATA;
	elf->layout = &layouts[ident[EI_CLASS] == ELFCLASS64];
	elf->big_endian = ident[EI_DATA] == ELFDATA2MSB;
	return 0;
}

static int read_header(struct elf *elf)
{
	unsigned char header[sizeof(Elf64_Ehdr)];
	int r = read_ident(elf);

	if (r == 0)
		r = read_all(elf->fd, header, elf->layout->header_size, 0);
	if (r < 0)
		return r;
	if (number(elf, header + elf->layout->phentsize, 2) != elf->layout->entry_size)
		return -ENODATA;
	elf->phoff = number(elf, header + elf->layout->phoff, elf->layout->word);
	elf->phnum = number(elf, header + elf->layout->phnum, 2);
	if (elf->phnum > HEADER_LIMIT)
		elf->phnum = HEADER_LIMIT;
	return 0;
}

static int put_id(const unsigned char *id, size_t size, struct vm_buf *hex)
{
	if (!vm_buf_reserve(hex, 2 * size))
		return -ENOMEM;
	for (size_t i = 0; i < size; i++)
		vm_buf_put_hex(hex, id[i], 2, '0');
	return 0;
}

static uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

/* Notes follow each other, name and description each padded to @align. All their numbers have 32 bits. */
static int find_id(const struct elf *elf, const unsigned char *notes, size_t size, uint64_t align,
		   struct vm_buf *hex)
{
	uint64_t at = 0;

	while (at < size && size - at >= sizeof(Elf64_Nhdr)) {
		const unsigned char *note = notes + at;
		uint64_t name_size = number(elf, note, 4);
		uint64_t id_size = number(elf, note + 4, 4);
		uint64_t id_at = at + align_up(sizeof(Elf64_Nhdr) + name_size, align);

		if (id_at > size || id_size > size - id_at)
			return -ENODATA;
		if (number(elf, note + 8, 4) == NT_GNU_BUILD_ID &&
		    name_size == sizeof(ELF_NOTE_GNU) &&
		    memcmp(note + sizeof(Elf64_Nhdr), ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0 &&
		    id_size > 0 && id_size <= ID_LIMIT)
			return put_id(notes + id_at, (size_t)id_size, hex);
		at = align_up(id_at + id_size, align);
	}
	return -ENODATA;
}

static int search_segment(const struct elf *elf, const unsigned char *entry, struct vm_buf *hex)
{
	const struct layout *layout = elf->layout;
	uint64_t offset = number(elf, entry + layout->offset, layout->word);
	uint64_t size = number(elf, entry + layout->filesz, layout->word);
	uint64_t align = number(elf, entry + layout->align, layout->word) == 8 ? 8 : 4;
	unsigned char notes[NOTES_LIMIT];
	ssize_t n;

	if (number(elf, entry + layout->type, 4) != PT_NOTE)
		return -ENODATA;
	n = vm_pread(elf->fd, notes, size < sizeof(notes) ? (size_t)size : sizeof(notes), offset);
	return n < 0 ? (int)n : find_id(elf, notes, (size_t)n, align, hex);
}

int vm_build_id_read_fd(int fd, struct vm_buf *hex)
{
	struct elf elf = { .fd = fd };
	unsigned char entry[sizeof(Elf64_Phdr)];
	int r = read_header(&elf);

	if (r < 0)
		return r;
	for (uint64_t i = 0; i < elf.phnum; i++) {
		uint64_t offset;

		if (__builtin_add_overflow(elf.phoff, i * elf.layout->entry_size, &offset))
			return -ENODATA;
		r = read_all(fd, entry, elf.layout->entry_size, offset);
		if (r < 0)
			return r;
		r = search_segment(&elf, entry, hex);
		if (r != -ENODATA)
			return r;
	}
	return -ENODATA;
}

/* map_files holds magic links, to be followed. O_PATH does nothing to a device that may be behind one. */
static int open_path(const struct vm_source *source, uint64_t start, uint64_t end)
{
	char name[64];
	int fd;

	if (source->type != VM_SOURCE_LIVE)
		return -ENOENT;
	snprintf(name, sizeof(name), "map_files/%" PRIx64 "-%" PRIx64, start, end);
	fd = openat(source->fd, name, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int reopen(int path_fd)
{
	char name[32];
	struct stat info;
	int fd;

	if (fstat(path_fd, &info) < 0)
		return -errno;
	if (!S_ISREG(info.st_mode))
		return -EINVAL;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", path_fd);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

int vm_build_id_read(const struct vm_source *source, uint64_t start, uint64_t end,
		     struct vm_buf *hex)
{
	int path_fd = open_path(source, start, end), fd, r;

	if (path_fd < 0)
		return path_fd;
	fd = reopen(path_fd);
	close(path_fd);
	if (fd < 0)
		return fd;
	r = vm_build_id_read_fd(fd, hex);
	close(fd);
	return r;
}
