/*
 * A field of comma-separated values (RFC 4180).
 */
#pragma once

#include <stdbool.h>

#include "vmview/buf.h"

/* Append @value, in quotes where it needs them; made safe where it goes to a @terminal. */
void vm_csv_put_text(struct vm_buf *text, struct vm_str value, bool terminal);
