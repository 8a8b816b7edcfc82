/*
 * A list that is longer than its place on the screen: which row is selected, which is at the top.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "keys.h"

struct tui_scroll {
	size_t selected, top;
	size_t rows;   /* how many there are */
	size_t height; /* how many fit */
	size_t margin; /* as many stay in sight on either side of the selected one, where there is room */
};

/* Keep selection and top within the rows, and the selection on the screen. */
void tui_scroll_fit(struct tui_scroll *scroll);

/* Move. False: @action is none of a list's. */
bool tui_scroll_step(struct tui_scroll *scroll, enum tui_action action);
