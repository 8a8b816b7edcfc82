/*
 * Exit statuses, those of pmap. They are joined with `|`.
 */
#pragma once

enum {
	VM_EXIT_OK = 0,
	VM_EXIT_FAILURE = 1,
	VM_EXIT_USAGE = 2,     /* a wrong word behind an option that pmap does not have */
	VM_EXIT_NOT_FOUND = 42 /* not all processes that were asked for were found */
};
