/*
 * A mapping in plain words, for somebody who has just learnt what mmap(2) is.
 *
 * The sentences stand in tables in src/view/explain_text.c, one for every kind, backing, sharing and
 * known VmFlag. Numbers come from the mapping.
 */
#pragma once

#include <stddef.h>

#include "vmview/buf.h"
#include "vmview/mapping.h"

/* One VmFlags code: `rd`: readable. */
struct vm_flag_info {
	const char code[3];
	const char *help; /* a few words, no full stop */
};

/* The row of @code (two bytes), or NULL for one that vmview does not know. */
const struct vm_flag_info *vm_flag_info(struct vm_str code);

/* All rows; @count receives how many. */
const struct vm_flag_info *vm_flag_infos(size_t *count);

/*
 * Append paragraphs about @mapping (classified), each one line without a newline inside, separated
 * by newlines, none after the last:
 *
 * - sentences: what it is; a deleted file and W+X; where its pages come from; where writes go and
 *   who would see them; what fork(2) would do; what its numbers say. A number that is zero, one
 *   that this kernel does not report, and numbers that were not read at all are told apart;
 * - facts, without a full stop: `Range`, `File` or `Name`, `Offset` with device and inode,
 *   `Build-id`;
 * - each VmFlag: its code, two blanks, a few words.
 *
 * @build_id is hexadecimal, or the empty slice where it is not known. Every foreign byte is made
 * safe. Sentences fit in two rows of 80 columns; lines are not wrapped.
 */
void vm_explain(struct vm_buf *text, const struct vm_mapping *mapping, struct vm_str build_id);
