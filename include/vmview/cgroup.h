/*
 * How much memory a process's control group may use, cgroups(7): the memory controller, of version 2 or 1.
 *
 * A group is limited by those above it as well. Of them all the one counts here that leaves the least room.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/source.h"

/* Where the group of a process is. */
struct vm_cgroup {
	bool old;             /* version 1 */
	struct vm_buf mount;  /* the folder of the highest group that can be seen */
	struct vm_buf folder; /* the process's own below that: "" or "/a/b" */
	struct vm_buf name;   /* as the kernel calls it: "/a/b" */
};

void vm_cgroup_deinit(struct vm_cgroup *cgroup);

/*
 * Find the group in the text of /proc/PID/cgroup, and its folder in that of our own mountinfo. 0, -ENOENT (there is none, or
 * it cannot be seen from here) or -ENOMEM. @cgroup must be zeroed and stays so on failure.
 */
int vm_cgroup_find(struct vm_str text, struct vm_str mountinfo, struct vm_cgroup *cgroup);

enum vm_cgroup_resource {
	VM_CGROUP_MEMORY,
	VM_CGROUP_SWAP, /* of version 1: memory and swap together */
	VM_CGROUP_RESOURCE_COUNT
};

/* How much of it the group that leaves the least room has, and may have. */
struct vm_cgroup_use {
	bool has_now;
	bool unlimited; /* so is every other */
	uint64_t now, most;
	const char *source; /* the file that sets the limit: "memory.max". Static */
	struct vm_buf name; /* of the group; empty: not known */
};

void vm_cgroup_use_deinit(struct vm_cgroup_use *use);

/* 0, -ENOENT where no group tells, or another negative errno. @use must be zeroed. */
int vm_cgroup_read(const struct vm_cgroup *cgroup, enum vm_cgroup_resource resource,
		   struct vm_cgroup_use *use);

/* The same of one group, whose files lie in a saved folder; @old is told by their names. */
int vm_cgroup_read_saved(const struct vm_source *saved, enum vm_cgroup_resource resource, bool *old,
			 struct vm_cgroup_use *use);
