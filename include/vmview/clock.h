/*
 * Times, as one number.
 */
#pragma once

#include <stdint.h>
#include <time.h>

/* Nanoseconds of a clock of clock_gettime(2) that is always there, as CLOCK_REALTIME and CLOCK_MONOTONIC are. */
uint64_t vm_now_ns(int clock);

/* Nanoseconds, as calls take them. */
static inline struct timespec vm_timespec_of(uint64_t ns)
{
	return (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
}
