#include "vmview/buf.h"

#include <stdlib.h>
#include <string.h>

void vm_buf_deinit(struct vm_buf *buf)
{
	free(buf->p);
	*buf = (struct vm_buf){ 0 };
}

void vm_buf_clear(struct vm_buf *buf)
{
	buf->len = 0;
}

bool vm_buf_grow(struct vm_buf *buf, size_t more)
{
	size_t cap = buf->cap ? buf->cap : 128;
	char *p;

	if (more > SIZE_MAX / 2 - buf->len) {
		buf->failed = true;
		return false;
	}
	while (cap - buf->len < more)
		cap *= 2;
	p = realloc(buf->p, cap);
	if (!p) {
		buf->failed = true;
		return false;
	}
	buf->p = p;
	buf->cap = cap;
	return true;
}

void vm_buf_put(struct vm_buf *buf, const char *bytes, size_t len)
{
	char *room = vm_buf_reserve(buf, len);

	if (!room || len == 0)
		return;
	memcpy(room, bytes, len);
	buf->len += len;
}

void vm_buf_put_str(struct vm_buf *buf, struct vm_str text)
{
	vm_buf_put(buf, text.p, text.len);
}

void vm_buf_put_text(struct vm_buf *buf, const char *text)
{
	vm_buf_put(buf, text, strlen(text));
}

void vm_buf_put_repeat(struct vm_buf *buf, char c, size_t count)
{
	char *room = vm_buf_reserve(buf, count);

	if (!room)
		return;
	memset(room, c, count);
	buf->len += count;
}

static void put_digits(struct vm_buf *buf, uint64_t value, unsigned base, unsigned width, char pad)
{
	char digits[20]; /* UINT64_MAX has 20 decimal digits */
	size_t count = 0, padding;
	char *room;

	/* Most numbers of smaps are 0. */
	if (!value && width && (room = vm_buf_reserve(buf, width))) {
		memset(room, pad, width - 1);
		room[width - 1] = '0';
		buf->len += width;
		return;
	}
	do {
		digits[sizeof(digits) - ++count] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	padding = width > count ? width - count : 0;
	room = vm_buf_reserve(buf, padding + count);
	if (!room)
		return;
	memset(room, pad, padding);
	memcpy(room + padding, digits + sizeof(digits) - count, count);
	buf->len += padding + count;
}

/* The base is spelled out in each call so that the compiler divides by a constant. */
void vm_buf_put_dec(struct vm_buf *buf, uint64_t value, unsigned width, char pad)
{
	put_digits(buf, value, 10, width, pad);
}

void vm_buf_put_hex(struct vm_buf *buf, uint64_t value, unsigned width, char pad)
{
	put_digits(buf, value, 16, width, pad);
}

void vm_buf_put_right(struct vm_buf *buf, struct vm_str text, size_t width)
{
	if (width > text.len)
		vm_buf_put_repeat(buf, ' ', width - text.len);
	vm_buf_put_str(buf, text);
}

void vm_buf_put_left(struct vm_buf *buf, struct vm_str text, size_t width)
{
	vm_buf_put_str(buf, text);
	if (width > text.len)
		vm_buf_put_repeat(buf, ' ', width - text.len);
}
