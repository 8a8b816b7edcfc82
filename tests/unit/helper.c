#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "vmview/parser.h"
#include "vmview/safe.h"
#include "vmview/source.h"

static void print_slice(const char *what, struct vm_str slice)
{
	struct vm_buf text = { 0 };

	vm_safe_put(&text, slice);
	print_message("# %s: %zu bytes \"%.*s\"\n", what, slice.len, (int)text.len,
		      text.p ? text.p : "");
	vm_buf_deinit(&text);
}

void check_slice(struct vm_str slice, struct vm_str wanted, const char *file, int line)
{
	if (vm_str_equal(slice, wanted))
		return;
	print_slice("got", slice);
	print_slice("wanted", wanted);
	_fail(file, line);
}

void check_row(bool condition, const char *text, const char *label, const char *file, int line)
{
	if (condition)
		return;
	print_message("# %s: not %s\n", label, text);
	_fail(file, line);
}

static int keep(const struct vm_mapping *mapping, void *user)
{
	return vm_snapshot_add(user, mapping);
}

static int feed(struct vm_parser *parser, struct vm_str text, size_t piece)
{
	while (text.len) {
		size_t n = piece && piece < text.len ? piece : text.len;
		/* A copy of its own, so that a sanitizer sees whoever reads past it or keeps it. */
		char *bytes = malloc(n);
		int r;

		assert_non_null(bytes);
		memcpy(bytes, text.p, n);
		r = vm_parser_feed(parser, bytes, n);
		free(bytes);
		if (r < 0)
			return r;
		text = vm_str_skip(text, n);
	}
	return vm_parser_finish(parser);
}

struct parsed parse_in_pieces(struct vm_str text, size_t piece)
{
	struct parsed parsed = { 0 };
	struct vm_parser parser;

	vm_parser_init(&parser, keep, &parsed.snapshot);
	parsed.result = feed(&parser, text, piece);
	parsed.line = parser.line;
	parsed.mappings = parser.mappings;
	parsed.reason = parser.reason;
	vm_parser_deinit(&parser);
	return parsed;
}

struct parsed parse(const char *text)
{
	return parse_in_pieces(vm_str_from(text), 0);
}

struct parsed classified(const char *text)
{
	struct parsed parsed = parse(text);

	assert_int_equal(parsed.result, 0);
	assert_int_equal(vm_snapshot_classify(&parsed.snapshot, NULL, 0), 0);
	return parsed;
}

struct vm_snapshot snapshot_of(const char *text)
{
	struct parsed parsed = parse(text);

	assert_int_equal(parsed.result, 0);
	vm_snapshot_arrange(&parsed.snapshot);
	assert_int_equal(vm_snapshot_classify(&parsed.snapshot, NULL, 0), 0);
	return parsed.snapshot;
}

void parsed_deinit(struct parsed *parsed)
{
	vm_snapshot_deinit(&parsed->snapshot);
}

const struct vm_mapping *only(const struct parsed *parsed)
{
	assert_int_equal(parsed->result, 0);
	assert_int_equal(parsed->snapshot.count, 1);
	return &parsed->snapshot.mappings[0];
}

static void assert_same_usage(const struct vm_usage *a, const struct vm_usage *b)
{
	assert_int_equal(a->present, b->present);
	assert_int_equal(a->nonzero, b->nonzero);
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++)
		assert_int_equal(vm_usage_get(a, field), vm_usage_get(b, field));
	assert_same(((struct vm_str){ (const char *)a->order, a->order_count }),
		    ((struct vm_str){ (const char *)b->order, b->order_count }));
	assert_int_equal(a->extra_count, b->extra_count);
	for (uint32_t i = 0; i < a->extra_count; i++) {
		assert_same(a->extras[i].key, b->extras[i].key);
		assert_same(a->extras[i].value, b->extras[i].value);
	}
}

void assert_same_mapping(const struct vm_mapping *a, const struct vm_mapping *b)
{
	assert_int_equal(a->start, b->start);
	assert_int_equal(a->end, b->end);
	assert_memory_equal(a->perms, b->perms, sizeof(a->perms));
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->dev_major, b->dev_major);
	assert_int_equal(a->dev_minor, b->dev_minor);
	assert_int_equal(a->inode, b->inode);
	assert_same(a->name, b->name);
	assert_int_equal(a->vm_flags.p != NULL, b->vm_flags.p != NULL);
	assert_same(a->vm_flags, b->vm_flags);
	assert_same_usage(&a->usage, &b->usage);
}

struct folder folder_make(void)
{
	struct folder folder = { "/tmp/vmview-unit-XXXXXX", -1 };

	assert_non_null(mkdtemp(folder.path));
	folder.fd = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(folder.fd >= 0);
	return folder;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info;
	(void)type;
	(void)place;
	return remove(path);
}

void folder_deinit(struct folder *folder)
{
	close(folder->fd);
	nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void folder_write(const struct folder *folder, const char *name, const char *text)
{
	int fd = openat(folder->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

char *folder_join(const struct folder *folder, const char *name)
{
	char *path;

	assert_true(asprintf(&path, "%s/%s", folder->path, name) > 0);
	return path;
}

void text_free(char **text)
{
	free(*text);
}

void read_file(const char *path, struct vm_buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	assert_true(fd >= 0);
	do {
		char *room = vm_buf_reserve(text, 4096);

		assert_non_null(room);
		n = vm_read(fd, room, 4096);
		assert_true(n >= 0);
		text->len += (size_t)n;
	} while (n > 0);
	close(fd);
}

void each_fixture(void (*check)(const char *path, struct vm_str text))
{
	glob_t found;

	assert_int_equal(glob(FIXTURES "/*/maps", 0, NULL, &found), 0);
	assert_int_equal(glob(FIXTURES "/*/smaps", GLOB_APPEND, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct vm_buf text = { 0 };

		read_file(found.gl_pathv[i], &text);
		check(found.gl_pathv[i], vm_buf_str(&text));
		vm_buf_deinit(&text);
	}
	globfree(&found);
}
