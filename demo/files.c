#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"

/* Write @text and a newline again and again, until @size bytes are there. 0 or an errno. */
static int fill_file(int fd, size_t size, const char *text)
{
	size_t length = strlen(text), done = 0;
	char block[4096];

	while (done < size) {
		size_t n = 0;
		ssize_t written;

		/* Goes on where the last block ended. */
		for (; n < sizeof(block) && done + n < size; n++) {
			size_t at = (done + n) % (length + 1);

			block[n] = at < length ? text[at] : '\n';
		}
		written = write(fd, block, n);
		if (written < 0 && errno != EINTR)
			return errno;
		if (written > 0)
			done += (size_t)written;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? errno : 0;
}

static void remove_file(void *path)
{
	unlink(path);
}

static int make_file(const char *path, size_t size, const char *fill)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int error;

	if (fd < 0)
		return -1;
	if (fill)
		error = fill_file(fd, size, fill);
	else
		error = ftruncate(fd, (off_t)size) < 0 ? errno : 0;
	if (error == 0)
		return fd;
	close(fd);
	unlink(path);
	errno = error;
	return -1;
}

int demo_file(struct demo_stage *stage, const char *name, size_t size, const char *fill,
	      const char **path)
{
	char *full = demo_stage_printf(stage, "%s/%s", stage->folder.path, name);
	int fd = full ? make_file(full, size, fill) : -1, error = errno;

	*path = full ? full : "";
	if (fd >= 0) {
		demo_on_cleanup(stage, remove_file, full);
		return fd;
	}
	demo_fact(stage, demo_text(stage, "a file %s of %zu bytes", *path, size), false,
		  demo_errno(stage, error));
	errno = error;
	return -1;
}
