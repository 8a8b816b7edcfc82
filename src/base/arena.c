#include "vmview/arena.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* Blocks are powers of two up to this, so that a small process costs little and a large one few calls. */
#define BLOCK_MIN 4096
#define BLOCK_MAX ((size_t)1024 * 1024)

struct vm_arena_block {
	struct vm_arena_block *next;
	uint64_t bytes[];
};

void vm_arena_deinit(struct vm_arena *arena)
{
	while (arena->blocks) {
		struct vm_arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	*arena = (struct vm_arena){ 0 };
}

static bool add_block(struct vm_arena *arena, size_t need)
{
	size_t size = arena->size ? arena->size * 2 : BLOCK_MIN;
	struct vm_arena_block *block;

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	if (size > SIZE_MAX - sizeof(*block))
		return false;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return false;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->used = 0;
	arena->size = size;
	return true;
}

void *vm_arena_alloc(struct vm_arena *arena, size_t size)
{
	void *p;

	if (size > SIZE_MAX - 7)
		return NULL;
	size = (size + 7) & ~(size_t)7;
	if ((!arena->blocks || arena->size - arena->used < size) && !add_block(arena, size))
		return NULL;
	p = (char *)arena->blocks->bytes + arena->used;
	arena->used += size;
	return p;
}

int vm_arena_copy(struct vm_arena *arena, struct vm_str text, struct vm_str *copy)
{
	char *p = vm_arena_alloc(arena, text.len);

	if (!p)
		return -ENOMEM;
	if (text.len)
		memcpy(p, text.p, text.len);
	*copy = (struct vm_str){ p, text.len };
	return 0;
}
