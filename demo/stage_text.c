#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "stage.h"

void demo_texts_clear(struct demo_texts *texts)
{
	texts->used = 0;
	vm_arena_deinit(&texts->more);
}

static char *take_room(struct demo_texts *texts, size_t size)
{
	char *room = texts->room + texts->used;

	if (size > sizeof(texts->room) - texts->used)
		return vm_arena_alloc(&texts->more, size);
	texts->used += size;
	return room;
}

__attribute__((format(printf, 2, 0))) static char *print(struct demo_texts *texts,
							 const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = n < 0 ? NULL : take_room(texts, (size_t)n + 1);
	if (text)
		vsnprintf(text, (size_t)n + 1, format, arguments);
	return text;
}

char *demo_stage_printf(struct demo_stage *stage, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = print(&stage->texts, format, arguments);
	va_end(arguments);
	return text;
}

const char *demo_text(struct demo_stage *stage, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = print(&stage->texts, format, arguments);
	va_end(arguments);
	return text ? text : "(out of memory)";
}

static const char *errno_name(int error)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ EACCES, "EACCES" },       { EAGAIN, "EAGAIN" },   { EBADF, "EBADF" },
		{ EBUSY, "EBUSY" },         { ECHILD, "ECHILD" },   { EEXIST, "EEXIST" },
		{ EFAULT, "EFAULT" },       { EFBIG, "EFBIG" },     { EIDRM, "EIDRM" },
		{ EINTR, "EINTR" },         { EINVAL, "EINVAL" },   { EIO, "EIO" },
		{ EMFILE, "EMFILE" },       { ENFILE, "ENFILE" },   { ENODEV, "ENODEV" },
		{ ENOENT, "ENOENT" },       { ENOMEM, "ENOMEM" },   { ENOSPC, "ENOSPC" },
		{ ENOSYS, "ENOSYS" },       { ENOTSUP, "ENOTSUP" }, { ENXIO, "ENXIO" },
		{ EOVERFLOW, "EOVERFLOW" }, { EPERM, "EPERM" },     { ESRCH, "ESRCH" },
		{ ETXTBSY, "ETXTBSY" },     { EROFS, "EROFS" },     { ENOTTY, "ENOTTY" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == error)
			return names[i].name;
	}
	return NULL;
}

const char *demo_errno(struct demo_stage *stage, int error)
{
	const char *name = errno_name(error);

	if (!name)
		return demo_text(stage, "errno %d (%s)", error, strerror(error));
	return demo_text(stage, "%s (%s)", name, strerror(error));
}

int demo_give_up(struct demo_stage *stage, const char *call)
{
	int r = demo_fact(stage, call, false, demo_errno(stage, errno));

	return r ? r : -ECANCELED;
}
