/*
 * All processes, as the picker lists them.
 */
#pragma once

#include "vmview/process.h"
#include "vmview/str.h"

struct tui_process {
	pid_t pid;
	uint64_t rss;
	bool has_rss;  /* kernel threads and zombies have none */
	char user[32]; /* made safe */
	char *command; /* command line or [name], made safe; owned */
	char *name;    /* the command's name, made safe; owned */
};

struct tui_processes {
	struct tui_process *items; /* by descending RSS */
	size_t count, cap;
	bool hidden; /* /proc hides those of others */
};

void tui_processes_deinit(struct tui_processes *processes);

/* Read /proc. What cannot be read of a process is left out. 0 or a negative errno. */
int tui_processes_read(struct tui_processes *processes);

/* Whether what was typed is its PID, the whole of it. */
bool tui_process_has_pid(const struct tui_process *process, struct vm_str typed);

/* Whether PID, user or command holds what was typed, upper or lower case. */
bool tui_process_matches(const struct tui_process *process, struct vm_str typed);
