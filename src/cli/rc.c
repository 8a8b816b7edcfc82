#include "rc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "vmview/scan.h"
#include "vmview/source.h"

/* Nobody writes a longer one by hand; a device or an endless file is refused here. */
#define SIZE_LIMIT ((size_t)1024 * 1024)

enum section { SECTION_NONE, SECTION_UNKNOWN, SECTION_FIELDS, SECTION_MAPPING };

struct parse {
	struct vm_rc *rc;
	enum section section;
	size_t line;
	vm_rc_warn_fn warn;
	void *user;
};

void vm_rc_deinit(struct vm_rc *rc)
{
	vm_buf_deinit(&rc->text);
	free(rc->columns);
	*rc = (struct vm_rc){ 0 };
}

static void warn(const struct parse *parse, const char *what)
{
	parse->warn(what, parse->line, parse->user);
}

static int add_column(struct vm_rc *rc, struct vm_str title)
{
	if (rc->count == rc->cap) {
		size_t cap = rc->cap ? rc->cap * 2 : 32;
		struct vm_str *columns = reallocarray(rc->columns, cap, sizeof(*columns));

		if (!columns)
			return -ENOMEM;
		rc->columns = columns;
		rc->cap = cap;
	}
	rc->columns[rc->count++] = title;
	return 0;
}

static bool ends_line(struct vm_str rest)
{
	return rest.len == 0 || rest.p[0] == '#';
}

static struct vm_str take_word(struct vm_str *rest)
{
	size_t n = 0;
	struct vm_str word;

	while (n < rest->len && rest->p[n] != ' ' && rest->p[n] != '\t')
		n++;
	word = (struct vm_str){ rest->p, n };
	*rest = vm_str_skip(*rest, n);
	vm_scan_blanks(rest);
	return word;
}

static bool take_prefix(struct vm_str *rest, struct vm_str prefix)
{
	if (!vm_str_starts(*rest, prefix))
		return false;
	*rest = vm_str_skip(*rest, prefix.len);
	return true;
}

static void open_section(struct parse *parse, struct vm_str *rest)
{
	size_t close = vm_str_find(*rest, ']');

	if (take_prefix(rest, VM_STR("[Fields Display]"))) {
		parse->section = SECTION_FIELDS;
	} else if (take_prefix(rest, VM_STR("[Mapping]"))) {
		parse->section = SECTION_MAPPING;
	} else if (close < rest->len) {
		parse->section = SECTION_UNKNOWN;
		warn(parse, "a section that vmview does not know");
		*rest = vm_str_skip(*rest, close + 1);
	} else {
		warn(parse, "a section without its closing bracket");
		*rest = vm_str_skip(*rest, rest->len);
	}
	vm_scan_blanks(rest);
	if (!ends_line(*rest))
		warn(parse, "text behind a section");
}

static int take_entry(struct parse *parse, struct vm_str rest)
{
	struct vm_str word = take_word(&rest);

	if (parse->section == SECTION_UNKNOWN)
		return 0;
	if (parse->section == SECTION_NONE) {
		warn(parse, "an entry before the first section");
		return 0;
	}
	if (!ends_line(rest))
		warn(parse, "text behind an entry");
	if (parse->section == SECTION_FIELDS)
		return add_column(parse->rc, word);
	if (vm_str_equal(word, VM_STR("ShowPath")))
		parse->rc->toggle_path = !parse->rc->toggle_path;
	return 0;
}

static int parse_line(struct parse *parse, struct vm_str line)
{
	vm_scan_blanks(&line);
	if (ends_line(line))
		return 0;
	if (line.p[0] == '[') {
		open_section(parse, &line);
		if (ends_line(line))
			return 0;
	}
	return take_entry(parse, line);
}

int vm_rc_parse(struct vm_rc *rc, vm_rc_warn_fn warn_fn, void *user)
{
	struct parse parse = { rc, SECTION_NONE, 0, warn_fn, user };
	struct vm_str rest = vm_buf_str(&rc->text);

	while (rest.len) {
		size_t end = vm_str_find(rest, '\n');
		struct vm_str line = { rest.p, end };
		int r;

		/* A NUL ends a line, as in pmap. */
		line.len = vm_str_find(line, '\0');
		parse.line++;
		r = parse_line(&parse, line);
		if (r < 0)
			return r;
		rest = vm_str_skip(rest, end + 1);
	}
	return 0;
}

static int read_file(int fd, struct vm_buf *text)
{
	for (;;) {
		char *room = vm_buf_reserve(text, 4096);
		ssize_t n;

		if (!room)
			return -ENOMEM;
		n = vm_read(fd, room, 4096);
		if (n <= 0)
			return (int)n;
		text->len += (size_t)n;
		if (text->len > SIZE_LIMIT)
			return -EFBIG;
	}
}

int vm_rc_read(const char *path, struct vm_rc *rc, vm_rc_warn_fn warn_fn, void *user)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r;

	if (fd < 0)
		return -errno;
	r = read_file(fd, &rc->text);
	close(fd);
	return r < 0 ? r : vm_rc_parse(rc, warn_fn, user);
}

static const char contents[] =
	"# Which columns `-c` and `-C` show.\n"
	"#\n"
	"# Remove the # in front of a column to show it. Spelling and case are the kernel's, see\n"
	"# proc_pid_smaps(5); a column that this kernel does not report is left out.\n"
	"\n"
	"[Fields Display]\n"
	"\n"
	"#Perm\n#Offset\n#Device\n#Inode\n#Size\n#Rss\n#Pss\n#Shared_Clean\n#Shared_Dirty\n"
	"#Private_Clean\n#Private_Dirty\n#Referenced\n#Anonymous\n#AnonHugePages\n#Swap\n"
	"#KernelPageSize\n#MMUPageSize\n#Locked\n#VmFlags\n#Mapping\n"
	"\n"
	"[Mapping]\n"
	"\n"
	"# Whole paths instead of file names:\n"
	"#ShowPath\n";

int vm_rc_create(const char *path)
{
	/* O_EXCL also refuses to follow a link that somebody else put there. */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	FILE *file;
	bool failed;

	if (fd < 0)
		return -errno;
	file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	failed = fputs(contents, file) < 0;
	failed |= fclose(file) != 0;
	return failed ? -EIO : 0;
}
