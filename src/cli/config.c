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
 * ignored), with @rest behind it. To be freed; NULL: there is no place for it.
 */
static char *config_path(const char *rest)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int r = -1;

	if (base && base[0] == '/')
		r = asprintf(&path, "%s/vmview%s", base, rest);
	else if (home && home[0] == '/')
		r = asprintf(&path, "%s/.config/vmview%s", home, rest);
	return r < 0 ? NULL : path;
}

static int read_config(const char *path, struct vm_buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n > 0 && text->len < SIZE_LIMIT) {
		char *room = vm_buf_reserve(text, 4096);

		n = room ? vm_read(fd, room, 4096) : -ENOMEM;
		if (n > 0)
			text->len += (size_t)n;
	}
	close(fd);
	return n < 0 ? (int)n : n > 0 ? -EFBIG : 0;
}

struct warning {
	const char *program, *path;
};

static void warn(size_t line, const char *what, void *user)
{
	const struct warning *warning = user;

	vm_say(warning->program, "%s: line %zu: %s", warning->path, line, what);
}

struct tui_settings vm_config_read(const char *program)
{
	struct tui_settings settings = tui_settings_default();
	char *path = config_path("/config");
	struct warning warning = { program, path };
	struct vm_buf text = { 0 };
	int r = path ? read_config(path, &text) : -ENOENT;

	if (r == 0)
		tui_settings_parse(&settings, vm_buf_str(&text), warn, &warning);
	else if (r != -ENOENT && r != -ENOTDIR)
		vm_say(program, "%s: cannot read the settings: %s", path, strerror(-r));
	vm_buf_deinit(&text);
	free(path);
	return settings;
}

/* The folder and the one above it; others should exist already. */
static void make_folders(void)
{
	char *folder = config_path(""), *slash;

	if (!folder)
		return;
	slash = strrchr(folder, '/');
	*slash = '\0';
	mkdir(folder, 0777);
	*slash = '/';
	mkdir(folder, 0777);
	free(folder);
}

/* First beside it, then in its place: whoever reads it finds the old one or the new one. */
static int replace(const char *path, const struct vm_buf *text)
{
	char *fresh;
	bool failed;
	int fd;

	if (asprintf(&fresh, "%s.new", path) < 0)
		return -ENOMEM;
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	errno = fd < 0 ? errno : 0;
	failed = fd < 0 || write(fd, text->p, text->len) != (ssize_t)text->len;
	if (fd >= 0)
		failed |= close(fd) != 0;
	failed = failed || rename(fresh, path) != 0;
	free(fresh);
	return failed ? (errno ? -errno : -ENOSPC) : 0;
}

void vm_config_write(const char *program, const struct tui_settings *before,
		     const struct tui_settings *settings)
{
	struct vm_buf old = { 0 }, text = { 0 };
	char *path = config_path("/config");
	int r = 0;

	tui_settings_write(before, &old);
	tui_settings_write(settings, &text);
	if (path && !vm_str_equal(vm_buf_str(&old), vm_buf_str(&text))) {
		/* Where the file is a link, what it leads to is replaced. */
		char *real = realpath(path, NULL);

		make_folders();
		r = text.failed ? -ENOMEM : replace(real ? real : path, &text);
		free(real);
	}
	if (r < 0)
		vm_say(program, "%s: cannot keep the settings: %s", path, strerror(-r));
	vm_buf_deinit(&old);
	vm_buf_deinit(&text);
	free(path);
}
