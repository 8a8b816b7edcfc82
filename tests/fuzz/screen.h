/*
 * The live view off the screen, for targets.
 */
#pragma once

#include "tui/app.h"

/*
 * A reading of @text as the sampler would hand it over. A text that begins with `!` is the last reading, of a process that
 * ended; one with `?` could not be read to its end.
 */
struct tui_sample fuzz_sample(struct vm_str text);

/* A view with the defaults and nothing read. */
struct tui_app fuzz_app(bool utf8);

/* Take a reading in, as the view does. */
void fuzz_app_feed(struct tui_app *app, struct vm_str text);

/* Draw, and look at each cell, each place to click, and the selection. */
void fuzz_app_draw(struct tui_app *app, int width, int height);
