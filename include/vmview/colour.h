/*
 * Colours for text on a terminal: two signals that never depend on each other. Hue says backing
 * (warm: file, cool: anonymous, grey: special), reverse video says shared.
 */
#pragma once

#include "vmview/kind.h"

enum vm_depth {
	VM_DEPTH_NONE, /* not one escape byte */
	VM_DEPTH_8,    /* the basic colours */
	VM_DEPTH_256,  /* from the Okabe-Ito set */
	VM_DEPTH_COUNT
};

/* Sequences that switch something on or off; empty strings at VM_DEPTH_NONE. Static. */
struct vm_palette {
	const char *hue[VM_BACKING_COUNT];
	const char *shared_on, *shared_off;
	const char *reset;
};

const struct vm_palette *vm_palette_of(enum vm_depth depth);
