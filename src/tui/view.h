/*
 * The view of one process: the loop that joins terminal, sampler and state.
 */
#pragma once

#include "session.h"
#include "vmview/recording.h"
#include "vmview/source.h"

enum tui_end {
	TUI_END_QUIT,
	TUI_END_BACK /* to the list of processes */
};

struct tui_view_options {
	const char *title;                    /* of a capture: its path; else NULL */
	const struct vm_recording *recording; /* in place of a source: it has frames; else NULL */
	size_t frame;                         /* of the recording: where to begin */
	bool has_picker;                      /* Esc leads back to the processes */
	pid_t child;                          /* started by us, to be waited for; 0: none */
	const char *output;                   /* file that the child writes to, or NULL */
	int child_status; /* set once the child has ended: as waitpid() tells it */
	bool child_ended;

	/* Where the child has not begun yet: @go is called with @link to let it; that it could not is left in @go_error. */
	int (*go)(int link);
	int link, go_error;

	/* Asked again and again whether there is something new to look at, and what; NULL: there never is. */
	bool (*follow)(void *user, pid_t *pid, uint64_t *address);
	void *follow_user;
};

/* Watch @source, or look through the recording, until the user has seen enough. @end says how it ended. 0 or a negative errno: it could not begin. */
int tui_view(struct tui_session *session, const struct vm_source *source,
	     struct tui_view_options *options, enum tui_end *end);
