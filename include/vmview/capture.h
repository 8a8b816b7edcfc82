/*
 * Writing a snapshot as the text that it was read from, for `--from` to read again.
 */
#pragma once

#include "vmview/buf.h"
#include "vmview/mapping.h"

/*
 * Append @mapping as lines of smaps, or of maps where it has no numbers. Names are written as they are: this is for a file, not
 * for a terminal.
 */
void vm_capture_put(struct vm_buf *text, const struct vm_mapping *mapping);
