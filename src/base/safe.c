#include "vmview/safe.h"

/*
 * Well-formed UTF-8 by lead byte (Unicode 15, table 3-7): how many continuation bytes follow and what
 * the first of them may be. The narrowed ranges exclude overlong forms, surrogates and everything
 * above U+10FFFF.
 */
struct lead {
	unsigned char from, to;
	unsigned char more;
	unsigned char low, high;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 1, 0x80, 0xbf }, { 0xe0, 0xe0, 2, 0xa0, 0xbf }, { 0xe1, 0xec, 2, 0x80, 0xbf },
	{ 0xed, 0xed, 2, 0x80, 0x9f }, { 0xee, 0xef, 2, 0x80, 0xbf }, { 0xf0, 0xf0, 3, 0x90, 0xbf },
	{ 0xf1, 0xf3, 3, 0x80, 0xbf }, { 0xf4, 0xf4, 3, 0x80, 0x8f },
};

static const struct lead *find_lead(unsigned char c)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		if (c >= leads[i].from && c <= leads[i].to)
			return &leads[i];
	}
	return NULL;
}

static bool is_printable_ascii(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

bool vm_safe_code(uint32_t code)
{
	return code >= 0x20 && (code < 0x7f || code > 0x9f) && code != 0x061c && code != 0x200e &&
	       code != 0x200f && (code < 0x2028 || code > 0x202e) &&
	       (code < 0x2066 || code > 0x2069);
}

size_t vm_utf8_char(struct vm_str s, uint32_t *code)
{
	const unsigned char *p = (const unsigned char *)s.p;
	const struct lead *lead;

	if (s.len == 0)
		return 0;
	*code = p[0];
	if (p[0] < 0x80)
		return 1;
	lead = find_lead(p[0]);
	if (!lead || s.len < 1u + lead->more || p[1] < lead->low || p[1] > lead->high)
		return 0;
	*code = p[0] & (0x3fu >> lead->more);
	for (size_t i = 1; i <= lead->more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3f);
	}
	return 1u + lead->more;
}

bool vm_utf8_valid(struct vm_str s)
{
	size_t len = 1;
	uint32_t code;

	for (; s.len && len; s = vm_str_skip(s, len))
		len = vm_utf8_char(s, &code);
	return len;
}

size_t vm_safe_char(struct vm_str s)
{
	uint32_t code;
	size_t len = vm_utf8_char(s, &code);

	return len && vm_safe_code(code) ? len : 0;
}

/* How many bytes at the front are safe. Most of them are ASCII. */
static size_t safe_length(struct vm_str text)
{
	size_t len = 0, n;

	do {
		while (len < text.len && is_printable_ascii((unsigned char)text.p[len]))
			len++;
		n = vm_safe_char(vm_str_skip(text, len));
		len += n;
	} while (n);
	return len;
}

void vm_safe_put(struct vm_buf *buf, struct vm_str text)
{
	while (text.len) {
		size_t len = safe_length(text);

		vm_buf_put(buf, text.p, len);
		if (len < text.len) {
			vm_buf_put_char(buf, '?');
			len++;
		}
		text = vm_str_skip(text, len);
	}
}

void vm_safe_put_ascii(struct vm_buf *buf, struct vm_str text)
{
	char *room = vm_buf_reserve(buf, text.len);

	if (!room)
		return;
	for (size_t i = 0; i < text.len; i++)
		room[i] = is_printable_ascii((unsigned char)text.p[i]) ? text.p[i] : '?';
	buf->len += text.len;
}

bool vm_safe_is_ascii(struct vm_str text)
{
	bool all = true;

	for (size_t i = 0; i < text.len; i++)
		all &= is_printable_ascii((unsigned char)text.p[i]);
	return all;
}
