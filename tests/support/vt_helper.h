/*
 * A process beside the program: it says `ready` once it is, and may answer lines.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct vt_helper {
	char name[32]; /* empty: none */
	pid_t pid;
	int in, out;
	char said[4096]; /* what it said and nobody took yet */
	size_t len;
};

/* Start it in @folder. 0 or a negative errno. */
int vt_helper_start(struct vt_helper *helper, const char *name, char *const *argv,
		    const char *folder);

/* To it, with a newline. False: it does not listen. */
bool vt_helper_tell(struct vt_helper *helper, const char *line);

/* The next line that it said, to be freed, or NULL: there is none yet. Never blocks. */
char *vt_helper_take_line(struct vt_helper *helper);

/* Ends it where it has not ended. */
void vt_helper_deinit(struct vt_helper *helper);
