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

bool vm_scan_hex(struct vm_str *cursor, uint64_t *value);
bool vm_scan_dec(struct vm_str *cursor, uint64_t *value);

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
