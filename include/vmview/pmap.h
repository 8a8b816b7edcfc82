/*
 * The text that procps-ng pmap prints, byte for byte.
 *
 * One struct vm_pmap serves any number of processes in turn: begin, every mapping in order, end.
 * Where it differs from pmap stands in the manual page, under "DIFFERENCES FROM PMAP".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "vmview/buf.h"
#include "vmview/colour.h"
#include "vmview/mapping.h"
#include "vmview/process.h"
#include "vmview/totals.h"

enum vm_pmap_format {
	VM_PMAP_DEFAULT,
	VM_PMAP_EXTENDED, /* -x */
	VM_PMAP_DEVICE,   /* -d */
	VM_PMAP_FULL,     /* -X */
	VM_PMAP_ALL,      /* -XX */
	VM_PMAP_CHOSEN    /* -c, -C: the columns that @chosen names */
};

/* Whether the format shows numbers that only smaps has. */
static inline bool vm_pmap_needs_smaps(enum vm_pmap_format format)
{
	return format != VM_PMAP_DEFAULT && format != VM_PMAP_DEVICE;
}

/* Whether widths depend on every mapping, so that the rows come only after all of them. */
static inline bool vm_pmap_needs_all(enum vm_pmap_format format)
{
	return format != VM_PMAP_DEFAULT && format != VM_PMAP_DEVICE && format != VM_PMAP_EXTENDED;
}

struct vm_pmap_options {
	enum vm_pmap_format format;
	bool quiet;        /* no header, no totals */
	bool show_path;    /* whole paths */
	bool kernel_names; /* [heap] instead of [ anon ] */
	bool utf8;         /* the locale's encoding: decides how command lines are made printable */
	uint64_t low, high; /* only mappings that touch these addresses, both ends included */
	const struct vm_palette *palette;
	/* VM_PMAP_CHOSEN: titles of columns, as the rc file spells them; borrowed */
	const struct vm_str *chosen;
	size_t chosen_count;
	/* device of the kernel's own shared memory, whose System V segments pmap calls by their id */
	bool has_shm_device;
	uint32_t shm_minor;
};

struct vm_pmap_column;

struct vm_pmap {
	struct vm_pmap_options options;
	FILE *out;
	struct vm_buf text; /* not written yet */

	/* of the process at hand */
	uint64_t start_stack;
	bool saved; /* a capture: the kernel's name tells the stack where start_stack is not known */
	struct vm_totals totals;
	uint64_t writable_private, shared;

	/* -X and its like; a column that one process brought stays for the next ones, as in pmap */
	struct vm_pmap_column *columns;
	size_t column_count, column_cap;
	uint16_t column_of[VM_FIELD_COUNT]; /* places in @columns, see pmap_columns.c */
};

/* @options is copied; what it points to must outlive @pmap. */
void vm_pmap_init(struct vm_pmap *pmap, const struct vm_pmap_options *options, FILE *out);
void vm_pmap_deinit(struct vm_pmap *pmap);

/*
 * The heading of a process: its number and @command. All of these return 0, -ENOMEM, or the negative errno of a
 * write to @out that failed; output may still wait in @out's own buffer.
 */
int vm_pmap_heading(struct vm_pmap *pmap, struct vm_str number, struct vm_str command);

/* For formats of which vm_pmap_needs_all() is false: column titles, a row each, totals. */
int vm_pmap_begin(struct vm_pmap *pmap, const struct vm_process *process, bool saved);
int vm_pmap_add(struct vm_pmap *pmap, const struct vm_mapping *mapping);
int vm_pmap_end(struct vm_pmap *pmap);

/* For the others: everything at once. -E2BIG for captures with more different fields than make sense. */
int vm_pmap_write_all(struct vm_pmap *pmap, const struct vm_mapping *mappings, size_t count);

/*
 * The command line as pmap's heading has it, with nothing in it that could reach a terminal: arguments
 * joined by blanks, or the command's name in brackets.
 */
void vm_pmap_command(struct vm_buf *text, const struct vm_process *process, bool utf8);
