/*
 * Children of scenes: they do as they are told, and never outlive the demo.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct demo_child {
	pid_t pid;
	int fd; /* our end of the socket that its commands come through */
};

struct demo_children {
	struct demo_child *items;
	size_t count, cap;
};

/* In a child, first of all: die with @parent. */
void demo_fork_bind(pid_t parent);

/* In a child: call @access(@data), write what it did to @fd as a struct demo_fault, and exit. */
_Noreturn void demo_fork_try(int (*access)(void *data), void *data, int fd);

/* End and wait for all. */
void demo_children_end(struct demo_children *children);
void demo_children_deinit(struct demo_children *children);
