/*
 * Where one is in a recording, and where one goes from there. Neither reads a file nor touches a terminal.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/recording.h"

struct tui_timeline {
	const struct vm_frame *frames; /* borrowed */
	size_t count;                  /* 0: what is looked at is no recording */
	size_t wanted;                 /* the frame that was gone to last */
	size_t shown; /* the one on the screen: another while @wanted is being read */
	bool playing;
};

/* A recording that has frames is begun at its end. */
struct tui_timeline tui_timeline_of(const struct vm_recording *recording);

/* Go so many frames forward or back, at most to the end. False: one is there already. */
bool tui_timeline_move(struct tui_timeline *timeline, bool forward, uint64_t frames);

/* Go to a frame. False: one is there already. */
bool tui_timeline_jump(struct tui_timeline *timeline, uint64_t frame);

/* Play from the present frame, or, from the last one, from the first; or stop. */
void tui_timeline_play(struct tui_timeline *timeline);

/* How long the frame that is shown stays while it is played: as long as it did, but neither too short to be seen nor long. */
uint64_t tui_timeline_stay_ns(const struct tui_timeline *timeline);

/* Play on: go to the next frame. False, and playing ends: there is none. */
bool tui_timeline_play_on(struct tui_timeline *timeline);

/* What a cell of @width stands for: the frames from @first up to @end, at least one. */
struct tui_span {
	size_t first, end;
};
struct tui_span tui_timeline_span(const struct tui_timeline *timeline, int cell, int width);

/* The frame with the highest RSS of a span; the first one where none is known. */
size_t tui_timeline_highest(const struct tui_timeline *timeline, struct tui_span span);

/* A number for the program of a frame: another one where the process, or what it executes, is another than in the frame before. */
unsigned tui_timeline_program(const struct vm_frame *frames, size_t index);
