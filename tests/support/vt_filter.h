/*
 * What libvterm 0.1.4 gets wrong of what programs send, said in a way that it understands:
 *
 * - of `CSI ? 1006 ; 1000 h` it takes the first mode only: each mode goes into a sequence of its
 * own;
 * - it has no "dim": font 9 stands for it, which nothing else uses.
 */
#pragma once

#include <stddef.h>

enum { VT_FONT_OF_DIM = 9 };

struct vt_filter {
	char held[96]; /* a control sequence that is not complete yet */
	size_t len;
};

/* Whoever gets what comes out. */
struct vt_sink {
	void (*put)(void *user, const char *bytes, size_t len);
	void *user;
};

/* @bytes may be cut anywhere; a sequence that is not complete is held until the next call. */
void vt_filter_feed(struct vt_filter *filter, const char *bytes, size_t len, struct vt_sink sink);
