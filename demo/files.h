/*
 * The private folder under $TMPDIR: files of scenes, and what vmview --follow-demo reads.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct demo_folder {
	char path[PATH_MAX];
	char follow[PATH_MAX]; /* the file for vmview --follow-demo */
	int fd;                /* locked for as long as the demo lives; -1: there is no folder */
};

/*
 * Make the folder, and remove those of demos that were killed. False: it cannot be made, which has been
 * said on standard error.
 */
bool demo_folder_init(struct demo_folder *folder, const char *program);
void demo_folder_deinit(struct demo_folder *folder);

/* Remove the folder and what is in it. What is gone already is no failure. */
void demo_folder_remove(const struct demo_folder *folder);

/* Leave word for vmview --follow-demo: the mapping of @pid that holds @address. Nobody need be listening. */
void demo_folder_show(const struct demo_folder *folder, pid_t pid, uint64_t address,
		      unsigned number);
