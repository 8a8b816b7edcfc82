/*
 * What the writers of sums share.
 */
#pragma once

#include <stdint.h>

#include "vmview/buf.h"

/* Append the names of the kinds, separated by commas. @kinds has a bit per enum vm_kind. */
void vm_kinds_put(struct vm_buf *text, uint32_t kinds);
