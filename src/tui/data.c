#include "data.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmview/safe.h"

static void clear_log(struct tui_data *data)
{
	for (size_t i = 0; i < data->log_count; i++)
		free(data->log[i].text);
	free(data->log);
}

void tui_data_deinit(struct tui_data *data)
{
	vm_snapshot_deinit(&data->now);
	tui_sample_deinit(&data->lender);
	free(data->marks);
	vm_process_deinit(&data->process);
	free(data->ghosts);
	vm_arena_deinit(&data->ghost_text);
	clear_log(data);
	free(data->base);
	*data = (struct tui_data){ 0 };
}

/* The oldest tenth makes room at once, so that not every entry moves all the others. */
static void forget_oldest(struct tui_data *data)
{
	size_t old = TUI_LOG_LIMIT / 10;

	for (size_t i = 0; i < old; i++)
		free(data->log[i].text);
	data->log_count -= old;
	memmove(data->log, data->log + old, data->log_count * sizeof(*data->log));
}

/* A new entry, zeroed, or NULL. */
static struct tui_log_entry *add_entry(struct tui_data *data, int64_t realtime_ns)
{
	if (data->log_count == TUI_LOG_LIMIT)
		forget_oldest(data);
	if (data->log_count == data->log_cap) {
		size_t cap = data->log_cap ? data->log_cap * 2 : 64;
		struct tui_log_entry *log = reallocarray(data->log, cap, sizeof(*log));

		if (!log)
			return NULL;
		data->log = log;
		data->log_cap = cap;
	}
	data->log_total++;
	data->log[data->log_count] = (struct tui_log_entry){
		.event = { .realtime_ns = realtime_ns, .change = VM_CHANGE_COUNT },
	};
	return &data->log[data->log_count++];
}

void tui_data_remark(struct tui_data *data, int64_t realtime_ns, const char *text)
{
	struct tui_log_entry *entry = add_entry(data, realtime_ns);

	if (entry)
		entry->text = strdup(text);
}

char *tui_copy_safe(struct vm_str foreign)
{
	struct vm_buf text = { 0 };

	vm_safe_put(&text, foreign);
	vm_buf_put_char(&text, '\0');
	if (text.failed)
		vm_buf_deinit(&text);
	return text.p;
}

/* The name of the event dies with its snapshot. */
static void log_event(struct tui_data *data, const struct vm_event *event)
{
	struct tui_log_entry *entry = add_entry(data, event->realtime_ns);

	if (!entry)
		return;
	entry->text = tui_copy_safe(vm_event_name(event));
	entry->event = *event;
	entry->event.mapping.name = (struct vm_str){ 0 };
}

static int copy_ghost(struct vm_arena *arena, const struct vm_mapping *mapping, uint8_t age,
		      struct tui_ghost *ghost)
{
	*ghost = (struct tui_ghost){ *mapping, age };
	/* Numbers of what is gone are gone with it. */
	ghost->mapping.usage = (struct vm_usage){ 0 };
	ghost->mapping.vm_flags = (struct vm_str){ 0 };
	return vm_arena_copy(arena, mapping->name, &ghost->mapping.name);
}

static size_t count_gone(const struct vm_changes *changes)
{
	size_t count = 0;

	for (size_t i = 0; i < changes->count; i++) {
		if (changes->items[i].type == VM_CHANGE_GONE)
			count += changes->items[i].before_count;
	}
	return count;
}

/* By address. The array is short, and sorted but for what was just added. */
static int compare_ghosts(const void *a, const void *b)
{
	const struct tui_ghost *x = a, *y = b;

	return (x->mapping.start > y->mapping.start) - (x->mapping.start < y->mapping.start);
}

static unsigned mark_age(const struct tui_data *data)
{
	return data->guided ? TUI_GUIDED_MARK_AGE : TUI_MARK_AGE;
}

/* Those of before grow older, those of @changes join them. */
static int renew_ghosts(struct tui_data *data, const struct vm_snapshot *before,
			const struct vm_changes *changes)
{
	size_t room = data->ghost_count + count_gone(changes), count = 0;
	struct tui_ghost *ghosts = room ? reallocarray(NULL, room, sizeof(*ghosts)) : NULL;
	struct vm_arena text = { 0 };
	int r = room && !ghosts ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && i < data->ghost_count; i++) {
		if (data->ghosts[i].age + 1U < mark_age(data))
			r = copy_ghost(&text, &data->ghosts[i].mapping,
				       (uint8_t)(data->ghosts[i].age + 1), &ghosts[count++]);
	}
	for (size_t i = 0; r == 0 && i < changes->count; i++) {
		const struct vm_change *change = &changes->items[i];

		if (change->type != VM_CHANGE_GONE)
			continue;
		for (size_t j = 0; r == 0 && j < change->before_count; j++)
			r = copy_ghost(&text, &before->mappings[change->before + j], 0,
				       &ghosts[count++]);
	}
	if (r < 0) {
		free(ghosts);
		vm_arena_deinit(&text);
		return r;
	}
	if (count)
		qsort(ghosts, count, sizeof(*ghosts), compare_ghosts);
	free(data->ghosts);
	vm_arena_deinit(&data->ghost_text);
	data->ghosts = ghosts;
	data->ghost_count = count;
	data->ghost_text = text;
	return 0;
}

/* Marks of before that are young enough go on with the mapping at the same address. */
static void carry_marks(const struct tui_data *data, const struct vm_snapshot *next,
			struct tui_mark *marks)
{
	size_t at = 0;

	if (!data->marks)
		return;
	for (size_t i = 0; i < next->count; i++) {
		while (at < data->now.count &&
		       data->now.mappings[at].start < next->mappings[i].start)
			at++;
		if (at == data->now.count)
			return;
		if (data->now.mappings[at].start == next->mappings[i].start &&
		    data->marks[at].change && data->marks[at].age + 1U < mark_age(data))
			marks[i] = (struct tui_mark){ data->marks[at].change,
						      (uint8_t)(data->marks[at].age + 1) };
	}
}

static void set_marks(const struct vm_changes *changes, struct tui_mark *marks)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct vm_change *change = &changes->items[i];

		for (size_t j = 0; j < change->after_count; j++)
			marks[change->after + j] =
				(struct tui_mark){ (uint8_t)(change->type + 1), 0 };
	}
}

static void log_changes(struct tui_data *data, const struct vm_snapshot *before,
			const struct vm_snapshot *after, const struct vm_changes *changes,
			int64_t realtime_ns)
{
	for (size_t i = 0; i < changes->count; i++) {
		struct vm_event event = vm_event_of(&changes->items[i], before, after, realtime_ns);

		log_event(data, &event);
	}
}

/* Find, mark and log what turned the present snapshot into @next. */
static int compare(struct tui_data *data, const struct vm_snapshot *next, int64_t realtime_ns,
		   struct tui_mark *marks)
{
	struct vm_changes changes = { 0 };
	int r = vm_changes_find(&data->now, next, &changes);

	if (r == 0) {
		carry_marks(data, next, marks);
		set_marks(&changes, marks);
		log_changes(data, &data->now, next, &changes, realtime_ns);
		r = renew_ghosts(data, &data->now, &changes);
	}
	vm_changes_deinit(&changes);
	return r;
}

void tui_data_sum(struct tui_data *data)
{
	data->total = (struct vm_totals){ 0 };
	memset(data->by_kind, 0, sizeof(data->by_kind));
	for (size_t i = 0; i < data->now.count; i++) {
		const struct vm_mapping *m = &data->now.mappings[i];

		vm_totals_add(&data->total, m);
		vm_totals_add(&data->by_kind[m->kind], m);
	}
}

static void remember(struct tui_data *data, uint64_t rss)
{
	if (data->history_count == TUI_HISTORY) {
		data->history_count--;
		memmove(data->history, data->history + 1,
			data->history_count * sizeof(*data->history));
	}
	data->history[data->history_count++] = rss;
}

/*
 * A process that executes a program keeps its number and gets a new address space. What the old one had is no change of
 * the new one.
 */
static bool has_executed(const struct tui_data *data, const struct tui_sample *sample)
{
	return data->has_now && sample->program != data->program;
}

static void forget_all_marks(struct tui_data *data)
{
	free(data->marks);
	data->marks = NULL;
	data->ghost_count = 0;
}

void tui_data_forget_marks(struct tui_data *data, uint8_t age)
{
	size_t count = 0;

	for (size_t i = 0; data->marks && i < data->now.count; i++) {
		if (data->marks[i].age >= age)
			data->marks[i] = (struct tui_mark){ 0 };
	}
	for (size_t i = 0; i < data->ghost_count; i++) {
		if (data->ghosts[i].age < age)
			data->ghosts[count++] = data->ghosts[i];
	}
	data->ghost_count = count;
}

void tui_data_age_marks(struct tui_data *data)
{
	for (size_t i = 0; data->marks && i < data->now.count; i++) {
		if (data->marks[i].change && !data->marks[i].age)
			data->marks[i].age = 1;
	}
	for (size_t i = 0; i < data->ghost_count; i++) {
		if (!data->ghosts[i].age)
			data->ghosts[i].age = 1;
	}
}

static void start_afresh(struct tui_data *data, const struct tui_sample *sample)
{
	struct vm_buf text = { 0 };

	/* Between frames it may be another process, or an earlier program. */
	if (sample->is_frame) {
		vm_buf_put_text(&text, "another program");
		vm_buf_put_text(&text, sample->process.comm.len ? ", " : "");
		vm_safe_put(&text, vm_buf_str(&sample->process.comm));
		vm_buf_put_text(&text, ": the list starts afresh");
	} else {
		vm_event_put_executed(&text, &sample->process);
	}
	vm_buf_put_char(&text, '\0');
	if (!text.failed)
		tui_data_remark(data, sample->realtime_ns, text.p);
	vm_buf_deinit(&text);
	vm_snapshot_deinit(&data->now);
	forget_all_marks(data);
	data->executed = true;
	data->has_now = data->has_base = data->base_chosen = false;
	data->history_count = 0;
}

/* Whether what is compared is not one frame and the next: the log is no story then. */
static bool has_jumped(const struct tui_data *data, const struct tui_sample *sample)
{
	return sample->is_frame && data->has_now && sample->frame != data->frame + 1;
}

/* People count from 1. */
static void remark_jump(struct tui_data *data, const struct tui_sample *sample)
{
	char text[80];

	snprintf(text, sizeof(text), "frame %zu, compared with frame %zu:", sample->frame + 1,
		 data->frame + 1);
	tui_data_remark(data, sample->realtime_ns, text);
}

static void take_facts(struct tui_data *data, struct tui_sample *sample)
{
	/* Of one that has gone since there are none. */
	if (sample->process.has_stat || !sample->gone) {
		vm_process_deinit(&data->process);
		data->process = sample->process;
		sample->process = (struct vm_process){ 0 };
	}
	data->report = sample->report;
	data->error = sample->error;
	data->fault = sample->fault;
	data->frame = sample->frame;
	if (sample->is_frame)
		data->max_map_count = sample->max_map_count;
	data->begun_ns = sample->begun_ns;
	data->cost_ns = sample->cost_ns;
	data->interval_ns = sample->interval_ns;
	data->detail = sample->detail;
	data->program = sample->program;
}

static int take_snapshot(struct tui_data *data, struct tui_sample *sample)
{
	size_t count = sample->snapshot.count;
	struct tui_mark *marks = calloc(count ? count : 1, sizeof(*marks));
	int r = 0;

	/*
	 * What could not be read is not gone, and what can be read again is not new. There is nothing to be read of a
	 * process whose main thread has ended. Marks of a frame are those of the step to it.
	 */
	if (sample->is_frame)
		forget_all_marks(data);
	if (sample->error || data->error || !count || !data->now.count)
		data->ghost_count = 0;
	else if (marks && data->has_now)
		r = compare(data, &sample->snapshot, sample->realtime_ns, marks);
	vm_snapshot_deinit(&data->now);
	free(data->marks);
	data->now = sample->snapshot;
	data->marks = marks;
	sample->snapshot = (struct vm_snapshot){ 0 };
	data->has_now = true;
	data->has_usage = sample->detail == VM_DETAIL_SMAPS && (sample->error == 0 || count);
	data->filled = 0;
	return marks ? r : -ENOMEM;
}

static void take_end(struct tui_data *data, int64_t realtime_ns)
{
	data->gone = true;
	data->gone_ns = realtime_ns;
	tui_data_remark(data, realtime_ns, VM_EVENT_ENDED);
}

/*
 * What was read while the process went may lack its end, and then the snapshot before is worth more: unless there is none, or
 * it reaches as far. At the top of the address space nothing comes or goes.
 */
static bool is_whole(const struct tui_data *data, const struct tui_sample *sample)
{
	const struct vm_snapshot *now = &data->now, *next = &sample->snapshot;

	if (!next->count)
		return false;
	return !now->count || has_executed(data, sample) ||
	       next->mappings[next->count - 1].end >= now->mappings[now->count - 1].end;
}

static int take_whole(struct tui_data *data, struct tui_sample *sample)
{
	int r;

	if (has_executed(data, sample))
		start_afresh(data, sample);
	else if (has_jumped(data, sample))
		remark_jump(data, sample);
	r = take_snapshot(data, sample);
	tui_data_sum(data);
	if (data->has_usage) {
		data->refreshes++;
		remember(data, data->total.sums[VM_FIELD_RSS]);
		if (!data->has_base && tui_data_set_base(data) < 0)
			r = -ENOMEM;
	}
	take_facts(data, sample);
	return r;
}

int tui_data_take(struct tui_data *data, struct tui_sample *sample)
{
	int64_t realtime_ns = sample->realtime_ns;
	bool gone = sample->gone;
	int r = 0;

	if (gone && !is_whole(data, sample)) {
		/* Numbers in what stays may have been borrowed from it. */
		data->lender = *sample;
		*sample = (struct tui_sample){ 0 };
	} else {
		if (gone)
			sample->error = 0;
		r = take_whole(data, sample);
	}
	if (gone)
		take_end(data, realtime_ns);
	tui_sample_deinit(sample);
	return r;
}

int tui_data_set_base(struct tui_data *data)
{
	size_t count = data->now.count;
	struct tui_base *base = reallocarray(data->base, count ? count : 1, sizeof(*base));

	if (!base)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct vm_mapping *m = &data->now.mappings[i];

		base[i] = (struct tui_base){ m->start, m->end,
					     vm_usage_get(&m->usage, VM_FIELD_RSS) };
	}
	data->base = base;
	data->base_count = count;
	data->has_base = data->has_usage;
	return 0;
}

/* The first of the baseline that ends above @address. */
static size_t find_base(const struct tui_data *data, uint64_t address)
{
	size_t low = 0, high = data->base_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (data->base[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether the mapping before @mapping in the snapshot holds @address. */
static bool belongs_to_previous(const struct tui_data *data, const struct vm_mapping *mapping,
				uint64_t address)
{
	return mapping > data->now.mappings && mapping[-1].end > address;
}

/*
 * A mapping of the baseline counts for the present one that holds its first byte, or where that is gone the
 * first of what is left, so that splits and merges are counted once.
 */
bool tui_data_delta(const struct tui_data *data, const struct vm_mapping *mapping, int64_t *delta)
{
	uint64_t before = 0;

	if (!data->has_base || !vm_usage_has(&mapping->usage, VM_FIELD_RSS))
		return false;
	for (size_t i = find_base(data, mapping->start);
	     i < data->base_count && data->base[i].start < mapping->end; i++) {
		if (!belongs_to_previous(data, mapping, data->base[i].start))
			before += data->base[i].rss;
	}
	*delta = (int64_t)(vm_usage_get(&mapping->usage, VM_FIELD_RSS) - before);
	return true;
}
