/*
 * What tables of mappings and tables of differences have in common.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/column.h"
#include "vmview/size.h"

/* Text stands on the left of its column, numbers on the right. */
static inline bool vm_table_is_left(enum vm_column_type type)
{
	return type == VM_TYPE_TEXT || type == VM_TYPE_BOOL;
}

void vm_table_put_number(struct vm_buf *cell, enum vm_column_type type, uint64_t number,
			 enum vm_size_style units);
