/*
 * Writing JSON (RFC 8259): commas, quotes and escapes are taken care of.
 *
 *	struct vm_json json = { .text = &text };
 *
 *	vm_json_object(&json, NULL);
 *	vm_json_number(&json, "pid", 1);
 *	vm_json_array(&json, "limited");
 *	vm_json_text(&json, NULL, "it has ended");
 *	vm_json_end(&json);
 *	vm_json_end(&json);
 *
 * makes {"pid":1,"limited":["it has ended"]}. Every function that puts a value takes its @key: a word of plain
 * ASCII inside an object, NULL inside an array and outside of everything. What is written is valid UTF-8 and safe for
 * a terminal (vmview/safe.h), whatever it is made of. Running out of memory is the buffer's to tell. Values outside of
 * everything are not separated: whoever writes several puts a newline behind each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/str.h"

/* Objects and arrays inside each other. */
#define VM_JSON_DEPTH_MAX 64

/* Zeroed but for @text: nothing written yet. The caller may flush and clear @text at any time. */
struct vm_json {
	struct vm_buf *text; /* borrowed */
	/* the writer's own */
	uint64_t arrays; /* what is open, the innermost in bit 0: whether it is an array */
	unsigned depth;
	bool comma; /* a value stands before the next one */
	bool line;  /* the next value, or end, begins a line */
};

void vm_json_object(struct vm_json *json, const char *key);
void vm_json_array(struct vm_json *json, const char *key);

/* Close the object or array that was opened last. */
void vm_json_end(struct vm_json *json);

/*
 * The caller puts members into @text itself, each with a comma before it: returns how much of their front to leave
 * out, 1 before the first member of an object, else 0.
 */
size_t vm_json_follow(struct vm_json *json);

/* Let the next value, or the next end, begin a new line. */
void vm_json_line(struct vm_json *json);

void vm_json_number(struct vm_json *json, const char *key, uint64_t value);
void vm_json_signed(struct vm_json *json, const char *key, int64_t value);
void vm_json_bool(struct vm_json *json, const char *key, bool value);

/*
 * A string. Characters that are not safe for a terminal are escaped, so that nothing of them is lost; each byte that
 * is no UTF-8 becomes U+FFFD.
 */
void vm_json_string(struct vm_json *json, const char *key, struct vm_str value);
void vm_json_text(struct vm_json *json, const char *key, const char *value);

/* The bytes of @value, two digits each. */
void vm_json_hex(struct vm_json *json, const char *key, struct vm_str value);

/* A string, and where bytes were lost all of them in hexadecimal, under "KEY_hex". Inside an object. */
void vm_json_bytes(struct vm_json *json, const char *key, struct vm_str value);
