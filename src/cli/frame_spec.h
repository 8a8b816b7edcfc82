/*
 * A frame of a recording, as it is asked for: by its number or by a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* How they are written, for who did not. */
#define VM_FRAME_SPECS \
	"a number from 1 on, from the end with a -, or a time as 14:05:30 or '2026-01-31 14:05:30'"

struct vm_frame_spec {
	bool is_time, has_date;
	bool from_end; /* a number counts from there */
	uint64_t number;
	struct tm time;
};

/* `12`, `-1`, `14:05`, `14:05:30`, `2026-01-31 14:05:30`. False: @text is none of these. */
bool vm_frame_spec_parse(const char *text, struct vm_frame_spec *spec);
