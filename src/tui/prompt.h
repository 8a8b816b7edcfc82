/*
 * One line of text that the user edits at the bottom of the screen.
 */
#pragma once

#include "canvas.h"
#include "term.h"
#include "vmview/buf.h"

enum tui_prompt_purpose {
	TUI_PROMPT_CLOSED,
	TUI_PROMPT_SEARCH,
	TUI_PROMPT_FILTER,
	TUI_PROMPT_SAVE
};

struct tui_prompt {
	enum tui_prompt_purpose purpose;
	const char *label;
	const char *hint;   /* shown where nothing is typed yet, or NULL */
	struct vm_buf text; /* UTF-8 */
	size_t cursor;      /* in bytes */
	int cursor_col;     /* on the screen, set while drawing */
};

enum tui_prompt_result { TUI_PROMPT_GOES_ON, TUI_PROMPT_DONE, TUI_PROMPT_GIVEN_UP };

void tui_prompt_open(struct tui_prompt *prompt, enum tui_prompt_purpose purpose, const char *label,
		     struct vm_str text);
void tui_prompt_close(struct tui_prompt *prompt);
void tui_prompt_deinit(struct tui_prompt *prompt);

/* A key for the line: characters, Backspace, Ctrl-U, Left, Right, Enter, Esc. */
enum tui_prompt_result tui_prompt_key(struct tui_prompt *prompt, uint32_t key);

void tui_prompt_draw(struct tui_prompt *prompt, struct tui_canvas *canvas, int row);
