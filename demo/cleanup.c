#include "cleanup.h"

#include <stdlib.h>

#include "stage.h"

bool demo_cleanups_push(struct demo_cleanups *cleanups, void (*undo)(void *data), void *data)
{
	if (cleanups->count == cleanups->cap) {
		size_t cap = cleanups->cap ? cleanups->cap * 2 : 64;
		struct demo_cleanup *items =
			reallocarray(cleanups->items, cap, sizeof(*cleanups->items));

		if (!items)
			return false;
		cleanups->items = items;
		cleanups->cap = cap;
	}
	cleanups->items[cleanups->count++] = (struct demo_cleanup){ undo, data };
	return true;
}

void demo_cleanups_forget(struct demo_cleanups *cleanups, const void *data)
{
	for (size_t i = cleanups->count; i-- > 0;) {
		if (cleanups->items[i].data != data)
			continue;
		for (size_t j = i + 1; j < cleanups->count; j++)
			cleanups->items[j - 1] = cleanups->items[j];
		cleanups->count--;
		return;
	}
}

void demo_cleanups_run(struct demo_cleanups *cleanups)
{
	while (cleanups->count) {
		struct demo_cleanup last = cleanups->items[--cleanups->count];

		last.undo(last.data);
	}
}

void demo_cleanups_deinit(struct demo_cleanups *cleanups)
{
	free(cleanups->items);
	*cleanups = (struct demo_cleanups){ 0 };
}

void demo_on_cleanup(struct demo_stage *stage, void (*undo)(void *data), void *data)
{
	/* What nobody will undo must not be built upon. */
	if (!demo_cleanups_push(&stage->cleanups, undo, data))
		demo_stage_give_up(stage, "out of memory");
}

void demo_undone(struct demo_stage *stage, void *data)
{
	demo_cleanups_forget(&stage->cleanups, data);
}
