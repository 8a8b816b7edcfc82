/*
 * The list of processes, to choose one from.
 */
#pragma once

#include <sys/types.h>

#include "session.h"

struct tui_picker {
	struct vm_buf filter; /* what was typed; kept from one time to the next */
	pid_t selected;
};

void tui_picker_deinit(struct tui_picker *picker);

/* Let the user choose. @pid receives the process, or 0 where the user would rather quit. 0 or a negative errno. */
int tui_pick(struct tui_session *session, struct tui_picker *picker, pid_t *pid);
