/*
 * The facts of a frame: small files, each under its name.
 */
#pragma once

#include <stddef.h>

#include "section.h"
#include "vmview/buf.h"
#include "vmview/str.h"

struct vm_fact {
	struct vm_str name, bytes;
	int error; /* 0, or the negative errno with which it could not be read */
};

struct vm_facts {
	struct vm_buf bytes;   /* they point in here */
	struct vm_fact *items; /* sorted by name; of equal ones the first is meant */
	size_t count;
};

/* @facts must be zeroed; to be freed on failure, too. 0, -EBADMSG: damaged, -ENOMEM, or of pread(2). */
int vm_facts_read(int fd, const struct vm_extent *extent, struct vm_facts *facts);
void vm_facts_deinit(struct vm_facts *facts);

/* The first whose name is not below @name; @count where there is none. */
size_t vm_facts_find(const struct vm_facts *facts, struct vm_str name);

/* NULL: there is none of this name. */
const struct vm_fact *vm_facts_get(const struct vm_facts *facts, const char *name);
