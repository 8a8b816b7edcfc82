/*
 * A process whose mappings change on command: what its parts share. See mutator.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { REGIONS_MAX = 64, WORDS_MAX = 32 };

struct region {
	char name[32]; /* empty: unused */
	char *start;
	size_t pages;
};

struct reader {
	int fd;
	char text[4096];
	size_t len, taken;
};

struct mutator {
	struct reader lines;
	struct region regions[REGIONS_MAX];
	uint64_t places; /* taken so far */
	int zero, pipe[2];
	pid_t child;
	char *words[WORDS_MAX + 1];
	size_t count;
	bool in_thread;
};

size_t mutator_page_size(void);

/* Answers. These return true, as those of refusals return false: a command ends with one. */
bool mutator_done(const char *name, const void *address);
bool mutator_done_with_number(const char *name, long number);

/* Of what was done to pages of a mapping: also where these begin. */
bool mutator_done_part(const char *name, const void *address, const void *part);

bool mutator_refuse(const char *what, const char *why);
bool mutator_refuse_errno(const char *what);

/*
 * The next line without its newline, in the reader's own space; NULL at the end, or when one is too
 * long.
 */
char *mutator_next_line(struct reader *reader);

/* False where @word is no number, or NULL. */
bool mutator_read_count(const char *word, size_t *count);

struct mutator_command {
	const char *name;
	bool (*run)(struct mutator *mutator);
};

/* What is done to mappings, heap and stack; ended by a row without a name. */
extern const struct mutator_command mutator_map_commands[];
