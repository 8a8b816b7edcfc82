/*
 * Bringing the canvas to the terminal. Only what differs from what is there is sent: curses sees to it.
 */
#pragma once

#include "canvas.h"
#include "theme.h"

/* What the terminal is drawn with. */
struct tui_pen {
	enum tui_theme theme;
	int colours; /* 0: none */
};

/* Once the terminal has been taken over. @colour false: none, whatever the terminal has. */
void tui_pen_init(struct tui_pen *pen, enum tui_theme theme, bool colour);
void tui_pen_set_theme(struct tui_pen *pen, enum tui_theme theme);

/* Show the canvas; the cursor at @cursor_row and @cursor_col, or hidden where the row is negative. */
void tui_draw(const struct tui_pen *pen, const struct tui_canvas *canvas, int cursor_row,
	      int cursor_col);
