/*
 * A process that changes when it is told to, and not before.
 */
#pragma once

#include <sys/types.h>

/* It dies with us. */
pid_t changing_start(void);

/* Makes a mapping in it, or takes that away again. Returns when that is done; any child of ours may call it, too. */
void changing_change(void);
