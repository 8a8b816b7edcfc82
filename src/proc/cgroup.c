#include "vmview/cgroup.h"

#include <errno.h>
#include <fcntl.h>

#include "vmview/scan.h"

/* A number and a newline. */
#define NUMBER_LIMIT 64

/* Version 1 has no word for "unlimited": it prints the most that a counter of pages holds, less than a page below 2^63. */
#define OLD_UNLIMITED (UINT64_C(1) << 62)

/* Of each version, by resource. */
static const struct {
	const char *now, *most;
} files[2][VM_CGROUP_RESOURCE_COUNT] = {
	{
		[VM_CGROUP_MEMORY] = { "memory.current", "memory.max" },
		[VM_CGROUP_SWAP] = { "memory.swap.current", "memory.swap.max" },
	},
	{
		[VM_CGROUP_MEMORY] = { "memory.usage_in_bytes", "memory.limit_in_bytes" },
		[VM_CGROUP_SWAP] = { "memory.memsw.usage_in_bytes", "memory.memsw.limit_in_bytes" },
	},
};

void vm_cgroup_deinit(struct vm_cgroup *cgroup)
{
	vm_buf_deinit(&cgroup->mount);
	vm_buf_deinit(&cgroup->folder);
	vm_buf_deinit(&cgroup->name);
	*cgroup = (struct vm_cgroup){ 0 };
}

void vm_cgroup_use_deinit(struct vm_cgroup_use *use)
{
	vm_buf_deinit(&use->name);
	*use = (struct vm_cgroup_use){ 0 };
}

/* Takes what stands before the next @c, or all, off the front of @rest. */
static struct vm_str next_part(struct vm_str *rest, char c)
{
	struct vm_str part = { rest->p, vm_str_find(*rest, c) };

	*rest = vm_str_skip(*rest, part.len + 1);
	return part;
}

static bool has_word(struct vm_str list, struct vm_str word)
{
	while (list.len) {
		if (vm_str_equal(next_part(&list, ','), word))
			return true;
	}
	return false;
}

/*
 * Lines are `NUMBER:CONTROLLERS:PATH`; that of version 2 has no controllers. Where version 1 has the memory controller version 2
 * has it not.
 */
static bool find_name(struct vm_str text, bool *old, struct vm_str *name)
{
	bool found = false;

	*old = false;
	while (text.len && !*old) {
		struct vm_str line = next_part(&text, '\n');
		struct vm_str number = next_part(&line, ':'), controllers = next_part(&line, ':');

		*old = has_word(controllers, VM_STR("memory"));
		if (*old || (!controllers.len && vm_str_equal(number, VM_STR("0")))) {
			*name = line;
			found = true;
		}
	}
	return found && vm_str_starts(*name, VM_STR("/"));
}

struct mount {
	struct vm_str root, folder, type, options; /* as they are printed */
};

/* proc_pid_mountinfo(5): `36 35 98:0 ROOT FOLDER rw,noatime master:1 - TYPE SOURCE OPTIONS` */
static bool parse_mount(struct vm_str line, struct mount *mount)
{
	for (int i = 0; i < 3; i++)
		next_part(&line, ' ');
	mount->root = next_part(&line, ' ');
	mount->folder = next_part(&line, ' ');
	while (line.len && !vm_str_equal(next_part(&line, ' '), VM_STR("-")))
		;
	mount->type = next_part(&line, ' ');
	next_part(&line, ' ');
	mount->options = line;
	return mount->root.len && mount->folder.len && mount->type.len;
}

static bool has_groups(const struct mount *mount, bool old)
{
	if (!old)
		return vm_str_equal(mount->type, VM_STR("cgroup2"));
	return vm_str_equal(mount->type, VM_STR("cgroup")) &&
	       has_word(mount->options, VM_STR("memory"));
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Blanks, newlines and backslashes stand as \040 in mountinfo. */
static void put_unescaped(struct vm_buf *buf, struct vm_str text)
{
	while (text.len) {
		bool escaped = text.len >= 4 && text.p[0] == '\\' && is_octal(text.p[1]) &&
			       is_octal(text.p[2]) && is_octal(text.p[3]);
		char c = text.p[0];

		if (escaped)
			c = (char)((text.p[1] - '0') << 6 | (text.p[2] - '0') << 3 |
				   (text.p[3] - '0'));
		vm_buf_put_char(buf, c);
		text = vm_str_skip(text, escaped ? 4 : 1);
	}
}

/* What of @name is below @root, "" or "/a/b". False: it is elsewhere, and there is no way to it from here. */
static bool find_below(struct vm_str name, struct vm_str root, struct vm_str *below)
{
	if (vm_str_contains(name, VM_STR("/..")))
		return false;
	if (vm_str_equal(root, VM_STR("/")))
		root.len = 0;
	if (!vm_str_starts(name, root))
		return false;
	*below = vm_str_skip(name, root.len);
	if (vm_str_equal(*below, VM_STR("/")))
		below->len = 0;
	return !below->len || below->p[0] == '/';
}

static int make_cgroup(bool old, struct vm_str folder, struct vm_str below, struct vm_str name,
		       struct vm_cgroup *cgroup)
{
	struct vm_cgroup made = { .old = old };

	put_unescaped(&made.mount, folder);
	vm_buf_put_str(&made.folder, below);
	vm_buf_put_str(&made.name, name);
	if (made.mount.failed || made.folder.failed || made.name.failed) {
		vm_cgroup_deinit(&made);
		return -ENOMEM;
	}
	*cgroup = made;
	return 0;
}

int vm_cgroup_find(struct vm_str text, struct vm_str mountinfo, struct vm_cgroup *cgroup)
{
	struct vm_str name, below;
	bool old;

	if (!find_name(text, &old, &name))
		return -ENOENT;
	while (mountinfo.len) {
		struct mount mount;

		if (parse_mount(next_part(&mountinfo, '\n'), &mount) && has_groups(&mount, old) &&
		    find_below(name, mount.root, &below))
			return make_cgroup(old, mount.folder, below, name, cgroup);
	}
	return -ENOENT;
}

/* The number in the file @name of a group's folder, or UINT64_MAX for `max`. */
static int read_number(const struct vm_source *folder, const char *name, struct vm_buf *text,
		       uint64_t *number)
{
	int r = vm_source_read_entry(folder, name, NUMBER_LIMIT, text);
	struct vm_str rest = vm_buf_str(text);

	/* Of a group that is removed meanwhile nothing is left. */
	if (r < 0)
		return r == -ENODEV ? -ENOENT : r;
	if (vm_str_starts(rest, VM_STR("max"))) {
		*number = UINT64_MAX;
		return 0;
	}
	return vm_scan_dec(&rest, number) ? 0 : -EBADMSG;
}

/* What one group tells. -ENOENT: nothing. */
static int read_level(const struct vm_source *folder, enum vm_cgroup_resource resource, bool old,
		      struct vm_buf *text, struct vm_cgroup_use *use)
{
	int r = read_number(folder, files[old][resource].most, text, &use->most);

	if (r < 0)
		return r;
	use->source = files[old][resource].most;
	use->unlimited = use->most >= OLD_UNLIMITED;
	r = read_number(folder, files[old][resource].now, text, &use->now);
	use->has_now = r == 0;
	return r == -ENOENT ? 0 : r;
}

static uint64_t room_of(const struct vm_cgroup_use *use)
{
	if (use->unlimited)
		return UINT64_MAX;
	if (!use->has_now)
		return use->most;
	return use->most > use->now ? use->most - use->now : 0;
}

int vm_cgroup_read_saved(const struct vm_source *saved, enum vm_cgroup_resource resource, bool *old,
			 struct vm_cgroup_use *use)
{
	struct vm_buf text = { 0 };
	int r;

	*old = false;
	r = read_level(saved, resource, *old, &text, use);
	if (r == -ENOENT) {
		*old = true;
		r = read_level(saved, resource, *old, &text, use);
	}
	vm_buf_deinit(&text);
	return r;
}

/* The group whose folder is mount + @below. */
static int read_group(const struct vm_cgroup *cgroup, struct vm_str below,
		      enum vm_cgroup_resource resource, struct vm_buf *text,
		      struct vm_cgroup_use *use)
{
	struct vm_source folder = { .type = VM_SOURCE_FOLDER };
	int fd, r;

	vm_buf_clear(text);
	vm_buf_put_str(text, vm_buf_str(&cgroup->mount));
	vm_buf_put_str(text, below);
	vm_buf_put_char(text, '\0');
	if (text->failed)
		return -ENOMEM;
	fd = open(text->p, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	folder.fd = fd;
	r = read_level(&folder, resource, cgroup->old, text, use);
	vm_source_close(&folder);
	return r;
}

/* The name without as many parts at its end as @below has lost; the highest is "/". */
static int set_name(const struct vm_cgroup *cgroup, struct vm_str below, struct vm_cgroup_use *use)
{
	struct vm_str name = vm_buf_str(&cgroup->name);

	name.len -= cgroup->folder.len - below.len;
	vm_buf_clear(&use->name);
	vm_buf_put_str(&use->name, name.len ? name : VM_STR("/"));
	return use->name.failed ? -ENOMEM : 0;
}

int vm_cgroup_read(const struct vm_cgroup *cgroup, enum vm_cgroup_resource resource,
		   struct vm_cgroup_use *use)
{
	struct vm_str below = vm_buf_str(&cgroup->folder);
	struct vm_buf text = { 0 };
	int result = -ENOENT;

	for (bool highest = false; !highest && (result == 0 || result == -ENOENT);) {
		struct vm_cgroup_use level = { 0 };
		int r = read_group(cgroup, below, resource, &text, &level);

		if (r == 0 && (result < 0 || room_of(&level) < room_of(use))) {
			level.name = use->name;
			*use = level;
			result = set_name(cgroup, below, use);
		} else if (r < 0 && r != -ENOENT) {
			result = r;
		}
		highest = !below.len;
		if (!highest)
			below.len = vm_str_find_last(below, '/');
	}
	vm_buf_deinit(&text);
	return result;
}
