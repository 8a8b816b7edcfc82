#include "vmview/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "frame.h"
#include "vmview/scan.h"

static bool is_proc(const struct statfs *fs)
{
	/* Its type is signed on some machines. */
	return (uint64_t)fs->f_type == PROC_SUPER_MAGIC;
}

/* Why there is no /proc/PID. The kernel answers getpgid(2) whatever /proc hides. */
static int why_absent(pid_t pid)
{
	struct statfs fs;

	if (statfs("/proc", &fs) < 0 || !is_proc(&fs))
		return -ENODEV;
	return getpgid(pid) >= 0 && vm_source_hides_others() ? -EACCES : -ESRCH;
}

int vm_source_open_process(pid_t pid, struct vm_source *source)
{
	struct stat info;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? why_absent(pid) : -errno;
	/* With hidepid=2 it can be opened, but nothing can be asked of it. */
	if (fstat(fd, &info) < 0) {
		int r = errno == ENOENT ? why_absent(pid) : -errno;

		close(fd);
		return r;
	}
	*source = (struct vm_source){ .type = VM_SOURCE_LIVE, .fd = fd, .pid = pid };
	return 0;
}

/* A descriptor of what @path names. Without O_NONBLOCK a FIFO waits for its writer, as cat does. */
static int open_saved(const char *path)
{
	int fd;

	if (strcmp(path, "-") == 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

int vm_source_open_saved(const char *path, struct vm_source *source)
{
	struct stat info;
	int fd;

	/* Look before opening: to open a device may already do something. */
	if (strcmp(path, "-") != 0 && stat(path, &info) == 0 &&
	    (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode)))
		return -EINVAL;
	fd = open_saved(path);
	if (fd < 0)
		return fd;
	if (fstat(fd, &info) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	if (S_ISDIR(info.st_mode)) {
		*source = (struct vm_source){ .type = VM_SOURCE_FOLDER, .fd = fd };
	} else if (S_ISREG(info.st_mode) || S_ISFIFO(info.st_mode)) {
		*source = (struct vm_source){ .type = VM_SOURCE_FILE, .fd = fd };
	} else {
		close(fd);
		return -EINVAL;
	}
	return 0;
}

int vm_source_copy(const struct vm_source *source, struct vm_source *copy)
{
	int fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return -errno;
	*copy = *source;
	copy->fd = fd;
	vm_open_frame_share(copy->frame);
	return 0;
}

void vm_source_close(struct vm_source *source)
{
	if (source->type != VM_SOURCE_NONE)
		close(source->fd);
	vm_open_frame_free(source->frame);
	*source = (struct vm_source){ 0 };
}

int vm_source_open_entry(const struct vm_source *source, const char *name)
{
	struct stat info;
	int fd;

	if (source->type != VM_SOURCE_LIVE && source->type != VM_SOURCE_FOLDER)
		return -ENOENT;
	/* Look before opening: to open a device may already do something. */
	if (source->type == VM_SOURCE_FOLDER) {
		if (fstatat(source->fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (!S_ISREG(info.st_mode))
			return S_ISLNK(info.st_mode) ? -ELOOP : -EINVAL;
	}
	/* It may have been replaced by a FIFO since, which must not make us wait: O_NONBLOCK. */
	fd = openat(source->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (source->type == VM_SOURCE_FOLDER && (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

ssize_t vm_read(int fd, void *room, size_t size)
{
	ssize_t n;

	do
		n = read(fd, room, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

ssize_t vm_pread(int fd, void *room, size_t size, uint64_t offset)
{
	size_t used = 0;

	if (offset > (uint64_t)INT64_MAX - size)
		return 0;
	while (used < size) {
		ssize_t n = pread(fd, (char *)room + used, size - used, (off_t)(offset + used));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static int read_all(struct vm_input *input, size_t limit, struct vm_buf *text)
{
	vm_buf_clear(text);
	while (text->len < limit) {
		size_t want = limit - text->len < 4096 ? limit - text->len : 4096;
		char *room = vm_buf_reserve(text, want);
		ssize_t n;

		if (!room)
			return -ENOMEM;
		n = vm_input_read(input, room, want);
		if (n < 0)
			return (int)n;
		if (n == 0)
			return 0;
		text->len += (size_t)n;
	}
	return 0;
}

int vm_source_read_entry(const struct vm_source *source, const char *name, size_t limit,
			 struct vm_buf *text)
{
	struct vm_input input;
	int r = vm_input_open(source, name, &input);

	if (r < 0)
		return r;
	r = read_all(&input, limit, text);
	vm_input_close(&input);
	return r;
}

int vm_source_read_machine(const struct vm_source *source, const char *name, size_t limit,
			   struct vm_buf *text)
{
	const char *slash = strrchr(name, '/');
	struct vm_source machine = { .type = VM_SOURCE_LIVE };
	int fd, r;

	if (source->type != VM_SOURCE_LIVE)
		return vm_source_read_entry(source, slash ? slash + 1 : name, limit, text);
	fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	machine.fd = fd;
	r = vm_source_read_entry(&machine, name, limit, text);
	vm_source_close(&machine);
	return r;
}

static int open_proc(int flags)
{
	int fd = open("/proc", flags);
	struct statfs fs;

	if (fd < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	if (fstatfs(fd, &fs) == 0 && is_proc(&fs))
		return fd;
	close(fd);
	return -ENODEV;
}

/* A descriptor, or a negative errno. */
static int open_tasks(const struct vm_source *source)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, fd;

	if (!source)
		return open_proc(flags);
	fd = openat(source->fd, "task", flags);
	return fd < 0 ? -errno : fd;
}

/* NULL at the end, or with @error where the rest cannot be read. */
static const struct dirent *next_entry(DIR *folder, int *error)
{
	const struct dirent *entry;

	errno = 0;
	entry = readdir(folder);
	if (!entry)
		*error = -errno;
	return entry;
}

int vm_source_each_task(const struct vm_source *source, int (*found)(pid_t pid, void *user),
			void *user)
{
	const struct dirent *entry;
	DIR *folder;
	int fd, r = 0;

	if (source && source->type == VM_SOURCE_FRAME)
		return vm_open_frame_each_task(source->frame, found, user);
	fd = open_tasks(source);
	if (fd < 0)
		return fd;
	folder = fdopendir(fd);
	if (!folder) {
		r = -errno;
		close(fd);
		return r;
	}
	while (r == 0 && (entry = next_entry(folder, &r))) {
		struct vm_str name = vm_str_from(entry->d_name);
		uint64_t number;

		if (vm_scan_dec(&name, &number) && name.len == 0 && number <= INT32_MAX)
			r = found((pid_t)number, user);
	}
	closedir(folder);
	return r;
}
