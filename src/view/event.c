#include "vmview/event.h"

#include <time.h>

#include "vmview/kind.h"
#include "vmview/safe.h"

/* What there is now, rather than what there was; but a split leaves several, and what is gone nothing. */
static const struct vm_mapping *shown(const struct vm_change *change,
				      const struct vm_snapshot *before,
				      const struct vm_snapshot *after)
{
	if (change->type == VM_CHANGE_SPLIT || !change->after_count)
		return &before->mappings[change->before];
	return &after->mappings[change->after];
}

static uint32_t count_pieces(const struct vm_change *change)
{
	if (change->type == VM_CHANGE_SPLIT)
		return (uint32_t)(change->after_count - change->others);
	if (change->type == VM_CHANGE_MERGED)
		return (uint32_t)(change->before_count - change->others);
	return 0;
}

struct vm_event vm_event_of(const struct vm_change *change, const struct vm_snapshot *before,
			    const struct vm_snapshot *after, int64_t realtime_ns)
{
	struct vm_event event = {
		.realtime_ns = realtime_ns,
		.change = change->type,
		.mapping = *shown(change, before, after),
		.delta = change->delta,
		.pieces = count_pieces(change),
	};
	const char *old = change->before_count ? before->mappings[change->before].perms : NULL;

	event.mapping.usage = (struct vm_usage){ 0 };
	event.mapping.vm_flags = (struct vm_str){ 0 };
	if (old && memcmp(old, event.mapping.perms, sizeof(event.old_perms)) != 0)
		memcpy(event.old_perms, old, sizeof(event.old_perms));
	return event;
}

struct vm_str vm_event_name(const struct vm_event *event)
{
	return event->mapping.name.len ? event->mapping.name : vm_display_name(&event->mapping);
}

/* A recording may claim to be from before 1970. */
static time_t seconds_of(int64_t realtime_ns)
{
	return (time_t)(realtime_ns / 1000000000 - (realtime_ns % 1000000000 < 0));
}

static void put_ms(struct vm_buf *text, int64_t realtime_ns)
{
	int64_t ns = realtime_ns % 1000000000;

	vm_buf_put_char(text, '.');
	vm_buf_put_dec(text, (uint64_t)(ns < 0 ? ns + 1000000000 : ns) / 1000000, 3, '0');
}

static bool to_local(int64_t realtime_ns, struct tm *when)
{
	time_t seconds = seconds_of(realtime_ns);

	return localtime_r(&seconds, when);
}

void vm_event_put_date(struct vm_buf *text, int64_t realtime_ns)
{
	struct tm when;
	char date[32];

	if (to_local(realtime_ns, &when) && strftime(date, sizeof(date), "%F %T", &when))
		vm_buf_put_text(text, date);
}

void vm_event_put_clock(struct vm_buf *text, int64_t realtime_ns)
{
	struct tm when;
	char clock[16];

	if (to_local(realtime_ns, &when) && strftime(clock, sizeof(clock), "%T", &when))
		vm_buf_put_text(text, clock);
}

void vm_event_put_time(struct vm_buf *text, int64_t realtime_ns)
{
	vm_event_put_clock(text, realtime_ns);
	put_ms(text, realtime_ns);
}

static void put_delta(struct vm_buf *text, int64_t delta, enum vm_size_style units)
{
	if (!delta)
		return;
	vm_buf_put_text(text, delta < 0 ? " -" : " +");
	vm_size_put(text, delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta, units);
}

void vm_event_put_what(struct vm_buf *text, const struct vm_event *event, enum vm_size_style units)
{
	const struct vm_change_info *info = vm_change_info(event->change);

	vm_buf_put_char(text, info->mark);
	vm_buf_put_char(text, ' ');
	vm_buf_put_text(text, info->name);
	if (event->change != VM_CHANGE_NEW && event->change != VM_CHANGE_GONE)
		put_delta(text, event->delta, units);
	if (event->pieces) {
		vm_buf_put_text(text, event->change == VM_CHANGE_SPLIT ? " into " : " of ");
		vm_buf_put_dec(text, event->pieces, 0, ' ');
	}
	if (event->old_perms[0]) {
		vm_buf_put_text(text, " was ");
		vm_buf_put(text, event->old_perms, sizeof(event->old_perms));
	}
}

/* Wide enough for `= merged of 3 was rw-p`. */
#define WHAT_WIDTH 22

/* Of the longest kinds, and of sizes in each style. */
#define KIND_WIDTH 11
static const unsigned size_widths[] = {
	[VM_SIZE_HUMAN] = 5,
	[VM_SIZE_KIB] = 9,
	[VM_SIZE_BYTES] = 12,
};

void vm_event_put(struct vm_buf *text, const struct vm_event *event, enum vm_size_style units)
{
	const struct vm_kind_info *kind = vm_kind_info(event->mapping.kind);
	struct vm_buf cell = { 0 };

	vm_event_put_what(&cell, event, units);
	vm_buf_put_left(text, vm_buf_str(&cell), WHAT_WIDTH);
	vm_buf_put_char(text, ' ');
	vm_buf_put_hex(text, event->mapping.start, 12, ' ');
	vm_buf_put_char(text, ' ');
	vm_buf_clear(&cell);
	vm_size_put(&cell, vm_mapping_size(&event->mapping), units);
	vm_buf_put_right(text, vm_buf_str(&cell), size_widths[units]);
	vm_buf_put_char(text, ' ');
	vm_buf_put(text, event->mapping.perms, sizeof(event->mapping.perms));
	vm_buf_put_char(text, ' ');
	vm_buf_put_left(text, vm_str_from(kind->name), KIND_WIDTH);
	vm_buf_put_char(text, ' ');
	text->failed |= cell.failed;
	vm_buf_deinit(&cell);
}

void vm_event_put_executed(struct vm_buf *text, const struct vm_process *process)
{
	vm_buf_put_text(text, "executed ");
	vm_safe_put(text, vm_buf_str(&process->comm));
	vm_buf_put_text(text, ": the list starts afresh");
}

void vm_json_time(struct vm_json *json, const char *key, int64_t realtime_ns)
{
	time_t seconds = seconds_of(realtime_ns);
	struct vm_buf text = { 0 };
	struct tm when;
	char clock[32];

	if (gmtime_r(&seconds, &when) && strftime(clock, sizeof(clock), "%Y-%m-%dT%H:%M:%S", &when))
		vm_buf_put_text(&text, clock);
	put_ms(&text, realtime_ns);
	vm_buf_put_char(&text, 'Z');
	vm_json_string(json, key, vm_buf_str(&text));
	json->text->failed |= text.failed;
	vm_buf_deinit(&text);
}

void vm_event_json_init(struct vm_json_mappings *mappings, struct vm_json *json)
{
	static const enum vm_column columns[] = {
		VM_COLUMN_ADDRESS, VM_COLUMN_END,     VM_COLUMN_SIZE,   VM_COLUMN_PERMS,
		VM_COLUMN_BACKING, VM_COLUMN_SHARING, VM_COLUMN_KIND,   VM_COLUMN_FLAGS,
		VM_COLUMN_DELETED, VM_COLUMN_OFFSET,  VM_COLUMN_DEVICE, VM_COLUMN_INODE,
		VM_COLUMN_PATH,
	};

	vm_json_mappings_init(mappings, json, columns, sizeof(columns) / sizeof(columns[0]));
}

void vm_event_json(struct vm_json_mappings *mappings, const struct vm_event *event)
{
	struct vm_json *json = mappings->json;

	vm_json_text(json, "event", vm_change_info(event->change)->name);
	vm_json_signed(json, "delta", event->delta);
	if (event->pieces)
		vm_json_number(json, "pieces", event->pieces);
	if (event->old_perms[0])
		vm_json_string(json, "old_perms",
			       (struct vm_str){ event->old_perms, sizeof(event->old_perms) });
	/* Of chosen columns there is but one reason. */
	if (vm_json_mapping(mappings, &event->mapping) < 0)
		json->text->failed = true;
}
