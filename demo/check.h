/*
 * Whether vmview shows what a step promises.
 *
 * The demo is read by a process of its own, the keeper, which is there before any scene: were the
 * demo to read itself, the memory that this takes would change the mappings it reads. The keeper
 * also clears up behind a demo that was killed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "files.h"
#include "scene.h"

/* The numbers that steps promise. */
enum demo_number {
	DEMO_NUMBER_RSS,
	DEMO_NUMBER_COPIED,
	DEMO_NUMBER_PRIVATE_DIRTY,
	DEMO_NUMBER_SHARED_NOW,
	DEMO_NUMBER_SWAP,
	DEMO_NUMBER_LOCKED,
	DEMO_NUMBER_HUGETLB,
	DEMO_NUMBER_ANON_HUGE,
	DEMO_NUMBER_COUNT
};

const char *demo_number_name(enum demo_number number);
struct demo_range demo_number_of(const struct demo_expect *expect, enum demo_number number);

/* What libvmview says of the mapping that holds an address. */
struct demo_seen {
	int error;  /* a negative errno: it cannot be read */
	bool found; /* else no mapping holds the address, and the rest means nothing */
	uint64_t start, end;
	uint8_t kind, backing, sharing;
	bool deleted;
	char perms[5];
	uint32_t reported; /* bit per enum demo_number */
	uint64_t numbers[DEMO_NUMBER_COUNT];
};

struct demo_keeper {
	pid_t pid;
	int fd; /* our end of the socket; -1: there is no keeper */
};

/* Start the keeper. False: it cannot be, errno tells. */
bool demo_keeper_init(struct demo_keeper *keeper, const struct demo_folder *folder);

/* The keeper ends, and has nothing left to clear up. */
void demo_keeper_deinit(struct demo_keeper *keeper);

/* Tell the keeper which pane of tmux to close, should the demo be killed. */
void demo_keeper_pane(const struct demo_keeper *keeper, const char *pane);

/* Look at the mapping of @pid that holds @address. */
void demo_keeper_look(const struct demo_keeper *keeper, pid_t pid, uint64_t address,
		      struct demo_seen *seen);

/*
 * Compare. Writes what differs, or what this kernel does not report, to @text. Returns how much
 * differs; @unreported is how many promises could not be looked at.
 */
unsigned demo_compare(const struct demo_expect *expect, const struct demo_seen *seen, char *text,
		      size_t size, unsigned *unreported);
