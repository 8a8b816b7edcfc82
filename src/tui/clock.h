/*
 * Times of day.
 */
#pragma once

#include <stdint.h>

#include "vmview/buf.h"

/* Append nanoseconds after the epoch as local time: 12:04:29. */
void tui_put_time(struct vm_buf *text, int64_t realtime_ns);

/* 12:04:29.120 */
void tui_put_time_ms(struct vm_buf *text, int64_t realtime_ns);
