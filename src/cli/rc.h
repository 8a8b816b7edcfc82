/*
 * The file that says which columns -c and -C show, in the format of pmap's ~/.pmaprc.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vmview/buf.h"

struct vm_rc {
	struct vm_buf text;     /* of the whole file; the slices point in here */
	struct vm_str *columns; /* titles of columns, as the file spells them */
	size_t count, cap;
	bool toggle_path; /* ShowPath was given an odd number of times */
};

void vm_rc_deinit(struct vm_rc *rc);

/* Told of each line that is not understood; parsing goes on. */
typedef void (*vm_rc_warn_fn)(const char *what, size_t line, void *user);

/* Parse rc->text. 0 or -ENOMEM. */
int vm_rc_parse(struct vm_rc *rc, vm_rc_warn_fn warn, void *user);

/* Read and parse @path. 0 or a negative errno. */
int vm_rc_read(const char *path, struct vm_rc *rc, vm_rc_warn_fn warn, void *user);

/* Write a commented template to a new file @path. 0, -EEXIST, or another negative errno. */
int vm_rc_create(const char *path);
