/*
 * What is to be undone at the end of a scene, however it ends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct demo_cleanup {
	void (*undo)(void *data);
	void *data;
};

struct demo_cleanups {
	struct demo_cleanup *items;
	size_t count, cap;
};

bool demo_cleanups_push(struct demo_cleanups *cleanups, void (*undo)(void *data), void *data);

/* Forget the latest entry with this @data. */
void demo_cleanups_forget(struct demo_cleanups *cleanups, const void *data);

/* Undo everything, the latest first. */
void demo_cleanups_run(struct demo_cleanups *cleanups);

/* Remove the shared memory objects that @pid, which is gone, has made. */
void demo_cleanup_objects(pid_t pid);

void demo_cleanups_deinit(struct demo_cleanups *cleanups);
