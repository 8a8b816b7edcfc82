#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "vmview/source.h"

/* The settings take a few hundred bytes; a file of this size is something else. */
#define SIZE_LIMIT 65536

/*
 * `$XDG_CONFIG_HOME/vmview`, or `~/.config/vmview` (XDG Base Directory Specification: a relative path is
 * ignored), with @rest behind it; to be freed. 0, -ENOENT: there is no place for it, or -ENOMEM.
 */
static int config_path(const char *rest, char **path)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *made;
	int r;

	if (base && base[0] == '/')
		r = asprintf(&made, "%s/vmview%s", base, rest);
	else if (home && home[0] == '/')
		r = asprintf(&made, "%s/.config/vmview%s", home, rest);
	else
		return -ENOENT;
	if (r < 0)
		return -ENOMEM;
	*path = made;
	return 0;
}

/* 0, -EINVAL: not a regular file, or another negative errno. */
static int read_config(const char *path, struct vm_buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat info;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	while (n > 0 && text->len < SIZE_LIMIT) {
		char *room = vm_buf_reserve(text, 4096);

		n = room ? vm_read(fd, room, 4096) : -ENOMEM;
		if (n > 0)
			text->len += (size_t)n;
	}
	close(fd);
	return n < 0 ? (int)n : n > 0 ? -EFBIG : 0;
}

static const char *problem(int error)
{
	return error == -EINVAL ? "it is not a regular file" : strerror(-error);
}

/* @path may be NULL. */
static void say_problem(const char *program, const char *path, const char *what, int error)
{
	vm_say(program, "%s%s%s: %s", path ? path : "", path ? ": " : "", what, problem(error));
}

struct warning {
	const char *program, *path;
	size_t count;
	char *note;
	size_t note_size;
};

/* On the terminal all of them, for the view the first. */
static void warn(size_t line, const char *what, void *user)
{
	struct warning *warning = user;

	vm_say(warning->program, "%s: line %zu: %s", warning->path, line, what);
	if (!warning->count++)
		snprintf(warning->note, warning->note_size, "config, line %zu: %s", line, what);
}

static void note_others(const struct warning *warning)
{
	size_t len = strlen(warning->note);

	if (warning->count > 1)
		snprintf(warning->note + len, warning->note_size - len, " (and %zu more)",
			 warning->count - 1);
}

struct tui_settings vm_config_read(const char *program, char *note, size_t note_size)
{
	struct tui_settings settings = tui_settings_default();
	char *path = NULL;
	int r = config_path("/config", &path);
	struct warning warning = { program, path, 0, note, note_size };
	struct vm_buf text = { 0 };

	if (r == 0)
		r = read_config(path, &text);

	note[0] = '\0';
	if (r == 0) {
		tui_settings_parse(&settings, vm_buf_str(&text), warn, &warning);
		note_others(&warning);
	} else if (r != -ENOENT && r != -ENOTDIR) {
		say_problem(program, path, "cannot read the settings", r);
		snprintf(note, note_size, "config: cannot read the settings: %s", problem(r));
	}
	vm_buf_deinit(&text);
	free(path);
	return settings;
}

/* The folder and the one above it; others should exist already. */
static void make_folders(void)
{
	char *folder, *slash;

	if (config_path("", &folder) < 0)
		return;
	slash = strrchr(folder, '/');
	*slash = '\0';
	mkdir(folder, 0777);
	*slash = '/';
	mkdir(folder, 0777);
	free(folder);
}

/* Its owner and permissions are those of the file whose place it takes, or what is usual for a new one. */
static void take_mode(int fd, const char *path)
{
	struct stat old;
	mode_t mask;

	if (lstat(path, &old) == 0) {
		/* Only root can give it to somebody else; then it is the user's who called it. */
		(void)!fchown(fd, old.st_uid, old.st_gid);
		fchmod(fd, old.st_mode & 0777);
		return;
	}
	mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

static int write_all(int fd, const struct vm_buf *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->p + done, text->len - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/*
 * First beside it, in a file of a name that nobody could have prepared, then in its place: whoever reads it finds the old one
 * or the new one, whole.
 */
static int replace(const char *path, const struct vm_buf *text)
{
	char *fresh;
	int fd, r;

	if (asprintf(&fresh, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(fresh, O_CLOEXEC);
	r = fd < 0 ? -errno : 0;
	if (fd >= 0) {
		take_mode(fd, path);
		r = write_all(fd, text);
		if (close(fd) < 0 && r == 0)
			r = -errno;
		if (r == 0 && rename(fresh, path) < 0)
			r = -errno;
		if (r < 0)
			unlink(fresh);
	}
	free(fresh);
	return r;
}

/* The file may have changed since it was read, and what stands in it is its owner's: only what was changed here is. */
static int update(const char *path, const struct tui_settings *before,
		  const struct tui_settings *settings)
{
	struct vm_buf text = { 0 };
	int r = read_config(path, &text);

	if (r == 0)
		tui_settings_update(before, settings, &text);
	else if (r == -ENOENT)
		tui_settings_write(settings, &text);
	if (r == 0 || r == -ENOENT)
		r = text.failed ? -ENOMEM : replace(path, &text);
	vm_buf_deinit(&text);
	return r;
}

/* Where the file is a link, what it leads to is replaced. */
static int update_real(const char *path, const struct tui_settings *before,
		       const struct tui_settings *settings)
{
	char *real;
	int r;

	make_folders();
	real = realpath(path, NULL);
	if (!real && errno != ENOENT)
		return -errno;
	r = update(real ? real : path, before, settings);
	free(real);
	return r;
}

void vm_config_write(const char *program, const struct tui_settings *before,
		     const struct tui_settings *settings)
{
	char *path = NULL;
	int r;

	if (tui_settings_equal(before, settings))
		return;
	r = config_path("/config", &path);
	if (r == -ENOENT)
		return;
	if (r == 0)
		r = update_real(path, before, settings);
	if (r < 0)
		say_problem(program, path, "cannot keep the settings", r);
	free(path);
}
