/*
 * Borrowed text: a pointer and a length, never NUL-terminated, never owned.
 *
 * A slice lives as long as whatever it was cut from; functions that hand one out say how long
 * that is. The bytes are whatever the kernel printed: any value, NUL included.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct vm_str {
	const char *p;
	size_t len;
};

/* A slice of a string literal, usable where a constant expression is not needed. */
#define VM_STR(literal) ((struct vm_str){ (literal), sizeof(literal) - 1 })

/* A slice of a C string. @text may be NULL: the empty slice. */
static inline struct vm_str vm_str_from(const char *text)
{
	return (struct vm_str){ text, text ? strlen(text) : 0 };
}

static inline bool vm_str_equal(struct vm_str a, struct vm_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool vm_str_starts(struct vm_str s, struct vm_str prefix)
{
	return s.len >= prefix.len && memcmp(s.p, prefix.p, prefix.len) == 0;
}

static inline bool vm_str_ends(struct vm_str s, struct vm_str suffix)
{
	return s.len >= suffix.len && memcmp(s.p + (s.len - suffix.len), suffix.p, suffix.len) == 0;
}

/* Everything from byte @from on; the empty slice when @from is beyond the end. */
static inline struct vm_str vm_str_skip(struct vm_str s, size_t from)
{
	if (from > s.len)
		from = s.len;
	return (struct vm_str){ from ? s.p + from : s.p, s.len - from };
}

/* Offset of the first or last byte @c, or the slice's length where there is none. */
static inline size_t vm_str_find(struct vm_str s, char c)
{
	const char *hit = s.len ? memchr(s.p, c, s.len) : NULL;

	return hit ? (size_t)(hit - s.p) : s.len;
}

size_t vm_str_find_last(struct vm_str s, char c);

bool vm_str_contains(struct vm_str s, struct vm_str part);

/* An ASCII letter in lower case, in any locale; all else as it is. */
static inline char vm_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Whether they are equal, ASCII letters in upper or lower case. */
bool vm_str_equal_fold(struct vm_str a, struct vm_str b);
