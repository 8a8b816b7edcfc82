/*
 * The time, as one number.
 */
#pragma once

#include <stdint.h>

/* Nanoseconds of a clock of clock_gettime(2) that is always there, as CLOCK_REALTIME and CLOCK_MONOTONIC are. */
uint64_t vm_now_ns(int clock);
