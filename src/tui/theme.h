/*
 * Which colours stand for what.
 */
#pragma once

#include <stdint.h>

#include "canvas.h"
#include "vmview/str.h"

enum tui_theme {
	TUI_THEME_DEFAULT,
	TUI_THEME_LIGHT,
	TUI_THEME_CONTRAST,
	TUI_THEME_MONO,
	TUI_THEME_COUNT
};

/* A colour as curses numbers them, -1: the terminal's own. */
struct tui_colour {
	int16_t front, back;
	uint8_t attr; /* for where the colour alone would be hard to read */
};

const char *tui_theme_name(enum tui_theme theme);

/* The theme called @name, or TUI_THEME_COUNT. */
enum tui_theme tui_theme_find(struct vm_str name);

/* @colours: how many the terminal has; below 8 there are none. */
struct tui_colour tui_theme_colour(enum tui_theme theme, enum tui_hue hue, int colours);
