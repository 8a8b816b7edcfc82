/*
 * Changes as they are told: a line each, in the log of the live view and as a stream.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/changes.h"
#include "vmview/json_mapping.h"
#include "vmview/process.h"
#include "vmview/size.h"

/* A change by itself, without the snapshots that it was found in. */
struct vm_event {
	int64_t realtime_ns; /* when it was seen */
	enum vm_change_type change;
	/*
	 * What it is about, as it is now; what is gone or was split as it was. Without numbers, which would not outlive the
	 * snapshot. Its name is borrowed from there.
	 */
	struct vm_mapping mapping;
	int64_t delta;     /* bytes of address space won; negative: lost */
	char old_perms[4]; /* all NUL where they did not change */
	uint32_t pieces;   /* that it was split into, or merged of; else 0 */
};

/* @change as vm_changes_find() found it in these two, which must be classified. */
struct vm_event vm_event_of(const struct vm_change *change, const struct vm_snapshot *before,
			    const struct vm_snapshot *after, int64_t realtime_ns);

/* What the mapping is shown as: its name, or what stands for one. Need not be safe. */
struct vm_str vm_event_name(const struct vm_event *event);

/* `2026-11-21 12:04:29`, in the local time zone. */
void vm_event_put_date(struct vm_buf *text, int64_t realtime_ns);

/* `12:04:29`, the same. */
void vm_event_put_clock(struct vm_buf *text, int64_t realtime_ns);

/* `12:04:29.120` */
void vm_event_put_time(struct vm_buf *text, int64_t realtime_ns);

/* `^ grown +132K`: the change, and what distinguishes its kind: the delta, the pieces, the permissions of before. */
void vm_event_put_what(struct vm_buf *text, const struct vm_event *event, enum vm_size_style units);

/* What stands between time and name, with a blank behind it: `^ grown +132K   55d0c1000000  264K rw-p heap `. */
void vm_event_put(struct vm_buf *text, const struct vm_event *event, enum vm_size_style units);

/* "2026-11-21T12:04:29.120Z", which is UTC. */
void vm_json_time(struct vm_json *json, const char *key, int64_t realtime_ns);

/* What a mapping is, without its numbers: the columns that vm_event_json() writes. */
void vm_event_json_init(struct vm_json_mappings *mappings, struct vm_json *json);

/* The members of @event, into the object that is open; its time is not among them. */
void vm_event_json(struct vm_json_mappings *mappings, const struct vm_event *event);

/* What happened to the process itself. */
#define VM_EVENT_ENDED "the process has ended"
void vm_event_put_executed(struct vm_buf *text, const struct vm_process *process);
