/*
 * The screen as it shall look: a grid of styled characters, and what a click on each place means. Screens draw
 * here; draw.c brings it to the terminal. Everything that lies outside is cut off.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/str.h"

/* What a colour stands for; themes say which colour that is. */
enum tui_hue {
	TUI_HUE_PLAIN,
	TUI_HUE_FILE,
	TUI_HUE_ANONYMOUS,
	TUI_HUE_SPECIAL,
	TUI_HUE_ALERT, /* only together with a `!` or a word */
	TUI_HUE_BAR,   /* bars at the edges: titles, keys */
	TUI_HUE_COUNT
};

enum { TUI_BOLD = 1, TUI_DIM = 2, TUI_REVERSE = 4, TUI_UNDERLINE = 8 };

struct tui_style {
	uint8_t hue;  /* enum tui_hue */
	uint8_t attr; /* TUI_BOLD and its like */
};

struct tui_cell {
	uint32_t code; /* Unicode; 0: the right half of a wide character */
	struct tui_style style;
};

/* A place that can be clicked. @action is an enum tui_action. */
struct tui_hit {
	int row, col, width;
	int action;
	uint64_t value;
};

struct tui_canvas {
	int width, height;
	bool utf8; /* else everything beyond ASCII is shown by a stand-in */
	struct tui_cell *cells;
	struct tui_hit *hits;
	size_t hit_count, hit_cap;
};

void tui_canvas_deinit(struct tui_canvas *canvas);

/* Make it empty and this large. 0 or -ENOMEM, then it has no cells. */
int tui_canvas_reset(struct tui_canvas *canvas, int width, int height);

/*
 * Put @text, at most @limit columns of it. What is not safe becomes `?`. Returns how many columns were taken, on the
 * canvas or not.
 */
int tui_put(struct tui_canvas *canvas, int row, int col, int limit, struct tui_style style,
	    struct vm_str text);
int tui_put_text(struct tui_canvas *canvas, int row, int col, int limit, struct tui_style style,
		 const char *text);

/* The same, ending at the column before @end; text that is too long loses its front. */
void tui_put_right(struct tui_canvas *canvas, int row, int end, int limit, struct tui_style style,
		   struct vm_str text);

/* A name that does not fit loses its middle: of a path the folders first. */
void tui_put_middle(struct tui_canvas *canvas, int row, int col, int limit, struct tui_style style,
		    struct vm_str text);

/* @width times the character @code, or @ascii where there is no UTF-8. */
void tui_fill(struct tui_canvas *canvas, int row, int col, int width, struct tui_style style,
	      uint32_t code, char ascii);

/* Add attributes to what is there. */
void tui_add_attr(struct tui_canvas *canvas, int row, int col, int width, uint8_t attr);

/* A click here means @action. Later ones lie above earlier ones. Forgotten when memory runs out. */
void tui_add_hit(struct tui_canvas *canvas, int row, int col, int width, int action,
		 uint64_t value);

/* What a click means, or NULL. */
const struct tui_hit *tui_find_hit(const struct tui_canvas *canvas, int row, int col);

/*
 * Take a line of @width columns from @text, and the blanks behind it: whole words, unless there is not room for one.
 * At least a byte, where there is any.
 */
struct vm_str tui_take_line(const struct tui_canvas *canvas, struct vm_str *text, int width);

/* @text in lines of whole words, from @row on, as many as there are up to @rows. */
void tui_put_paragraph(struct tui_canvas *canvas, int row, int col, int width, int rows,
		       struct tui_style style, struct vm_str text);

/* The beginning of @text that takes at most @width columns, cut where two blanks stand. */
struct vm_str tui_fit_items(const struct tui_canvas *canvas, struct vm_str text, int width);

/* How many columns @text takes. */
int tui_width(const struct tui_canvas *canvas, struct vm_str text);
