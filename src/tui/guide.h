/*
 * Somebody outside, such as vmview-demo, tells step by step what to look at.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "app.h"

struct tui_guide {
	uint64_t address; /* of the step that was told last */
	uint64_t told_ns; /* when, by a clock that nobody sets */
	bool awaits;      /* no reading that was begun since then has been looked at */
	bool shown;       /* its mapping was found */
};

/* From now on @app is guided: its marks stay, and neighbours of what is selected are in sight. */
void tui_guide_begin(struct tui_app *app);

/* The next step is at @address of the process that @app shows; marks of the one before go. */
void tui_guide_tell(struct tui_guide *guide, struct tui_app *app, uint64_t address,
		    uint64_t now_ns);

/* It is in another process: say so, until the next one. */
void tui_guide_tell_elsewhere(struct tui_guide *guide, struct tui_app *app, pid_t pid);

/*
 * After each reading: select the step's mapping, and explain it where there is room. Returns whether there was something
 * to be selected.
 */
bool tui_guide_look(struct tui_guide *guide, struct tui_app *app);
