/*
 * Where bytes come from: a live process, a saved capture, or a frame of a recording.
 *
 * A source holds one descriptor of /proc/PID (or of a folder shaped like it) and opens everything
 * relative to it, read-only: a PID that is reused gives -ESRCH, never another process's data.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmview/buf.h"

enum vm_source_type {
	VM_SOURCE_NONE,   /* not open */
	VM_SOURCE_LIVE,   /* /proc/PID */
	VM_SOURCE_FOLDER, /* a saved folder shaped like it */
	VM_SOURCE_FILE,   /* one saved file with the text of maps or smaps, or a pipe of it */
	VM_SOURCE_FRAME   /* a recorded frame: what /proc/PID was at one time; see recording.h */
};

struct vm_open_frame;

struct vm_source {
	enum vm_source_type type;
	int fd;    /* the folder's or the file's */
	pid_t pid; /* of a live or recorded process, else 0 */
	struct vm_open_frame *frame;
};

/* Whether it tells all that the folder of a process tells: it is that, or a record of it. */
static inline bool vm_source_is_process(const struct vm_source *source)
{
	return source->type == VM_SOURCE_LIVE || source->type == VM_SOURCE_FRAME;
}

/*
 * 0, -ESRCH (no such process), -EACCES (there is one, but /proc hides it, mounted with hidepid), -ENODEV (there is no /proc), or
 * another negative errno. @source is untouched on failure.
 */
int vm_source_open_process(pid_t pid, struct vm_source *source);

/* Whether /proc shows no processes but those of one's own. */
bool vm_source_hides_others(void);

/*
 * A saved capture: a folder, a regular file, a pipe, or "-" for standard input. 0, -EINVAL for anything else
 * (devices have no end), or another negative errno.
 */
int vm_source_open_saved(const char *path, struct vm_source *source);

/* The same once more, to be closed on its own, and by any thread. 0 or a negative errno. */
int vm_source_copy(const struct vm_source *source, struct vm_source *copy);

/* Of a zeroed or closed source: nothing. */
void vm_source_close(struct vm_source *source);

/*
 * Open the entry @name ("maps", "task/12/stat") for reading. Returns a descriptor that the caller
 * closes, or a negative errno. In a saved folder symbolic links and what is not a regular file
 * are refused (-ELOOP, -EINVAL). Of a saved file there are no entries, those of a frame are no files: -ENOENT;
 * vm_input_open() opens any.
 */
int vm_source_open_entry(const struct vm_source *source, const char *name);

/* Replace @text with the first @limit bytes of the entry @name. 0 or a negative errno. */
int vm_source_read_entry(const struct vm_source *source, const char *name, size_t limit,
			 struct vm_buf *text);

/*
 * Replace @text with the first @limit bytes of what the whole machine tells below /proc, "meminfo" or "sys/vm/max_map_count":
 * of a live process this machine, of a saved folder or a frame the entry of that last name, as "max_map_count". 0 or a negative errno.
 */
int vm_source_read_machine(const struct vm_source *source, const char *name, size_t limit,
			   struct vm_buf *text);

/*
 * Read once into @room bytes, again if a signal interrupts. Bytes read, 0 at the end, or a negative
 * errno. A short read of a /proc file is not its end.
 */
ssize_t vm_read(int fd, void *room, size_t size);

/* Bytes of a file read at @offset, fewer than @size at its end only, or a negative errno. */
ssize_t vm_pread(int fd, void *room, size_t size, uint64_t offset);

/*
 * Call @found for every numbered entry of /proc (with @source NULL) or of a process's task folder.
 * Stops when it returns non-zero, and returns that; else 0, or a negative errno (-ENODEV: there is no /proc).
 */
int vm_source_each_task(const struct vm_source *source, int (*found)(pid_t pid, void *user),
			void *user);
