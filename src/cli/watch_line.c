#include "watch_line.h"

#include <errno.h>
#include <stdlib.h>

#include "vmview/event.h"
#include "vmview/output.h"
#include "vmview/safe.h"
#include "vmview/totals.h"

/* The largest PID there is has as many digits. */
#define PID_WIDTH 7

void vm_watch_lines_init(struct vm_watch_lines *lines, const struct vm_options *options, FILE *out)
{
	*lines = (struct vm_watch_lines){
		.options = options,
		.out = out,
		.objects = options->form == VM_FORM_JSON || options->form == VM_FORM_NDJSON,
		.json = { .text = &lines->text },
	};
	vm_event_json_init(&lines->mappings, &lines->json);
}

void vm_watch_lines_deinit(struct vm_watch_lines *lines)
{
	vm_json_mappings_deinit(&lines->mappings);
	vm_buf_deinit(&lines->text);
}

static int finish_line(struct vm_watch_lines *lines)
{
	if (lines->objects)
		vm_json_end(&lines->json);
	vm_buf_put_char(&lines->text, '\n');
	return vm_output_flush(&lines->text, lines->out, false);
}

int vm_watch_flush(struct vm_watch_lines *lines)
{
	return vm_output_flush(&lines->text, lines->out, true);
}

static void begin_object(struct vm_watch_lines *lines, pid_t pid, int64_t realtime_ns)
{
	vm_json_object(&lines->json, NULL);
	vm_json_time(&lines->json, "time", realtime_ns);
	vm_json_number(&lines->json, "pid", (uint64_t)pid);
}

static void begin_line(struct vm_watch_lines *lines, pid_t pid, int64_t realtime_ns)
{
	if (lines->objects) {
		begin_object(lines, pid, realtime_ns);
		return;
	}
	vm_event_put_time(&lines->text, realtime_ns);
	vm_buf_put_text(&lines->text, "  ");
	if (lines->several) {
		vm_buf_put_dec(&lines->text, (uint64_t)pid, PID_WIDTH, ' ');
		vm_buf_put_text(&lines->text, "  ");
	}
}

static int put_event(struct vm_watch_lines *lines, pid_t pid, const struct vm_event *event)
{
	begin_line(lines, pid, event->realtime_ns);
	if (lines->objects) {
		vm_event_json(&lines->mappings, event);
		return finish_line(lines);
	}
	vm_event_put(&lines->text, event, lines->options->units);
	vm_safe_put(&lines->text, vm_event_name(event));
	return finish_line(lines);
}

/* Which mappings of both snapshots are selected; NULL: all. */
struct selected {
	bool *before, *after;
};

static void selected_deinit(struct selected *selected)
{
	free(selected->before);
	free(selected->after);
}

static int select_mappings(const struct vm_options *options, const struct vm_snapshot *before,
			   const struct vm_snapshot *after, struct selected *selected)
{
	int r;

	if (!options->selects)
		return 0;
	r = vm_selection_mark(&options->selection, before, &selected->before);
	return r < 0 ? r : vm_selection_mark(&options->selection, after, &selected->after);
}

static bool has_any(const bool *marks, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++) {
		if (marks[i])
			return true;
	}
	return false;
}

static bool is_selected(const struct selected *selected, const struct vm_change *change)
{
	return !selected->before ||
	       has_any(selected->before, change->before, change->before_count) ||
	       has_any(selected->after, change->after, change->after_count);
}

static int put_changes(struct vm_watch_lines *lines, const struct tui_sample *before,
		       const struct tui_sample *after, const struct vm_changes *changes)
{
	struct selected selected = { 0 };
	int r = select_mappings(lines->options, &before->snapshot, &after->snapshot, &selected);

	for (size_t i = 0; r == 0 && i < changes->count; i++) {
		const struct vm_change *change = &changes->items[i];
		struct vm_event event;

		if (!is_selected(&selected, change))
			continue;
		event = vm_event_of(change, &before->snapshot, &after->snapshot,
				    after->realtime_ns);
		r = put_event(lines, vm_process_number(&after->process), &event);
	}
	selected_deinit(&selected);
	return r;
}

int vm_watch_changes(struct vm_watch_lines *lines, const struct tui_sample *before,
		     const struct tui_sample *after)
{
	struct vm_changes changes = { 0 };
	int r = vm_changes_find(&before->snapshot, &after->snapshot, &changes);

	/* Mostly nothing changed: then nothing need be selected. */
	if (r == 0 && changes.count)
		r = put_changes(lines, before, after, &changes);
	vm_changes_deinit(&changes);
	return r;
}

/* What happened to the process itself: @name in JSON, in text the caller puts the words. */
static void begin_remark(struct vm_watch_lines *lines, const char *name, pid_t pid,
			 int64_t realtime_ns)
{
	begin_line(lines, pid, realtime_ns);
	if (lines->objects)
		vm_json_text(&lines->json, "event", name);
	else
		vm_buf_put_text(&lines->text, "* ");
}

int vm_watch_executed(struct vm_watch_lines *lines, const struct tui_sample *sample)
{
	const struct vm_process *process = &sample->process;

	begin_remark(lines, "executed", vm_process_number(process), sample->realtime_ns);
	if (lines->objects)
		vm_json_bytes(&lines->json, "command", vm_buf_str(&process->comm));
	else
		vm_event_put_executed(&lines->text, process);
	return finish_line(lines);
}

int vm_watch_ended(struct vm_watch_lines *lines, pid_t pid, int64_t realtime_ns)
{
	begin_remark(lines, "ended", pid, realtime_ns);
	if (!lines->objects)
		vm_buf_put_text(&lines->text, VM_EVENT_ENDED);
	return finish_line(lines);
}

static const enum vm_measure measures[] = {
	VM_MEASURE_SIZE, VM_MEASURE_RSS, VM_MEASURE_PSS, VM_MEASURE_USS, VM_MEASURE_SWAP,
};
static const char *const titles[] = { "SIZE", "RSS", "PSS", "USS", "SWAP" };
#define MEASURE_COUNT (sizeof(measures) / sizeof(measures[0]))

/* Of sums in each style, which stand below each other. */
static const unsigned sum_widths[] = {
	[VM_SIZE_HUMAN] = 5,
	[VM_SIZE_KIB] = 10,
	[VM_SIZE_BYTES] = 14,
};
#define MAPS_WIDTH 6

int vm_watch_begin(struct vm_watch_lines *lines)
{
	unsigned width = sum_widths[lines->options->units];

	if (lines->options->task != VM_TASK_WATCH_SUMS || lines->options->no_headings ||
	    lines->objects)
		return 0;
	vm_buf_put_text(&lines->text,
			lines->several ? "TIME              PID  " : "TIME          ");
	vm_buf_put_right(&lines->text, VM_STR("MAPS"), MAPS_WIDTH);
	for (size_t i = 0; i < MEASURE_COUNT; i++) {
		vm_buf_put_char(&lines->text, ' ');
		vm_buf_put_right(&lines->text, vm_str_from(titles[i]), width);
	}
	return finish_line(lines);
}

/* Of what is selected. */
struct sums {
	uint64_t mappings;
	uint64_t values[MEASURE_COUNT];
	bool known[MEASURE_COUNT]; /* some mapping reported it */
};

/* Without mappings there is nothing of anything. */
static bool is_known(const struct sums *sums, size_t i)
{
	return sums->known[i] || !sums->mappings;
}

static void add(struct sums *sums, const struct vm_mapping *m)
{
	sums->mappings++;
	for (size_t i = 0; i < MEASURE_COUNT; i++) {
		sums->known[i] |= vm_measure_has(m, measures[i]);
		sums->values[i] = vm_add_capped(sums->values[i], vm_measure_of(m, measures[i]));
	}
}

static int sum_up(const struct vm_watch_lines *lines, const struct vm_snapshot *snapshot,
		  struct sums *sums)
{
	bool *selected = NULL;
	int r = 0;

	if (lines->options->selects)
		r = vm_selection_mark(&lines->options->selection, snapshot, &selected);
	for (size_t i = 0; r == 0 && i < snapshot->count; i++) {
		if (!selected || selected[i])
			add(sums, &snapshot->mappings[i]);
	}
	free(selected);
	return r;
}

static void put_sums_object(struct vm_watch_lines *lines, const struct sums *sums)
{
	vm_json_text(&lines->json, "event", "totals");
	vm_json_number(&lines->json, "mappings", sums->mappings);
	for (size_t i = 0; i < MEASURE_COUNT; i++) {
		if (is_known(sums, i))
			vm_json_number(&lines->json, vm_measure_name(measures[i]), sums->values[i]);
	}
}

static void put_sums(struct vm_watch_lines *lines, const struct sums *sums)
{
	enum vm_size_style units = lines->options->units;
	struct vm_buf cell = { 0 };

	vm_buf_put_dec(&lines->text, sums->mappings, MAPS_WIDTH, ' ');
	for (size_t i = 0; i < MEASURE_COUNT; i++) {
		vm_buf_clear(&cell);
		if (is_known(sums, i))
			vm_size_put(&cell, sums->values[i], units);
		else
			vm_buf_put_char(&cell, '-');
		vm_buf_put_char(&lines->text, ' ');
		vm_buf_put_right(&lines->text, vm_buf_str(&cell), sum_widths[units]);
	}
	lines->text.failed |= cell.failed;
	vm_buf_deinit(&cell);
}

int vm_watch_sums(struct vm_watch_lines *lines, const struct tui_sample *sample)
{
	struct sums sums = { 0 };
	int r = sum_up(lines, &sample->snapshot, &sums);

	if (r < 0)
		return r;
	begin_line(lines, vm_process_number(&sample->process), sample->realtime_ns);
	if (lines->objects)
		put_sums_object(lines, &sums);
	else
		put_sums(lines, &sums);
	return finish_line(lines);
}
