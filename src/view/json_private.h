/*
 * Values of JSON without their key and the comma before it, for whoever writes very many.
 */
#pragma once

#include "vmview/buf.h"
#include "vmview/str.h"

/* Whether the character stands in a string as it is. */
static inline bool vm_json_is_plain(char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* A string. Returns whether there were bytes in it that are no UTF-8. */
bool vm_json_put_quoted(struct vm_buf *text, struct vm_str value);
