/*
 * A push parser for /proc/PID/maps, smaps and smaps_rollup.
 *
 * It is fed text in pieces of any size and hands out each mapping as soon as it is complete: with
 * the next mapping's first line, or at the end. It takes what kernels from 2.6.16 on print, fields
 * in any order, unknown ones included, names of any bytes. Everything else is refused with -EBADMSG
 * and the line's number. Mappings are handed out in the order of the text, sorted or not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/mapping.h"

/*
 * No kernel prints a line of so many bytes: a path has at most 4096, each of which may be written as four. So much may the
 * unknown fields of a mapping have together, too; text without end fills no memory.
 */
#define VM_PARSER_LINE_MAX ((size_t)1 << 20)

/*
 * Takes one mapping, lent for the length of the call. 0, or a negative errno, which ends the parse
 * and is what the feeding function returns.
 */
typedef int (*vm_mapping_fn)(const struct vm_mapping *mapping, void *user);

struct vm_extra_span;

struct vm_parser {
	/* for the caller to read */
	uint64_t line; /* number of the last line that was looked at, from 1; 0 before the first */
	uint64_t mappings;  /* handed out so far */
	const char *reason; /* why the parse failed with -EBADMSG, else NULL; a static string */

	/* the parser's own */
	vm_mapping_fn take;
	void *user;
	struct vm_buf tail; /* a line whose end has not arrived */
	bool open;          /* @mapping has its first line */
	struct vm_mapping mapping;
	uint64_t dense[VM_FIELD_COUNT], packed[VM_FIELD_COUNT];
	struct vm_buf name, flags, order, extra_text, extra_spans, extras;
	size_t expected; /* place in @order at which the next field's key is looked for first */
	bool has_flags;
};

/* @user is passed to @take. */
void vm_parser_init(struct vm_parser *parser, vm_mapping_fn take, void *user);
void vm_parser_deinit(struct vm_parser *parser);

/* 0, -EBADMSG (see @line and @reason), -ENOMEM, or what the callback returned. After an error: deinit. */
int vm_parser_feed(struct vm_parser *parser, const char *bytes, size_t len);

/* No more text: a last line without a newline counts, the last mapping is handed out. */
int vm_parser_finish(struct vm_parser *parser);
