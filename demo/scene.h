/*
 * Scenes: what each teaches, its steps, and how a step checks itself.
 *
 * A scene is one function and one row of the table in scenes.c. It makes mappings with the very calls that it teaches, and tells of
 * each step through demo_step() and its siblings below: these print the call and what came of it, check what was
 * expected against the process's own smaps through libvmview, write JSON where that is asked for, and wait for the user. A
 * function that returns non-zero has been told to stop (quit, or a step that must not go on): clean up and return that.
 *
 * What a scene makes it takes down itself at its end, and registers with the stage first, so that it is also taken down when the
 * user leaves in the middle: mappings by unmapping, files by demo_file(), objects by demo_on_cleanup(), children by demo_fork().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmview/kind.h"

struct demo_stage;

struct demo_scene {
	const char *name;    /* as on the command line: "anon-private" */
	const char *title;   /* one line */
	const char *teaches; /* two or three sentences */
	int (*run)(struct demo_stage *stage);
};

/* All scenes, in the order in which they are best seen. Each lives in a file of its own, or with its nearest relatives. */
extern const struct demo_scene *const demo_scenes[];
extern const size_t demo_scene_count;

/* A number that vmview shows: not checked, or between two bounds, both included. Bytes. */
struct demo_range {
	bool checked;
	uint64_t low, high;
};

#define DEMO_EXACTLY(bytes) ((struct demo_range){ true, (bytes), (bytes) })
#define DEMO_AT_LEAST(bytes) ((struct demo_range){ true, (bytes), UINT64_MAX })
#define DEMO_BETWEEN(low, high) ((struct demo_range){ true, (low), (high) })

/* What vmview must show of the mapping that holds an address. */
struct demo_expect {
	bool gone;               /* no mapping holds it; then nothing else is checked */
	enum vm_kind kind;       /* VM_KIND_COUNT: any */
	enum vm_backing backing; /* VM_BACKING_COUNT: any */
	enum vm_sharing sharing; /* VM_SHARING_COUNT: any */
	const char *perms;       /* "rw-p", or NULL: any */
	uint64_t size;           /* 0: any */
	struct demo_range rss;
	struct demo_range copied;        /* Anonymous of a private file mapping */
	struct demo_range private_dirty; /* pages that only this process has, modified */
	struct demo_range shared_now; /* Shared_Clean and Shared_Dirty: mapped more than once now */
	struct demo_range swap;
	struct demo_range locked;
	struct demo_range hugetlb;
	struct demo_range anon_huge; /* AnonHugePages */
	bool deleted;                /* the mapped file has no name any more; false: not checked */
};

/* A step that leaves something to look at in vmview. */
struct demo_step {
	const char *
		call; /* the C call with its real values, as one would write it; more than one line is fine */
	const char *result;  /* what came back, in words or numbers; NULL: the address */
	const void *address; /* of the mapping to look at */
	pid_t pid;           /* whose it is; 0: this process's */
	const char *look;    /* what to look for in vmview */
	struct demo_expect expect;
};

/* Tell, check, wait. 0: go on. */
int demo_step(struct demo_stage *stage, const struct demo_step *step);

/*
 * A step without a mapping to look at, whose outcome the scene has checked: @ok says whether @call did what the scene promises, @text
 * says what came of it (an errno with its reason, a fault, what was read).
 */
int demo_fact(struct demo_stage *stage, const char *call, bool ok, const char *text);

/* A step that this machine cannot do: @reason says why, and what would help. Not a failure. */
int demo_skip(struct demo_stage *stage, const char *call, const char *reason);

/* A call that the scene cannot go on without has failed with errno: tell it. Always non-zero: the scene ends. */
int demo_give_up(struct demo_stage *stage, const char *call);

/* A few sentences between steps; no waiting. */
void demo_say(struct demo_stage *stage, const char *text);

/* printf into memory that lives until the scene ends: for calls with their real values. Never NULL. */
__attribute__((format(printf, 2, 3))) const char *demo_text(struct demo_stage *stage,
							    const char *format, ...);

/* The name of an errno and what it says: "EINVAL (Invalid argument)". */
const char *demo_errno(struct demo_stage *stage, int error);

size_t demo_page_size(void);

/*
 * Keep the mapping at @address to itself: no huge pages, which would come and go many small ones at a time, and no neighbour that
 * joins in, for mappings whose flags differ are never merged. Where the kernel has no huge pages, being left out of core
 * dumps does the latter.
 */
void demo_set_apart(void *address, size_t size);

/*
 * A new file of @size bytes in the stage's private folder, filled with @fill (repeated as a pattern of lines); opened for reading and
 * writing. The file goes at the end of the scene; the caller closes the descriptor. Returns it, or -1 with errno, which has been told
 * as a failed step. @path receives where it is, valid until the scene ends.
 */
int demo_file(struct demo_stage *stage, const char *name, size_t size, const char *fill,
	      const char **path);

/* Call @undo(@data) at the end of the scene, in reverse order, also when the user leaves in the middle or by a signal. */
void demo_on_cleanup(struct demo_stage *stage, void (*undo)(void *data), void *data);

/*
 * Forget the latest entry with this @data: what it would undo has been undone.
 */
void demo_undone(struct demo_stage *stage, void *data);

/* What an access did. */
struct demo_fault {
	int signal; /* 0: nothing happened; else SIGSEGV, SIGBUS, SIGILL */
	int code;   /* SEGV_MAPERR, SEGV_ACCERR, BUS_ADRERR... */
	void *address;
	int status; /* what @access returned, where nothing happened */
};

/* Call @access(@data) in a forked child that reports how it ended. True: @fault tells. */
bool demo_try(struct demo_stage *stage, int (*access)(void *data), void *data,
	      struct demo_fault *fault);

/* "SIGSEGV at 0x7f12 (SEGV_ACCERR: the page is there, the access is not allowed)". */
const char *demo_fault_text(struct demo_stage *stage, const struct demo_fault *fault);

/*
 * A child that runs @main(@data, @commands) and ends with what that returns. It reads single characters from @commands and
 * does what they mean, then writes one byte back: demo_tell() waits for that, so nothing depends on time. The child ends with the
 * stage, whatever happens. Returns its PID, or -1 with errno.
 */
pid_t demo_fork(struct demo_stage *stage, int (*main)(void *data, int commands), void *data);

/* Send @command to the child and wait until it has been done. False: the child is gone. */
bool demo_tell(struct demo_stage *stage, pid_t child, char command);

/* End the child @pid and wait for it. */
void demo_end(struct demo_stage *stage, pid_t pid);
