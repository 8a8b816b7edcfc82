/*
 * Memory that is freed all at once: the names and numbers of a snapshot.
 */
#pragma once

#include <stddef.h>

#include "vmview/str.h"

struct vm_arena_block;

struct vm_arena {
	struct vm_arena_block *blocks; /* newest first */
	size_t used, size;             /* within the newest block */
};

void vm_arena_deinit(struct vm_arena *arena);

/* @size bytes aligned for a uint64_t, or NULL when memory ran out. Lives until vm_arena_deinit(). */
void *vm_arena_alloc(struct vm_arena *arena, size_t size);

/* A copy of @text in the arena. 0, or -ENOMEM with @copy untouched. */
int vm_arena_copy(struct vm_arena *arena, struct vm_str text, struct vm_str *copy);
