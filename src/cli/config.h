/*
 * The file in which the live view's settings persist.
 */
#pragma once

#include <stdbool.h>

#include "tui/settings.h"

/*
 * Read it, if there is one. Wrong lines and what keeps it from being read are said on standard error, which the live view
 * covers: the first of them is left in @note as well, which is empty where all is well.
 */
struct tui_settings vm_config_read(const char *program, char *note, size_t note_size);

/* Write into it what @settings say other than @before. What goes wrong is said. */
void vm_config_write(const char *program, const struct tui_settings *before,
		     const struct tui_settings *settings);
