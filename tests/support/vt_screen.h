/*
 * Reading what a terminal shows. Rows and columns count from 1 for scripts and people, from 0 here.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "vt_terminal.h"

/* A row as UTF-8, without the blanks at its end. The caller frees it. */
char *vt_screen_row(const struct vt_terminal *terminal, int row);

/* All rows, each with a newline. The caller frees it. */
char *vt_screen_text(const struct vt_terminal *terminal);

/* Where @text stands first, looking from the top. */
bool vt_screen_find(const struct vt_terminal *terminal, const char *text, VTermPos *pos);

VTermScreenCell vt_screen_cell(const struct vt_terminal *terminal, VTermPos pos);

/* No cell has a colour of its own. */
bool vt_screen_is_colourless(const struct vt_terminal *terminal);

/* Every word that tells an attribute: "bold fg=2", or "plain". */
void vt_screen_describe_cell(const VTermScreenCell *cell, FILE *out);

enum vt_attr_result { VT_ATTR_ABSENT, VT_ATTR_PRESENT, VT_ATTR_UNKNOWN };

/*
 * Has @cell what @word says? bold dim underline italic blink reverse strike plain, colour, fg=N
 * fg=default fg=#rrggbb and the same with bg; with `no-` before it, the opposite.
 */
enum vt_attr_result vt_screen_cell_has(const VTermScreenCell *cell, const char *word);

/*
 * The screen in a frame, and below it the attributes that are not plain. Every line begins with
 * @prefix.
 */
void vt_screen_dump(const struct vt_terminal *terminal, const char *prefix, FILE *out);
