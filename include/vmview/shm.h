/*
 * The kernel's own shared memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * The minor number of the device on which System V segments, memfds and shared anonymous memory appear in
 * maps; the major one is 0. False where it cannot be told.
 */
bool vm_shm_device(uint32_t *minor);
