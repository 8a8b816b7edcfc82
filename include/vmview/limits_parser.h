/*
 * Parsers for what tells of limits: /proc/PID/limits and status, /proc/meminfo.
 *
 * Each fills what its text has, and leaves the rest alone.
 */
#pragma once

#include "vmview/limits.h"
#include "vmview/str.h"

/* The soft limits, which are those that hold. */
void vm_limits_parse(struct vm_str text, struct vm_limits *limits);

/* What a process has of each, of its status. */
void vm_limits_parse_status(struct vm_str text, struct vm_limits *limits);

/* What the kernel may promise to all processes together, and has. */
void vm_limits_parse_meminfo(struct vm_str text, struct vm_limits *limits);
