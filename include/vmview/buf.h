/*
 * A growable byte buffer that its owner keeps: text under construction, or a line that arrives in
 * pieces.
 *
 * Appending never reports failure at once. When memory runs out the buffer keeps what it has, drops
 * the addition and sets @failed, which stays set until vm_buf_deinit(): build the text, then check
 * once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/str.h"

struct vm_buf {
	char *p;
	size_t len, cap;
	bool failed;
};

void vm_buf_deinit(struct vm_buf *buf);

/* Forget the text, keep the room. */
void vm_buf_clear(struct vm_buf *buf);

/* Make room for @more bytes behind the text. False: memory ran out. */
bool vm_buf_grow(struct vm_buf *buf, size_t more);

/*
 * Make sure that @more bytes fit behind the text and return where they go, or NULL when memory ran
 * out. The caller fills them and adds to @len itself.
 */
static inline char *vm_buf_reserve(struct vm_buf *buf, size_t more)
{
	if ((!buf->p || buf->cap - buf->len < more) && !vm_buf_grow(buf, more))
		return NULL;
	return buf->p + buf->len;
}

/* In here, as most text is put in very small pieces. */
static inline void vm_buf_put(struct vm_buf *buf, const char *bytes, size_t len)
{
	char *room = vm_buf_reserve(buf, len);

	if (!room || len == 0)
		return;
	memcpy(room, bytes, len);
	buf->len += len;
}

static inline void vm_buf_put_str(struct vm_buf *buf, struct vm_str text)
{
	vm_buf_put(buf, text.p, text.len);
}

void vm_buf_put_text(struct vm_buf *buf, const char *text);

static inline void vm_buf_put_char(struct vm_buf *buf, char c)
{
	char *room = vm_buf_reserve(buf, 1);

	if (room) {
		*room = c;
		buf->len++;
	}
}

void vm_buf_put_repeat(struct vm_buf *buf, char c, size_t count);

/* Numbers, padded on the left with @pad to at least @width characters. Hexadecimal is lower case. */
void vm_buf_put_dec(struct vm_buf *buf, uint64_t value, unsigned width, char pad);
void vm_buf_put_hex(struct vm_buf *buf, uint64_t value, unsigned width, char pad);

/* Text padded with blanks: on the left, or on the right. Never cut. */
void vm_buf_put_right(struct vm_buf *buf, struct vm_str text, size_t width);
void vm_buf_put_left(struct vm_buf *buf, struct vm_str text, size_t width);

/* The text so far; valid until the buffer changes. */
static inline struct vm_str vm_buf_str(const struct vm_buf *buf)
{
	return (struct vm_str){ buf->p, buf->len };
}
