/*
 * Finding changes, and writing them as TYPE BEFORE>AFTER PAGES, the two being numbers of mappings, with ~ where
 * permissions changed.
 */
#pragma once

#include "helper.h"
#include "vmview/changes.h"

#define PAGE 4096

/* Fails where they cannot be found. */
void changes_find(const struct vm_snapshot *before, const struct vm_snapshot *after,
		  struct vm_changes *changes);

/* With a NUL at the end. */
void changes_write(const struct vm_changes *changes, struct vm_buf *text);
