#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmview/sample.h"
#include "vmview/scan.h"

/* A folder is called vmview-demo-PID-STARTTIME-XXXXXX. */
static const char prefix[] = "vmview-demo-";

static const char *temporary(void)
{
	const char *path = getenv("TMPDIR");

	return path && path[0] == '/' ? path : "/tmp";
}

/* When @pid started, in clock ticks since boot; 0: there is no such process. */
static uint64_t start_time(pid_t pid)
{
	struct vm_source source = { 0 };
	struct vm_process process = { 0 };
	uint64_t time = 0;

	if (vm_source_open_process(pid, &source) == 0 && vm_sample_process(&source, &process) == 0)
		time = process.start_time;
	vm_process_deinit(&process);
	vm_source_close(&source);
	return time;
}

/* Files only: nothing in the folder of a demo is a folder. */
static void empty_folder(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!folder) {
		if (copy >= 0)
			close(copy);
		return;
	}
	rewinddir(folder);
	while ((entry = readdir(folder)))
		unlinkat(fd, entry->d_name, 0);
	closedir(folder);
}

/* Whether @name is of a demo that does not run any more. */
static bool is_left_over(const char *name)
{
	struct vm_str rest = vm_str_from(name);
	uint64_t pid, started;

	if (!vm_str_starts(rest, vm_str_from(prefix)))
		return false;
	rest = vm_str_skip(rest, sizeof(prefix) - 1);
	if (!vm_scan_dec(&rest, &pid) || !vm_scan_char(&rest, '-') ||
	    !vm_scan_dec(&rest, &started) || !vm_scan_char(&rest, '-') || pid > INT32_MAX)
		return false;
	return start_time((pid_t)pid) != started;
}

static void remove_left_over(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat info;

	if (fd < 0)
		return;
	/* Its demo may run where we do not see its PID: then it holds the lock. */
	if (fstat(fd, &info) == 0 && info.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0) {
		empty_folder(fd);
		unlinkat(parent, name, AT_REMOVEDIR);
	}
	close(fd);
}

static void remove_left_overs(void)
{
	DIR *folder = opendir(temporary());
	struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder))) {
		if (is_left_over(entry->d_name))
			remove_left_over(dirfd(folder), entry->d_name);
	}
	closedir(folder);
}

static bool make_folder(struct demo_folder *folder)
{
	int n = snprintf(folder->path, sizeof(folder->path), "%s/%s%d-%" PRIu64 "-XXXXXX",
			 temporary(), prefix, (int)getpid(), start_time(getpid()));

	if (n < 0 || (size_t)n >= sizeof(folder->path) - sizeof("/follow.new")) {
		errno = ENAMETOOLONG;
		return false;
	}
	if (!mkdtemp(folder->path))
		return false;
	folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder->fd < 0) {
		rmdir(folder->path);
		return false;
	}
	/* Nobody else may hold it: there is nothing to wait for. */
	flock(folder->fd, LOCK_EX | LOCK_NB);
	memcpy(folder->follow, folder->path, sizeof(folder->path));
	strcat(folder->follow, "/follow");
	return true;
}

bool demo_folder_init(struct demo_folder *folder, const char *program)
{
	folder->fd = -1;
	remove_left_overs();
	if (make_folder(folder))
		return true;
	fprintf(stderr, "%s: cannot make a folder under %s: %s\n", program, temporary(),
		strerror(errno));
	return false;
}

void demo_folder_deinit(struct demo_folder *folder)
{
	if (folder->fd < 0)
		return;
	demo_folder_remove(folder);
	close(folder->fd);
	folder->fd = -1;
}

void demo_folder_remove(const struct demo_folder *folder)
{
	empty_folder(folder->fd);
	rmdir(folder->path);
}

void demo_folder_show(const struct demo_folder *folder, pid_t pid, uint64_t address,
		      unsigned number)
{
	char text[96];
	int n = snprintf(text, sizeof(text), "vmview-demo %d %" PRIx64 " %u\n", (int)pid, address,
			 number);
	int fd = openat(folder->fd, "follow.new",
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return;
	/* A rename: nobody ever reads half of it. */
	if (write(fd, text, (size_t)n) == n)
		renameat(folder->fd, "follow.new", folder->fd, "follow");
	close(fd);
}
