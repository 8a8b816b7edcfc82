/*
 * Making foreign bytes safe for a terminal.
 *
 * Names of files and memory and the command lines of processes are chosen by whoever runs them.
 * A byte sequence is *safe* when it is valid UTF-8 (RFC 3629) and none of: a control character (C0,
 * DEL, C1), a bidirectional control (U+061C, U+200E, U+200F, U+202A..U+202E, U+2066..U+2069), or a
 * line or paragraph separator (U+2028, U+2029).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/str.h"

/*
 * Length in bytes of the UTF-8 character at the front of @s, its number in @code; or 0 when its first byte is not part
 * of one.
 */
size_t vm_utf8_char(struct vm_str s, uint32_t *code);

/* Whether all of @s is UTF-8. */
bool vm_utf8_valid(struct vm_str s);

/* Whether the character is none of those that are not safe. */
bool vm_safe_code(uint32_t code);

/* Length in bytes of the safe character at the front of @s, or 0 when its first byte is not part of one. */
size_t vm_safe_char(struct vm_str s);

/* Append @text with a `?` for every byte that is not safe. */
void vm_safe_put(struct vm_buf *buf, struct vm_str text);

/* Append @text with a `?` for every byte outside printable ASCII: what pmap prints of a name. */
void vm_safe_put_ascii(struct vm_buf *buf, struct vm_str text);

/* Whether @text is printable ASCII only, which is safe. */
bool vm_safe_is_ascii(struct vm_str text);
