/*
 * Shared memory objects of a demo that was killed: they live until somebody removes them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "cleanup.h"
#include "vmview/sample.h"
#include "vmview/scan.h"

/* POSIX: they are called vmview-demo-PID, and whatever follows. */
static void remove_named(pid_t pid)
{
	DIR *folder = opendir("/dev/shm");
	struct dirent *entry;
	char prefix[40];
	size_t n;

	if (!folder)
		return;
	n = (size_t)snprintf(prefix, sizeof(prefix), "vmview-demo-%d", (int)pid);
	while ((entry = readdir(folder))) {
		char after = entry->d_name[strnlen(entry->d_name, n)];

		if (strncmp(entry->d_name, prefix, n) == 0 && (after < '0' || after > '9'))
			unlinkat(dirfd(folder), entry->d_name, 0);
	}
	closedir(folder);
}

/* A line is `key shmid perms size cpid ...`. */
static void remove_segment(struct vm_str line, pid_t pid)
{
	uint64_t numbers[4];

	vm_scan_blanks(&line);
	line = vm_str_skip(line, vm_str_find(line, ' '));
	for (size_t i = 0; i < 4; i++) {
		vm_scan_blanks(&line);
		if (!vm_scan_dec(&line, &numbers[i]))
			return;
	}
	if (numbers[3] == (uint64_t)pid && numbers[0] <= INT32_MAX)
		shmctl((int)numbers[0], IPC_RMID, NULL);
}

/* System V: whoever made a segment is written down with it. */
static void remove_segments(pid_t pid)
{
	FILE *list = fopen("/proc/sysvipc/shm", "re");
	char line[512];

	while (list && fgets(line, sizeof(line), list))
		remove_segment(vm_str_from(line), pid);
	if (list)
		fclose(list);
}

void demo_cleanup_objects(pid_t pid)
{
	remove_named(pid);
	remove_segments(pid);
}
