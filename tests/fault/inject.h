/*
 * Calls that fail on purpose. The linker hands every such call of the program to inject.c (--wrap), which counts them and
 * makes a chosen one fail; all others do what they always do.
 */
#pragma once

#include <stdbool.h>

enum fault_class {
	FAULT_NONE,
	FAULT_MEMORY,    /* malloc() and its like */
	FAULT_OPEN,      /* open(), and what makes another descriptor */
	FAULT_LOOK,      /* stat() and its like */
	FAULT_LIST,      /* readdir() */
	FAULT_READ,      /* read() */
	FAULT_SHORT,     /* read(), which gives one byte where more are wanted */
	FAULT_WRITE,     /* to standard output: the disk is full this once */
	FAULT_SAVE,      /* write(), fsync(), rename(): what brings a file to the disk */
	FAULT_PUT,       /* of these write() alone */
	FAULT_PUT_SHORT, /* write(), which takes one byte of many */
	FAULT_CLASS_COUNT
};

struct fault {
	enum fault_class class;
	unsigned at;  /* which call, from 1; 0: each of them */
	bool lasting; /* and all that come after it */
	int error;    /* its errno; it has none where memory or the disk decide that */
	bool struck;  /* told: there was such a call */
	bool waited;  /* told: there was waiting, which took no time */
};

/* From now on @fault strikes; NULL: none does. It stays the caller's. */
void fault_arm(struct fault *fault);

/* What happens while the program waits, which then takes no time: its clock is put forward. NULL: it just waits. */
void fault_meanwhile(void (*happens)(void));
