#include "draw.h"

#include <curses.h>

/* Pairs of colours are numbered by hue, from 1. */
static void set_pairs(const struct tui_pen *pen)
{
	for (enum tui_hue hue = 0; hue < TUI_HUE_COUNT && pen->colours; hue++) {
		struct tui_colour colour = tui_theme_colour(pen->theme, hue, pen->colours);

		init_pair((short)(hue + 1), colour.front, colour.back);
	}
}

void tui_pen_init(struct tui_pen *pen, enum tui_theme theme, bool colour)
{
	*pen = (struct tui_pen){ .theme = theme };
	if (colour && has_colors() && start_color() == OK && use_default_colors() == OK)
		pen->colours = COLORS;
	set_pairs(pen);
}

void tui_pen_set_theme(struct tui_pen *pen, enum tui_theme theme)
{
	pen->theme = theme;
	set_pairs(pen);
	clearok(curscr, TRUE);
}

static attr_t attributes_of(const struct tui_pen *pen, struct tui_style style)
{
	uint8_t attr = style.attr | tui_theme_colour(pen->theme, style.hue, pen->colours).attr;

	return ((attr & TUI_BOLD) ? A_BOLD : 0) | ((attr & TUI_DIM) ? A_DIM : 0) |
	       ((attr & TUI_REVERSE) ? A_REVERSE : 0) | ((attr & TUI_UNDERLINE) ? A_UNDERLINE : 0);
}

static void draw_cell(const struct tui_pen *pen, const struct tui_cell *cell, int row, int col)
{
	wchar_t text[2] = { (wchar_t)cell->code, L'\0' };
	short pair = pen->colours ? (short)(cell->style.hue + 1) : 0;
	cchar_t character;

	setcchar(&character, text, attributes_of(pen, cell->style), pair, NULL);
	mvadd_wch(row, col, &character);
}

void tui_draw(const struct tui_pen *pen, const struct tui_canvas *canvas, int cursor_row,
	      int cursor_col)
{
	const struct tui_cell *cell = canvas->cells;

	for (int row = 0; row < canvas->height; row++) {
		for (int col = 0; col < canvas->width; col++, cell++) {
			/* The right half comes with the left. */
			if (cell->code)
				draw_cell(pen, cell, row, col);
		}
	}
	curs_set(cursor_row >= 0);
	if (cursor_row >= 0)
		move(cursor_row, cursor_col);
	refresh();
}
