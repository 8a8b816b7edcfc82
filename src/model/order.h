/*
 * Comparing two values, as qsort() wants it.
 */
#pragma once

#include <stdint.h>
#include <string.h>

#include "vmview/str.h"

static inline int vm_order_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Byte by byte; what is cut short comes first. */
static inline int vm_order_text(struct vm_str a, struct vm_str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.p, b.p, len) : 0;

	return order ? order : vm_order_number(a.len, b.len);
}
