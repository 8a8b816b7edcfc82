/*
 * Writing text out while it is being made.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "vmview/buf.h"

/*
 * Write @text to @out and clear it: once it is long enough to be worth a system call, or in any case with @all.
 * 0, -ENOMEM where memory had run out for the text, or the negative errno of the write; output may still wait in
 * @out's own buffer.
 */
int vm_output_flush(struct vm_buf *text, FILE *out, bool all);
