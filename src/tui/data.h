/*
 * What the live view knows of its process: the latest snapshot, what changed in it, what has happened so far.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sampler.h"
#include "vmview/changes.h"
#include "vmview/event.h"
#include "vmview/selection.h"
#include "vmview/totals.h"

/* How many refreshes a mark, or a mapping that is gone, stays to be seen. */
#define TUI_MARK_AGE 2
/* In a guided view: somebody reads first what is to be seen. */
#define TUI_GUIDED_MARK_AGE 10

/* A change that a mapping shows: enum vm_change_type + 1, or 0 for none. */
struct tui_mark {
	uint8_t change;
	uint8_t age; /* refreshes since it happened */
};

/* A mapping that is not there any more, and since how many refreshes. */
struct tui_ghost {
	struct vm_mapping mapping; /* points into tui_data.ghost_text */
	uint8_t age;
};

/* One line of the log. */
struct tui_log_entry {
	struct vm_event event; /* of VM_CHANGE_COUNT: @text is a remark */
	char *text;            /* the name made safe, or the remark; owned */
};

#define TUI_LOG_LIMIT 10000 /* entries; the oldest make room */
#define TUI_HISTORY 64      /* values of RSS behind the sparkline */

/* What the baseline remembers of a mapping. */
struct tui_base {
	uint64_t start, end, rss;
};

struct tui_data {
	struct vm_snapshot now;
	struct tui_sample lender; /* the reading under way when the process ended */
	struct tui_mark *marks;   /* one per mapping of @now */
	bool has_now;             /* something has been read */
	bool has_usage;           /* @now has the numbers of smaps */
	size_t filled; /* mappings whose numbers have arrived while smaps is being read */
	struct vm_process process;
	struct vm_report report;
	int error;
	struct vm_recording_fault fault;
	size_t frame;       /* of a recording, that is shown */
	unsigned program;   /* as in a sample */
	bool executed;      /* it executed one with the last reading */
	bool gone;          /* the process has exited; what is here is the last of it */
	int64_t gone_ns;    /* when that was seen */
	bool guided;        /* marks stay longer, see guide.h */
	uint64_t begun_ns;  /* as in a sample */
	unsigned refreshes; /* complete readings so far */
	enum vm_detail detail;
	uint64_t cost_ns, interval_ns;
	uint64_t maps_cost_ns;

	struct tui_ghost *ghosts;
	size_t ghost_count;
	struct vm_arena ghost_text;

	struct tui_log_entry *log;
	size_t log_count, log_cap;
	uint64_t log_total; /* entries ever made: tells a reader's place when old ones go */

	struct vm_totals total, by_kind[VM_KIND_COUNT];
	uint64_t history[TUI_HISTORY];
	size_t history_count;

	struct tui_base *base;
	size_t base_count;
	bool has_base;
	bool base_chosen; /* by the user, who wants to see what is won and lost since then */

	uint64_t max_map_count; /* vm.max_map_count; 0: not known */
};

void tui_data_deinit(struct tui_data *data);

/*
 * Take @sample in; its snapshot moves to @data. The previous snapshot goes, so rows that point to it must be made anew.
 * Returns 0 or -ENOMEM, then the list is what it can be and changes may be missing.
 */
int tui_data_take(struct tui_data *data, struct tui_sample *sample);

/* Forget marks, and what is gone, that have been there for @age refreshes; views of them must be made anew. */
void tui_data_forget_marks(struct tui_data *data, uint8_t age);

/* What happened with the last reading becomes as old as if it had been with the one before. */
void tui_data_age_marks(struct tui_data *data);

/* Sum again: numbers have been merged. */
void tui_data_sum(struct tui_data *data);

/* From now on count differences from here. 0 or -ENOMEM. */
int tui_data_set_base(struct tui_data *data);

/*
 * RSS won or lost since the baseline by what is now @mapping. False where that is not known. Cheap.
 */
bool tui_data_delta(const struct tui_data *data, const struct vm_mapping *mapping, int64_t *delta);

/* A copy of @foreign, made safe, to be freed. NULL: memory ran out. */
char *tui_copy_safe(struct vm_str foreign);

/* Add a remark to the log: a copy of @text, which must be safe. Forgotten when memory runs out. */
void tui_data_remark(struct tui_data *data, int64_t realtime_ns, const char *text);
