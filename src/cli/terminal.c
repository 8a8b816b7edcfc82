#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && value[0];
}

/* no-color.org: any value that is not empty. */
static bool wants_colour(enum vm_colour_when when, const char *term, FILE *out)
{
	switch (when) {
	case VM_COLOUR_NEVER:
		return false;
	case VM_COLOUR_ALWAYS:
		return true;
	case VM_COLOUR_AUTO:
		break;
	}
	return isatty(fileno(out)) && !is_set("NO_COLOR") && term && term[0] &&
	       strcmp(term, "dumb") != 0;
}

enum vm_depth vm_terminal_depth(enum vm_colour_when when, FILE *out)
{
	const char *term = getenv("TERM");

	if (!wants_colour(when, term, out))
		return VM_DEPTH_NONE;
	if (is_set("COLORTERM") || (term && (strstr(term, "256color") || strstr(term, "direct"))))
		return VM_DEPTH_256;
	return VM_DEPTH_8;
}
