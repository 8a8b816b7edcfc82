/*
 * Reading numbers and separators off the front of a slice.
 *
 * Each function returns whether it matched. On a match the cursor moves behind what was read; on
 * none neither the cursor nor the result changes. Overflow is no match. No locale, no signs, no
 * leading blanks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/str.h"

/* Value of each hexadecimal digit, plus one; 0 for what is none. */
extern const uint8_t vm_scan_hex_digits[256];

/* Reading maps is little else than these: they are part of whoever calls them. */
static inline bool vm_scan_hex(struct vm_str *cursor, uint64_t *value)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; n < cursor->len; n++) {
		uint8_t digit = vm_scan_hex_digits[(unsigned char)cursor->p[n]];

		if (!digit)
			break;
		if (v >> 60)
			return false;
		v = v << 4 | (digit - 1u);
	}
	if (n == 0)
		return false;
	*cursor = vm_str_skip(*cursor, n);
	*value = v;
	return true;
}

static inline bool vm_scan_dec(struct vm_str *cursor, uint64_t *value)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; n < cursor->len && cursor->p[n] >= '0' && cursor->p[n] <= '9'; n++) {
		unsigned digit = (unsigned)(cursor->p[n] - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (n == 0)
		return false;
	*cursor = vm_str_skip(*cursor, n);
	*value = v;
	return true;
}

static inline bool vm_scan_char(struct vm_str *cursor, char c)
{
	if (cursor->len == 0 || cursor->p[0] != c)
		return false;
	cursor->p++;
	cursor->len--;
	return true;
}

/* Skip blanks and tabs; returns how many. */
static inline size_t vm_scan_blanks(struct vm_str *cursor)
{
	const uint64_t eight_blanks = UINT64_C(0x2020202020202020);
	size_t n = 0;

	/* The kernel pads numbers to a column: mostly there are more than eight. */
	for (uint64_t next; cursor->len - n >= sizeof(next); n += sizeof(next)) {
		memcpy(&next, cursor->p + n, sizeof(next));
		if (next != eight_blanks)
			break;
	}
	while (n < cursor->len && (cursor->p[n] == ' ' || cursor->p[n] == '\t'))
		n++;
	*cursor = vm_str_skip(*cursor, n);
	return n;
}
