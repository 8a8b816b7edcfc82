#include "vmview/colour.h"

#include <assert.h>

/* ECMA-48 SGR. Of the Okabe-Ito colours: orange 214, sky blue 74; and a grey that shows on black and white. */
static const struct vm_palette palettes[] = {
	[VM_DEPTH_NONE] = {
		.hue = { [VM_BACKING_FILE] = "", [VM_BACKING_ANONYMOUS] = "", [VM_BACKING_SPECIAL] = "" },
		.shared_on = "", .shared_off = "", .reset = "",
	},
	[VM_DEPTH_8] = {
		.hue = { [VM_BACKING_FILE] = "\033[33m", [VM_BACKING_ANONYMOUS] = "\033[1;34m",
			 [VM_BACKING_SPECIAL] = "\033[2m" },
		.shared_on = "\033[7m", .shared_off = "\033[27m", .reset = "\033[0m",
	},
	[VM_DEPTH_256] = {
		.hue = { [VM_BACKING_FILE] = "\033[38;5;214m",
			 [VM_BACKING_ANONYMOUS] = "\033[38;5;74m",
			 [VM_BACKING_SPECIAL] = "\033[38;5;245m" },
		.shared_on = "\033[7m", .shared_off = "\033[27m", .reset = "\033[0m",
	},
};
static_assert(sizeof(palettes) / sizeof(palettes[0]) == VM_DEPTH_COUNT,
	      "a palette for every depth");

const struct vm_palette *vm_palette_of(enum vm_depth depth)
{
	assert(depth < VM_DEPTH_COUNT);
	return &palettes[depth];
}
