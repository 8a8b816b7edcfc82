/*
 * A thread that lists all processes again and again: with many of them that takes longer than a key may wait.
 */
#pragma once

#include <stdbool.h>

#include "processes.h"

struct tui_lister;

/* 0 or a negative errno. */
int tui_lister_new(struct tui_lister **result);

/* Returns soon. NULL: nothing. Returns NULL. */
struct tui_lister *tui_lister_free(struct tui_lister *lister);

/* Readable when there is something to take. */
int tui_lister_fd(const struct tui_lister *lister);

/*
 * Move the latest list to @processes, which must be zeroed, and what kept it from being read, a negative errno or 0, to @error.
 * False: there is no new one.
 */
bool tui_lister_take(struct tui_lister *lister, struct tui_processes *processes, int *error);
