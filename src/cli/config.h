/*
 * The file in which the live view's settings persist.
 */
#pragma once

#include <stdbool.h>

#include "tui/settings.h"

/* Read it, if there is one. Wrong lines and what keeps it from being read are said on standard error. */
struct tui_settings vm_config_read(const char *program);

/* Write it if @settings differ from @before. What goes wrong is said. */
void vm_config_write(const char *program, const struct tui_settings *before,
		     const struct tui_settings *settings);
