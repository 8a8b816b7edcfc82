#include "vmview/space.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* One byte of its text: 1, 0: there is none, or a negative errno. */
static ssize_t look(int fd)
{
	ssize_t n;
	char byte;

	do
		n = pread(fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int vm_space_enter(const struct vm_source *source, pid_t thread, struct vm_space *space)
{
	char name[40] = "maps";
	ssize_t n;

	*space = VM_SPACE_NONE;
	if (source->type != VM_SOURCE_LIVE)
		return -ESRCH;
	if (thread)
		snprintf(name, sizeof(name), "task/%d/maps", (int)thread);
	space->fd = vm_source_open_entry(source, name);
	n = space->fd < 0 ? space->fd : look(space->fd);
	if (n > 0)
		return 0;
	vm_space_leave(space);
	return n == 0 || n == -ENOENT ? -ESRCH : (int)n;
}

bool vm_space_left(const struct vm_space *space)
{
	ssize_t n = space->fd < 0 ? 1 : look(space->fd);

	return n == 0 || n == -ESRCH;
}

void vm_space_leave(struct vm_space *space)
{
	if (space->fd >= 0)
		close(space->fd);
	*space = VM_SPACE_NONE;
}
