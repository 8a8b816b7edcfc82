/*
 * Preloaded: files whose names begin with $STUCK_AT never open, as on a file system that does not answer any more, and
 * those that are called $ABSENT do not exist, as in /proc of a kernel without them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int is_absent(const char *path)
{
	const char *absent = getenv("ABSENT"), *slash = strrchr(path, '/');

	return absent && strcmp(slash ? slash + 1 : path, absent) == 0;
}

int openat(int folder, const char *path, int flags, ...)
{
	const char *prefix = getenv("STUCK_AT");
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = va_arg(arguments, mode_t);
	va_end(arguments);
	while (prefix && strncmp(path, prefix, strlen(prefix)) == 0)
		pause();
	if (is_absent(path)) {
		errno = ENOENT;
		return -1;
	}
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}
