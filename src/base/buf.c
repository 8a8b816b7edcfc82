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

#define DIGITS_MAX 20 /* UINT64_MAX has so many in decimal */

/* The last @count bytes of @digits. */
static void put_digits(struct vm_buf *buf, const char digits[DIGITS_MAX], size_t count,
		       unsigned width, char pad)
{
	size_t padding = width > count ? width - count : 0;
	char *room = vm_buf_reserve(buf, padding + count);

	if (!room)
		return;
	if (padding)
		memset(room, pad, padding);
	memcpy(room + padding, digits + DIGITS_MAX - count, count);
	buf->len += padding + count;
}

/* A loop for each base: dividing by a number that the compiler knows is many times quicker. */
void vm_buf_put_dec(struct vm_buf *buf, uint64_t value, unsigned width, char pad)
{
	char digits[DIGITS_MAX];
	size_t count = 0;

	do {
		digits[DIGITS_MAX - ++count] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put_digits(buf, digits, count, width, pad);
}

void vm_buf_put_hex(struct vm_buf *buf, uint64_t value, unsigned width, char pad)
{
	char digits[DIGITS_MAX];
	size_t count = 0;

	do {
		digits[DIGITS_MAX - ++count] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	put_digits(buf, digits, count, width, pad);
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
