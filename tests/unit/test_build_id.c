#include "helper.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmview/build_id.h"

/* An ELF file in the making: a header, one program header, one note. */
struct image {
	bool wide, big_endian;
	uint64_t align;
	struct vm_buf bytes;
};

static void image_deinit(struct image *image)
{
	vm_buf_deinit(&image->bytes);
}

static void put(struct image *image, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		size_t shift = 8 * (image->big_endian ? size - 1 - i : i);

		vm_buf_put_char(&image->bytes, (char)(value >> shift));
	}
}

static size_t header_size(const struct image *image)
{
	return image->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

static size_t entry_size(const struct image *image)
{
	return image->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

static void put_header(struct image *image, uint64_t phoff, uint64_t count)
{
	size_t word = image->wide ? 8 : 4;
	char ident[EI_NIDENT] = ELFMAG;

	ident[EI_CLASS] = image->wide ? ELFCLASS64 : ELFCLASS32;
	ident[EI_DATA] = image->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
	ident[EI_VERSION] = EV_CURRENT;
	vm_buf_put(&image->bytes, ident, sizeof(ident));
	put(image, ET_DYN, 2);
	put(image, EM_NONE, 2);
	put(image, EV_CURRENT, 4);
	put(image, 0, word);
	put(image, phoff, word);
	put(image, 0, word);
	put(image, 0, 4);
	put(image, header_size(image), 2);
	put(image, entry_size(image), 2);
	put(image, count, 2);
	put(image, 0, 6);
}

static void put_entry(struct image *image, uint32_t type, uint64_t offset, uint64_t size)
{
	size_t word = image->wide ? 8 : 4;

	put(image, type, 4);
	if (image->wide)
		put(image, PF_R, 4);
	put(image, offset, word);
	put(image, 0, word);
	put(image, 0, word);
	put(image, size, word);
	put(image, size, word);
	if (!image->wide)
		put(image, PF_R, 4);
	put(image, image->align, word);
}

static void pad(struct image *image, size_t start)
{
	while ((image->bytes.len - start) % image->align)
		vm_buf_put_char(&image->bytes, '\0');
}

static void put_note(struct image *image, uint32_t type, struct vm_str name, struct vm_str id)
{
	size_t start = image->bytes.len;

	put(image, name.len, 4);
	put(image, id.len, 4);
	put(image, type, 4);
	vm_buf_put_str(&image->bytes, name);
	pad(image, start);
	vm_buf_put_str(&image->bytes, id);
	pad(image, start);
}

static const struct vm_str gnu = { "GNU", 4 };

/* A file with another note first and an id behind it. */
static struct image make_image(bool wide, bool big_endian, uint64_t align)
{
	struct image image = { wide, big_endian, align, { 0 } };
	size_t notes = header_size(&image) + entry_size(&image);

	notes += (size_t)(align - notes % align);
	put_header(&image, header_size(&image), 1);
	put_entry(&image, PT_NOTE, notes, 128);
	while (image.bytes.len < notes)
		vm_buf_put_char(&image.bytes, '\0');
	put_note(&image, NT_GNU_PROPERTY_TYPE_0, gnu, VM_STR("abcde"));
	put_note(&image, NT_GNU_BUILD_ID, gnu, VM_STR("\x00\x01\xfe\xff"));
	assert_false(image.bytes.failed);
	return image;
}

/* The usual one, to be broken. */
static struct image make_usual(void)
{
	return make_image(true, false, 4);
}

static int read_bytes(struct vm_str bytes, struct vm_buf *hex)
{
	int fd = memfd_create("elf", MFD_CLOEXEC), r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.len), bytes.len);
	r = vm_build_id_read_fd(fd, hex);
	close(fd);
	return r;
}

static void assert_id(struct vm_str bytes, const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };

	assert_int_equal(read_bytes(bytes, &hex), 0);
	assert_same(vm_buf_str(&hex), vm_str_from(wanted));
}

static void assert_none(struct vm_str bytes)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };

	vm_buf_put_text(&hex, "kept");
	assert_int_equal(read_bytes(bytes, &hex), -ENODATA);
	assert_slice(vm_buf_str(&hex), "kept");
}

TEST(both_classes_byte_orders_and_alignments_are_read)
{
	for (unsigned i = 0; i < 8; i++) {
		vm_cleanup(image_deinit) struct image image =
			make_image(i & 1, i & 2, i & 4 ? 8 : 4);

		assert_id(vm_buf_str(&image.bytes), "0001feff");
	}
}

TEST(id_is_appended)
{
	vm_cleanup(image_deinit) struct image image = make_usual();
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };

	vm_buf_put_text(&hex, "id ");
	assert_int_equal(read_bytes(vm_buf_str(&image.bytes), &hex), 0);
	assert_slice(vm_buf_str(&hex), "id 0001feff");
}

TEST(segment_behind_others_is_found)
{
	vm_cleanup(image_deinit) struct image image = { true, false, 4, { 0 } };

	put_header(&image, header_size(&image), 3);
	put_entry(&image, PT_LOAD, 0, 4096);
	put_entry(&image, PT_NOTE, 1 << 20, 4096);
	put_entry(&image, PT_NOTE, header_size(&image) + 3 * entry_size(&image), 20);
	put_note(&image, NT_GNU_BUILD_ID, gnu, VM_STR("\x12\x34\x56\x78"));
	assert_id(vm_buf_str(&image.bytes), "12345678");
}

TEST(file_cut_anywhere_has_no_id)
{
	for (unsigned i = 0; i < 4; i++) {
		vm_cleanup(image_deinit) struct image image = make_image(i & 1, i & 2, 4);

		for (size_t len = 0; len < image.bytes.len; len++)
			assert_none((struct vm_str){ image.bytes.p, len });
	}
}

TEST(file_that_is_not_elf_has_no_id)
{
	assert_none(VM_STR(""));
	assert_none(
		VM_STR("#!/bin/sh\necho this is long enough for any header, is it not? Yes.\n"));
}

static void put_file_with(struct image *image, uint32_t type, struct vm_str name, struct vm_str id)
{
	*image = (struct image){ .wide = true, .align = 4 };
	put_header(image, header_size(image), 1);
	put_entry(image, PT_NOTE, header_size(image) + entry_size(image), 4096);
	put_note(image, type, name, id);
}

TEST(only_a_gnu_build_id_of_a_sane_length_counts)
{
	static const char zeros[65];
	const struct {
		uint32_t type;
		struct vm_str name, id;
	} rows[] = {
		{ NT_GNU_ABI_TAG, gnu, VM_STR("abcd") },
		{ NT_GNU_BUILD_ID, VM_STR("GNU"), VM_STR("abcd") },
		{ NT_GNU_BUILD_ID, VM_STR("Go\0\0"), VM_STR("abcd") },
		{ NT_GNU_BUILD_ID, gnu, VM_STR("") },
		{ NT_GNU_BUILD_ID, gnu, { zeros, sizeof(zeros) } },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(image_deinit) struct image image = { 0 };

		put_file_with(&image, rows[i].type, rows[i].name, rows[i].id);
		assert_none(vm_buf_str(&image.bytes));
	}
}

/* Write @size bytes of ones at @at. */
static void assert_harmless(size_t at, size_t size)
{
	vm_cleanup(image_deinit) struct image image = make_usual();
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };
	int r;

	memset(image.bytes.p + at, 0xff, size);
	r = read_bytes(vm_buf_str(&image.bytes), &hex);
	assert_true(r == 0 || r == -ENODATA);
	assert_true(r == 0 || hex.len == 0);
}

TEST(huge_numbers_anywhere_are_harmless)
{
	vm_cleanup(image_deinit) struct image image = make_usual();

	for (size_t size = 1; size <= 8; size *= 2) {
		for (size_t at = 0; at + size <= image.bytes.len; at++)
			assert_harmless(at, size);
	}
}

TEST(every_single_byte_may_be_anything)
{
	vm_cleanup(image_deinit) struct image image = make_usual();

	for (size_t at = 0; at < image.bytes.len; at++) {
		for (unsigned flip = 1; flip < 256; flip *= 2) {
			vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };
			int r;

			image.bytes.p[at] = (char)(image.bytes.p[at] ^ (char)flip);
			r = read_bytes(vm_buf_str(&image.bytes), &hex);
			image.bytes.p[at] = (char)(image.bytes.p[at] ^ (char)flip);
			assert_true(r == 0 || r == -ENODATA);
		}
	}
}

TEST(headers_without_end_are_given_up)
{
	vm_cleanup(image_deinit) struct image image = { true, false, 4, { 0 } };

	put_header(&image, header_size(&image), 0xffff);
	for (size_t i = 0; i < 0x1000; i++)
		put_entry(&image, PT_NOTE, 0, UINT64_MAX);
	assert_none(vm_buf_str(&image.bytes));
}

/* A page of a file at @path, mapped by this process; its id through map_files. */
static int read_mapped(const char *path, struct vm_buf *hex)
{
	struct vm_source source = { 0 };
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;
	void *page;

	assert_true(fd >= 0);
	page = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	assert_ptr_not_equal(page, MAP_FAILED);
	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	r = vm_build_id_read(&source, (uintptr_t)page, (uintptr_t)page + size, hex);
	vm_source_close(&source);
	munmap(page, size);
	return r;
}

static bool is_refused(int r)
{
	return r == -EPERM || r == -EACCES;
}

TEST(mapped_file_gives_its_own_id_where_permitted)
{
	vm_cleanup(image_deinit) struct image image = make_usual();
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "elf");
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), r;

	assert_int_equal(write(fd, image.bytes.p, image.bytes.len), image.bytes.len);
	close(fd);
	r = read_mapped(path, &hex);
	assert_true(r == 0 || is_refused(r));
	assert_same(vm_buf_str(&hex), r == 0 ? VM_STR("0001feff") : VM_STR(""));
}

TEST(mapped_device_is_not_read)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };
	int r = read_mapped("/dev/zero", &hex);

	assert_true(r == -EINVAL || is_refused(r));
	assert_int_equal(hex.len, 0);
}

TEST(range_without_a_file_has_no_id)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };
	int r;

	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	r = vm_build_id_read(&source, 0, 4096, &hex);
	assert_true(r == -ENOENT || is_refused(r));
}

TEST(saved_folder_is_never_followed)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf hex = { 0 };

	assert_int_equal(mkdirat(folder.fd, "map_files", 0700), 0);
	assert_int_equal(symlinkat("/proc/self/exe", folder.fd, "map_files/1000-2000"), 0);
	assert_int_equal(vm_source_open_saved(folder.path, &source), 0);
	assert_int_equal(vm_build_id_read(&source, 0x1000, 0x2000, &hex), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_classes_byte_orders_and_alignments_are_read),
		cmocka_unit_test(id_is_appended),
		cmocka_unit_test(segment_behind_others_is_found),
		cmocka_unit_test(file_cut_anywhere_has_no_id),
		cmocka_unit_test(file_that_is_not_elf_has_no_id),
		cmocka_unit_test(only_a_gnu_build_id_of_a_sane_length_counts),
		cmocka_unit_test(huge_numbers_anywhere_are_harmless),
		cmocka_unit_test(every_single_byte_may_be_anything),
		cmocka_unit_test(headers_without_end_are_given_up),
		cmocka_unit_test(mapped_file_gives_its_own_id_where_permitted),
		cmocka_unit_test(mapped_device_is_not_read),
		cmocka_unit_test(range_without_a_file_has_no_id),
		cmocka_unit_test(saved_folder_is_never_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
