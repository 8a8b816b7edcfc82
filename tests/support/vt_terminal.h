/*
 * A terminal: the master's side of a pseudo-terminal, and libvterm that knows what it would show.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <vterm.h>

#include "vt_filter.h"

struct vt_terminal {
	int fd; /* -1: hung up, or not there yet */
	int cols, rows;
	VTerm *vt; /* NULL: there is no terminal yet */
	VTermScreen *screen;
	struct vt_filter filter;
	bool alternate; /* screen */
	bool cursor_visible;
	bool mouse; /* the program asked for it */
	uint64_t changed_ns;
	char unsent[65536]; /* keys and answers that the program did not take yet */
	size_t unsent_len;
};

/* Nanoseconds, of the clock that changed_ns is of. */
uint64_t vt_now(void);

/* Takes @fd over. The terminal must not move from now on. */
void vt_terminal_init(struct vt_terminal *terminal, int fd, int cols, int rows);
void vt_terminal_deinit(struct vt_terminal *terminal);

void vt_terminal_resize(struct vt_terminal *terminal, int cols, int rows);

/* As though somebody had closed the window. */
void vt_terminal_hang_up(struct vt_terminal *terminal);

/* To the program, as typed. */
void vt_terminal_send(struct vt_terminal *terminal, const char *bytes, size_t len);

/* Write what waits, read what is there. Never blocks. True when something was read. */
bool vt_terminal_exchange(struct vt_terminal *terminal);
