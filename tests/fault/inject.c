#include "inject.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What the linker calls have no parameters of ours. */
static struct {
	struct fault *fault;
	atomic_uint calls;
	int signals; /* of signalfd() */
	void (*meanwhile)(void);
	struct timespec passed; /* of what was waited */
} armed = { .signals = -1 };

void fault_arm(struct fault *fault)
{
	armed.fault = fault;
	atomic_store(&armed.calls, 0);
}

void fault_meanwhile(void (*happens)(void))
{
	armed.meanwhile = happens;
}

static bool strikes(enum fault_class class)
{
	struct fault *fault = armed.fault;
	unsigned call;

	if (!fault || fault->class != class)
		return false;
	call = atomic_fetch_add(&armed.calls, 1) + 1;
	if (fault->at && call != fault->at && !(fault->lasting && call > fault->at))
		return false;
	fault->struck = true;
	errno = fault->error;
	return true;
}

/* __real_NAME() is what the system has, __wrap_NAME() what the program gets. */
#define WRAPPED(type, name, ...)         \
	type __real_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__)

/* Memory */

WRAPPED(void *, malloc, size_t size)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_malloc(size);
}

WRAPPED(void *, calloc, size_t count, size_t size)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_calloc(count, size);
}

WRAPPED(void *, realloc, void *p, size_t size)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_realloc(p, size);
}

WRAPPED(void *, reallocarray, void *p, size_t count, size_t size)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_reallocarray(p, count, size);
}

WRAPPED(char *, strdup, const char *text)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_strdup(text);
}

WRAPPED(char *, strndup, const char *text, size_t len)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_strndup(text, len);
}

WRAPPED(char *, realpath, const char *path, char *room)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_realpath(path, room);
}

WRAPPED(int, vasprintf, char **text, const char *format, va_list arguments)
{
	return strikes(FAULT_MEMORY) ? -1 : __real_vasprintf(text, format, arguments);
}

int __wrap_asprintf(char **text, const char *format, ...);
int __wrap_asprintf(char **text, const char *format, ...)
{
	va_list arguments;
	int r;

	va_start(arguments, format);
	r = __wrap_vasprintf(text, format, arguments);
	va_end(arguments);
	return r;
}

WRAPPED(DIR *, fdopendir, int fd)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_fdopendir(fd);
}

WRAPPED(int, regcomp, regex_t *regex, const char *text, int flags)
{
	return strikes(FAULT_MEMORY) ? REG_ESPACE : __real_regcomp(regex, text, flags);
}

WRAPPED(int, regexec, const regex_t *regex, const char *text, size_t count, regmatch_t *parts,
	int flags)
{
	return strikes(FAULT_MEMORY) ? REG_ESPACE :
				       __real_regexec(regex, text, count, parts, flags);
}

WRAPPED(FILE *, fdopen, int fd, const char *mode)
{
	return strikes(FAULT_MEMORY) ? NULL : __real_fdopen(fd, mode);
}

/* Files. The names are those of 64-bit offsets, which Meson asks for everywhere. */

static mode_t mode_of(int flags, va_list arguments)
{
	return flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = mode_of(flags, arguments);
	va_end(arguments);
	return strikes(FAULT_OPEN) ? -1 : __real_open64(path, flags, mode);
}

int __real_openat64(int fd, const char *path, int flags, ...);
int __wrap_openat64(int fd, const char *path, int flags, ...);
int __wrap_openat64(int fd, const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = mode_of(flags, arguments);
	va_end(arguments);
	return strikes(FAULT_OPEN) ? -1 : __real_openat64(fd, path, flags, mode);
}

int __real_fcntl64(int fd, int command, ...);
int __wrap_fcntl64(int fd, int command, ...);
int __wrap_fcntl64(int fd, int command, ...)
{
	va_list arguments;
	int argument;

	va_start(arguments, command);
	argument = command == F_DUPFD_CLOEXEC ? va_arg(arguments, int) : 0;
	va_end(arguments);
	if (command == F_DUPFD_CLOEXEC && strikes(FAULT_OPEN))
		return -1;
	return __real_fcntl64(fd, command, argument);
}

WRAPPED(int, memfd_create, const char *name, unsigned flags)
{
	return strikes(FAULT_OPEN) ? -1 : __real_memfd_create(name, flags);
}

WRAPPED(int, mkostemp64, char *path, int flags)
{
	return strikes(FAULT_OPEN) ? -1 : __real_mkostemp64(path, flags);
}

WRAPPED(int, eventfd, unsigned count, int flags)
{
	return strikes(FAULT_OPEN) ? -1 : __real_eventfd(count, flags);
}

WRAPPED(int, signalfd, int fd, const sigset_t *set, int flags)
{
	armed.signals = strikes(FAULT_OPEN) ? -1 : __real_signalfd(fd, set, flags);
	return armed.signals;
}

WRAPPED(int, stat64, const char *path, struct stat *info)
{
	return strikes(FAULT_LOOK) ? -1 : __real_stat64(path, info);
}

WRAPPED(int, lstat64, const char *path, struct stat *info)
{
	return strikes(FAULT_LOOK) ? -1 : __real_lstat64(path, info);
}

WRAPPED(int, fstat64, int fd, struct stat *info)
{
	return strikes(FAULT_LOOK) ? -1 : __real_fstat64(fd, info);
}

WRAPPED(int, fstatat64, int fd, const char *path, struct stat *info, int flags)
{
	return strikes(FAULT_LOOK) ? -1 : __real_fstatat64(fd, path, info, flags);
}

WRAPPED(int, statx, int fd, const char *path, int flags, unsigned mask, struct statx *info)
{
	return strikes(FAULT_LOOK) ? -1 : __real_statx(fd, path, flags, mask, info);
}

WRAPPED(struct dirent *, readdir64, DIR *folder)
{
	return strikes(FAULT_LIST) ? NULL : __real_readdir64(folder);
}

WRAPPED(ssize_t, read, int fd, void *room, size_t size)
{
	if (strikes(FAULT_READ))
		return -1;
	/* There is no half of a signal. */
	if (fd == armed.signals)
		return __real_read(fd, room, size);
	return __real_read(fd, room, size && strikes(FAULT_SHORT) ? 1 : size);
}

WRAPPED(ssize_t, pread64, int fd, void *room, size_t size, off_t offset)
{
	if (strikes(FAULT_READ))
		return -1;
	return __real_pread64(fd, room, size && strikes(FAULT_SHORT) ? 1 : size, offset);
}

WRAPPED(ssize_t, write, int fd, const void *bytes, size_t size)
{
	if (strikes(FAULT_SAVE) || strikes(FAULT_PUT))
		return -1;
	return __real_write(fd, bytes, size && strikes(FAULT_PUT_SHORT) ? 1 : size);
}

WRAPPED(ssize_t, pwrite64, int fd, const void *bytes, size_t size, off_t offset)
{
	if (strikes(FAULT_SAVE) || strikes(FAULT_PUT))
		return -1;
	return __real_pwrite64(fd, bytes, size && strikes(FAULT_PUT_SHORT) ? 1 : size, offset);
}

WRAPPED(int, ftruncate64, int fd, off_t size)
{
	return strikes(FAULT_SAVE) ? -1 : __real_ftruncate64(fd, size);
}

WRAPPED(int, fsync, int fd)
{
	return strikes(FAULT_SAVE) ? -1 : __real_fsync(fd);
}

WRAPPED(int, rename, const char *from, const char *to)
{
	return strikes(FAULT_SAVE) ? -1 : __real_rename(from, to);
}

/* Waiting */

static void add_time(struct timespec *time, const struct timespec *more)
{
	time->tv_sec += more->tv_sec;
	time->tv_nsec += more->tv_nsec;
	if (time->tv_nsec >= 1000000000) {
		time->tv_nsec -= 1000000000;
		time->tv_sec++;
	}
}

WRAPPED(int, clock_gettime, clockid_t clock, struct timespec *time)
{
	int r = __real_clock_gettime(clock, time);

	if (clock == CLOCK_MONOTONIC)
		add_time(time, &armed.passed);
	return r;
}

/* No call of what happens is one of the program. */
static void let_happen(const struct timespec *timeout)
{
	struct fault *fault = armed.fault;

	armed.fault = NULL;
	armed.meanwhile();
	armed.fault = fault;
	fault->waited = true;
	add_time(&armed.passed, timeout);
}

WRAPPED(int, ppoll, struct pollfd *polled, nfds_t count, const struct timespec *timeout,
	const sigset_t *mask)
{
	static const struct timespec at_once;
	bool passes = armed.fault && armed.meanwhile && timeout;
	int r = __real_ppoll(polled, count, passes ? &at_once : timeout, mask);

	if (passes && r == 0)
		let_happen(timeout);
	return r;
}

/* The C library does the failing, so that the stream knows of it. */
static size_t write_to_full_disk(const void *bytes, size_t size, size_t count, FILE *file);

WRAPPED(size_t, fwrite, const void *bytes, size_t size, size_t count, FILE *file)
{
	if (file == stdout && strikes(FAULT_WRITE))
		return write_to_full_disk(bytes, size, count, file);
	return __real_fwrite(bytes, size, count, file);
}

static size_t write_to_full_disk(const void *bytes, size_t size, size_t count, FILE *file)
{
	int fd = fileno(file), kept = dup(fd), full = __real_open64("/dev/full", O_WRONLY), error;
	size_t written;

	if (kept < 0 || dup2(full, fd) < 0)
		abort();
	written = __real_fwrite(bytes, size, count, file);
	error = errno;
	dup2(kept, fd);
	close(full);
	close(kept);
	errno = error;
	return written;
}
