/*
 * From text of maps or smaps to all that is ever written or drawn of it: one row of the table for each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "screen.h"
#include "vmview/capture.h"
#include "vmview/difference_table.h"
#include "vmview/event.h"
#include "vmview/explain.h"
#include "vmview/json_mapping.h"
#include "vmview/pmap.h"
#include "vmview/safe.h"
#include "vmview/scan.h"
#include "vmview/table.h"

/* More shows nothing new, and each row of the table goes over it. */
#define SIZE_LIMIT 32768

/* Of mappings, where each costs much. */
#define MAPPING_LIMIT 32

struct subject {
	struct vm_snapshot snapshot;
	struct vm_process process;
};

enum reader { FOR_TERMINAL, FOR_COLOUR_TERMINAL, FOR_CRLF_TERMINAL, FOR_FILE };

struct writer {
	const char *name;
	enum reader reader; /* decides what may stand in the text */
	void (*write)(const struct writer *writer, const struct subject *subject,
		      struct vm_buf *text);
	/* What else holds of the text, or NULL. */
	void (*check)(const struct writer *writer, const struct subject *subject,
		      struct vm_str text);
	struct vm_pmap_options pmap;
	enum vm_size_style units; /* of a table */
	enum vm_pairing pairing;  /* of differences */
};

/* pmap's formats */

static int write_rows(struct vm_pmap *pmap, const struct subject *subject)
{
	const struct vm_snapshot *snapshot = &subject->snapshot;
	int r;

	if (vm_pmap_needs_all(pmap->options.format))
		return vm_pmap_write_all(pmap, snapshot->mappings, snapshot->count);
	r = vm_pmap_begin(pmap, &subject->process, true);
	for (size_t i = 0; r == 0 && i < snapshot->count; i++)
		r = vm_pmap_add(pmap, &snapshot->mappings[i]);
	return r < 0 ? r : vm_pmap_end(pmap);
}

static void write_pmap(const struct writer *writer, const struct subject *subject,
		       struct vm_buf *text)
{
	struct vm_pmap_options options = writer->pmap;
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	struct vm_pmap pmap;
	int r;

	promise(out);
	options.high = UINT64_MAX;
	options.palette =
		vm_palette_of(writer->reader == FOR_COLOUR_TERMINAL ? VM_DEPTH_256 : VM_DEPTH_NONE);
	vm_pmap_init(&pmap, &options, out);
	r = write_rows(&pmap, subject);
	promise(r == 0 || (r == -E2BIG && vm_pmap_needs_all(options.format)));
	vm_pmap_deinit(&pmap);
	promise(fclose(out) == 0);
	vm_buf_put(text, bytes, len);
	free(bytes);
}

/* Without titles and totals each line tells of one mapping: where it begins, and in three formats its size. */
static void check_ranges(const struct writer *writer, const struct subject *subject,
			 struct vm_str text)
{
	/* Refused for its many fields. */
	if (!text.len && vm_pmap_needs_all(writer->pmap.format))
		return;
	for (size_t i = 0; i < subject->snapshot.count; i++) {
		const struct vm_mapping *m = &subject->snapshot.mappings[i];
		struct vm_str line = fuzz_take_until(&text, '\n');
		uint64_t start, kb;

		vm_scan_blanks(&line);
		promise(vm_scan_hex(&line, &start) && start == m->start);
		promise(vm_scan_blanks(&line));
		if (vm_pmap_needs_all(writer->pmap.format))
			continue;
		promise(vm_scan_dec(&line, &kb) && kb == vm_mapping_size(m) / 1024);
	}
	promise(!text.len);
}

/* What stands in front of the mappings */

static void write_command(const struct writer *writer, const struct subject *subject,
			  struct vm_buf *text)
{
	vm_pmap_command(text, &subject->process, writer->pmap.utf8);
}

static void check_command(const struct writer *writer, const struct subject *subject,
			  struct vm_str text)
{
	(void)writer;
	(void)subject;
	fuzz_promise_sentence(text);
}

/* Captures */

static void write_capture(const struct writer *writer, const struct subject *subject,
			  struct vm_buf *text)
{
	(void)writer;
	for (size_t i = 0; i < subject->snapshot.count; i++)
		vm_capture_put(text, &subject->snapshot.mappings[i]);
}

static void check_capture(const struct writer *writer, const struct subject *subject,
			  struct vm_str text)
{
	struct vm_snapshot again = fuzz_snapshot(text);

	(void)writer;
	promise(again.count == subject->snapshot.count);
	for (size_t i = 0; i < again.count; i++)
		fuzz_promise_same(&again.mappings[i], &subject->snapshot.mappings[i]);
	vm_snapshot_deinit(&again);
}

/* Explanations */

static void write_explanations(const struct writer *writer, const struct subject *subject,
			       struct vm_buf *text)
{
	(void)writer;
	for (size_t i = 0; i < subject->snapshot.count && i < MAPPING_LIMIT; i++) {
		const struct vm_mapping *m = &subject->snapshot.mappings[i];

		vm_explain(text, m, i % 2 ? VM_STR("0123456789abcdef") : (struct vm_str){ 0 });
		vm_buf_put_char(text, '\n');
	}
}

/* Paragraphs are lines: none is empty. */
static void check_paragraphs(const struct writer *writer, const struct subject *subject,
			     struct vm_str text)
{
	(void)writer;
	promise(subject->snapshot.count == 0 || text.len);
	while (text.len)
		promise(fuzz_take_until(&text, '\n').len);
}

/* Tables */

/* Every column that there is; fields of smaps that have one of another name stand there twice. */
static size_t all_columns(enum vm_column columns[VM_COLUMN_COUNT])
{
	for (enum vm_column column = 0; column < VM_COLUMN_COUNT; column++)
		columns[column] = column;
	return VM_COLUMN_COUNT;
}

static void put_stream(FILE *out, char **bytes, const size_t *len, struct vm_buf *text)
{
	promise(fclose(out) == 0);
	vm_buf_put(text, *bytes, *len);
	free(*bytes);
}

static void write_table(const struct writer *writer, const struct subject *subject,
			struct vm_buf *text)
{
	enum vm_column columns[VM_COLUMN_COUNT];
	struct vm_table table = { columns, all_columns(columns), writer->units, true, false };
	uint32_t *rows = calloc(subject->snapshot.count + 1, sizeof(*rows));
	char *bytes = NULL;
	size_t len = 0, count;
	FILE *out = open_memstream(&bytes, &len);

	promise(rows && out);
	count = vm_select(&subject->snapshot, NULL, VM_SORT_SIZE, false, rows);
	promise(count == subject->snapshot.count);
	promise(vm_table_write(&table, &subject->snapshot, rows, count, out) == 0);
	free(rows);
	put_stream(out, &bytes, &len, text);
}

static void write_csv(const struct writer *writer, const struct subject *subject,
		      struct vm_buf *text)
{
	enum vm_column columns[VM_COLUMN_COUNT];
	struct vm_csv csv = { .columns = columns, .count = all_columns(columns) };
	char *bytes = NULL;
	size_t len = 0;

	csv.terminal = writer->reader != FOR_FILE;
	csv.out = open_memstream(&bytes, &len);
	promise(csv.out);
	promise(vm_csv_begin(&csv) == 0);
	for (size_t i = 0; i < subject->snapshot.count; i++)
		promise(vm_csv_add(&csv, 7, &subject->snapshot.mappings[i]) == 0);
	put_stream(csv.out, &bytes, &len, text);
	vm_buf_put_str(text, vm_buf_str(&csv.text));
	vm_buf_deinit(&csv.text);
}

/* Records, of so many values each: quotes and separators are where they have to be. */
static void check_csv(const struct writer *writer, const struct subject *subject,
		      struct vm_str text)
{
	size_t records = 0, values = 1;
	bool quoted = false;

	(void)writer;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		quoted ^= c == '"';
		values += c == ',' && !quoted;
		if (c != '\n' || quoted)
			continue;
		promise(values == VM_COLUMN_COUNT + 1);
		values = 1;
		records++;
	}
	promise(!quoted && values == 1);
	promise(records == subject->snapshot.count + 1);
}

/* Differences and changes: of some of the mappings, and all of them */

static struct vm_snapshot some_of(const struct vm_snapshot *snapshot)
{
	struct vm_snapshot some = { 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		if (i % 3)
			promise(vm_snapshot_add(&some, &snapshot->mappings[i]) == 0);
	}
	return some;
}

static void write_differences(const struct writer *writer, const struct subject *subject,
			      struct vm_buf *text)
{
	static const struct vm_selection all;
	enum vm_column columns[VM_COLUMN_COUNT];
	struct vm_difference_table table = { columns, all_columns(columns), writer->units, true,
					     false };
	struct vm_snapshot some = some_of(&subject->snapshot);
	struct vm_difference difference = { 0 };
	char *bytes = NULL;
	size_t len = 0, count;
	FILE *out = open_memstream(&bytes, &len);
	uint32_t *rows;

	promise(vm_difference_make(&some, &subject->snapshot, writer->pairing, &difference) == 0);
	rows = calloc(difference.count + 1, sizeof(*rows));
	promise(rows && out);
	promise(vm_difference_select(&difference, &all, VM_COLUMN_RSS, false, rows, &count) == 0);
	promise(count == difference.count);
	promise(vm_difference_write(&table, &difference, rows, count, out) == 0);
	put_stream(out, &bytes, &len, text);
	free(rows);
	vm_difference_deinit(&difference);
	vm_snapshot_deinit(&some);
}

static void write_difference_objects(const struct writer *writer, const struct subject *subject,
				     struct vm_buf *text)
{
	struct vm_snapshot some = some_of(&subject->snapshot);
	struct vm_difference difference = { 0 };
	struct vm_difference_json objects;
	struct vm_json json = { .text = text };
	uint32_t *rows;

	promise(vm_difference_make(&some, &subject->snapshot, writer->pairing, &difference) == 0);
	rows = calloc(difference.count + 1, sizeof(*rows));
	promise(rows);
	vm_difference_json_init(&objects, &json, &difference, NULL, 0);
	vm_json_array(&json, NULL);
	for (size_t i = 0; i < difference.count; i++) {
		vm_json_object(&json, NULL);
		vm_difference_json_row(&objects, &difference.rows[i]);
		vm_json_end(&json);
		rows[i] = (uint32_t)i;
	}
	vm_json_object(&json, NULL);
	vm_difference_json_totals(&objects, rows, difference.count);
	vm_json_end(&json);
	vm_json_end(&json);
	vm_difference_json_deinit(&objects);
	free(rows);
	vm_difference_deinit(&difference);
	vm_snapshot_deinit(&some);
}

static void write_events(const struct writer *writer, const struct subject *subject,
			 struct vm_buf *text)
{
	struct vm_snapshot some = some_of(&subject->snapshot);
	struct vm_changes changes = { 0 };

	promise(vm_changes_find(&some, &subject->snapshot, &changes) == 0);
	for (size_t i = 0; i < changes.count; i++) {
		struct vm_event event =
			vm_event_of(&changes.items[i], &some, &subject->snapshot, (int64_t)i);

		vm_event_put_time(text, event.realtime_ns);
		vm_event_put(text, &event, writer->units);
		vm_safe_put(text, vm_event_name(&event));
		vm_buf_put_char(text, '\n');
	}
	vm_event_put_executed(text, &subject->process);
	vm_changes_deinit(&changes);
	vm_snapshot_deinit(&some);
}

static void write_event_objects(const struct writer *writer, const struct subject *subject,
				struct vm_buf *text)
{
	struct vm_snapshot some = some_of(&subject->snapshot);
	struct vm_changes changes = { 0 };
	struct vm_json json = { .text = text };
	struct vm_json_mappings mappings;
	uint64_t time = subject->snapshot.count + 1;

	(void)writer;
	promise(vm_changes_find(&some, &subject->snapshot, &changes) == 0);
	vm_event_json_init(&mappings, &json);
	vm_json_array(&json, NULL);
	for (size_t i = 0; i < changes.count; i++) {
		struct vm_event event =
			vm_event_of(&changes.items[i], &some, &subject->snapshot, 0);

		vm_json_object(&json, NULL);
		vm_json_time(&json, "time", (int64_t)fuzz_random(&time));
		vm_event_json(&mappings, &event);
		vm_json_end(&json);
	}
	vm_json_end(&json);
	vm_json_mappings_deinit(&mappings);
	vm_changes_deinit(&changes);
	vm_snapshot_deinit(&some);
}

/* JSON */

static void write_json(const struct writer *writer, const struct subject *subject,
		       struct vm_buf *text)
{
	struct vm_json json = { .text = text };
	struct vm_json_mappings mappings;

	(void)writer;
	vm_json_mappings_init(&mappings, &json, NULL, 0);
	vm_json_array(&json, NULL);
	for (size_t i = 0; i < subject->snapshot.count; i++) {
		vm_json_line(&json);
		vm_json_object(&json, NULL);
		promise(vm_json_mapping(&mappings, &subject->snapshot.mappings[i]) != -ENOMEM);
		vm_json_end(&json);
	}
	vm_json_object(&json, NULL);
	vm_json_totals(&mappings);
	vm_json_end(&json);
	vm_json_end(&json);
	vm_json_mappings_deinit(&mappings);
}

/* What is open is closed, and strings end. Returns how many objects there are. */
static size_t count_objects(struct vm_str text)
{
	size_t open = 0, objects = 0;
	bool string = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (string && c == '\\') {
			i++;
			continue;
		}
		string ^= c == '"';
		promise(string || !strchr("]}", c) || open);
		open += !string && strchr("[{", c);
		open -= !string && strchr("]}", c);
		objects += !string && c == '{';
	}
	promise(!open && !string);
	return objects;
}

static void check_json(const struct writer *writer, const struct subject *subject,
		       struct vm_str text)
{
	(void)writer;
	/* One more has the sums. */
	promise(count_objects(text) == subject->snapshot.count + 1);
}

static void check_objects(const struct writer *writer, const struct subject *subject,
			  struct vm_str text)
{
	(void)writer;
	(void)subject;
	count_objects(text);
}

/* The live view */

static void draw_screens(const struct writer *writer, const struct subject *subject,
			 struct vm_buf *text)
{
	struct tui_app app = fuzz_app(writer->pmap.utf8);
	struct vm_buf capture = { 0 };

	(void)text;
	write_capture(writer, subject, &capture);
	fuzz_app_feed(&app, vm_buf_str(&capture));
	for (enum tui_screen_id screen = 0; screen < TUI_SCREEN_COUNT; screen++) {
		tui_app_step(&app, TUI_SCREEN, screen);
		fuzz_app_draw(&app, 80, 24);
	}
	tui_app_step(&app, TUI_SCREEN, TUI_SCREEN_LIST);
	tui_app_step(&app, TUI_EXPLAIN, 0);
	fuzz_app_draw(&app, 132, 43);
	fuzz_app_draw(&app, 7, 3);
	vm_buf_deinit(&capture);
	tui_app_deinit(&app);
}

#define PMAP(...) .write = write_pmap, .pmap = { .format = __VA_ARGS__ }

static const struct writer writers[] = {
	{ "pmap", FOR_TERMINAL, PMAP(VM_PMAP_DEFAULT) },
	{ "pmap -x", FOR_TERMINAL, PMAP(VM_PMAP_EXTENDED) },
	{ "pmap -d", FOR_TERMINAL, PMAP(VM_PMAP_DEVICE) },
	{ "pmap -X", FOR_TERMINAL, PMAP(VM_PMAP_FULL) },
	{ "pmap -XX", FOR_TERMINAL, PMAP(VM_PMAP_ALL) },
	{ "pmap -q", FOR_TERMINAL, .check = check_ranges, PMAP(VM_PMAP_DEFAULT, .quiet = true) },
	{ "pmap -xqp", FOR_TERMINAL, .check = check_ranges,
	  PMAP(VM_PMAP_EXTENDED, .quiet = true, .show_path = true) },
	{ "pmap -dqk", FOR_TERMINAL, .check = check_ranges,
	  PMAP(VM_PMAP_DEVICE, .quiet = true, .kernel_names = true) },
	{ "pmap -Xqp", FOR_TERMINAL, .check = check_ranges,
	  PMAP(VM_PMAP_FULL, .quiet = true, .show_path = true) },
	{ "pmap -XXq", FOR_TERMINAL, .check = check_ranges, PMAP(VM_PMAP_ALL, .quiet = true) },
	{ "pmap in colour", FOR_COLOUR_TERMINAL, PMAP(VM_PMAP_DEFAULT) },
	{ "pmap -X in colour", FOR_COLOUR_TERMINAL, PMAP(VM_PMAP_FULL) },
	{ "command", FOR_TERMINAL, write_command, .check = check_command,
	  .pmap = { .utf8 = false } },
	{ "command in UTF-8", FOR_TERMINAL, write_command, .check = check_command,
	  .pmap = { .utf8 = true } },
	{ "capture", FOR_FILE, write_capture, .check = check_capture },
	{ "table", FOR_TERMINAL, write_table, .units = VM_SIZE_HUMAN },
	{ "table in bytes", FOR_TERMINAL, write_table, .units = VM_SIZE_BYTES },
	{ "CSV", FOR_FILE, write_csv, .check = check_csv },
	{ "CSV on a terminal", FOR_CRLF_TERMINAL, write_csv, .check = check_csv },
	{ "differences", FOR_TERMINAL, write_differences, .pairing = VM_PAIRING_ADDRESS },
	{ "differences by name", FOR_TERMINAL, write_differences, .pairing = VM_PAIRING_NAME },
	{ "events", FOR_TERMINAL, write_events, .units = VM_SIZE_KIB },
	{ "differences in JSON", FOR_TERMINAL, write_difference_objects, .check = check_objects,
	  .pairing = VM_PAIRING_ADDRESS },
	{ "differences by name in JSON", FOR_TERMINAL, write_difference_objects,
	  .check = check_objects, .pairing = VM_PAIRING_NAME },
	{ "events in JSON", FOR_TERMINAL, write_event_objects, .check = check_objects },
	{ "JSON", FOR_TERMINAL, write_json, .check = check_json },
	{ "explanation", FOR_TERMINAL, write_explanations, .check = check_paragraphs },
	{ "screens", FOR_TERMINAL, draw_screens, .pmap = { .utf8 = false } },
	{ "screens in UTF-8", FOR_TERMINAL, draw_screens, .pmap = { .utf8 = true } },
};

/* The sequence that @text begins with and that a palette has on purpose, or 0. */
static size_t sequence_length(struct vm_str text)
{
	const struct vm_palette *palette = vm_palette_of(VM_DEPTH_256);
	const char *sequences[VM_BACKING_COUNT + 3] = { palette->shared_on, palette->shared_off,
							palette->reset };

	for (enum vm_backing backing = 0; backing < VM_BACKING_COUNT; backing++)
		sequences[3 + backing] = palette->hue[backing];
	for (size_t i = 0; i < COUNT(sequences); i++) {
		if (vm_str_starts(text, vm_str_from(sequences[i])))
			return strlen(sequences[i]);
	}
	return 0;
}

/* What @writer means to write is taken out of @text; what is left must be safe. */
static size_t meant_length(const struct writer *writer, struct vm_str text)
{
	switch (writer->reader) {
	case FOR_COLOUR_TERMINAL:
		return sequence_length(text);
	case FOR_CRLF_TERMINAL:
		return vm_str_starts(text, VM_STR("\r\n"));
	case FOR_TERMINAL:
	case FOR_FILE:
		break;
	}
	return 0;
}

static void check_safety(const struct writer *writer, struct vm_str text)
{
	struct vm_buf plain = { 0 };

	while (text.len) {
		size_t n = meant_length(writer, text);

		if (!n)
			vm_buf_put_char(&plain, text.p[0]);
		text = vm_str_skip(text, n ? n : 1);
	}
	fuzz_promise_safe(vm_buf_str(&plain));
	vm_buf_deinit(&plain);
}

static void check_text(const struct writer *writer, const struct subject *subject,
		       struct vm_str text)
{
	if (writer->reader != FOR_FILE)
		check_safety(writer, text);
	if (writer->check)
		writer->check(writer, subject, text);
}

/* The bytes of the text are what the process is called, too. */
static struct subject make_subject(struct vm_str text)
{
	struct subject subject = { .snapshot = fuzz_snapshot(text) };
	struct vm_str name = { text.p, text.len < 96 ? text.len : 96 };

	subject.process.pid = 7;
	vm_buf_put_str(fuzz_hash(text) % 2 ? &subject.process.comm : &subject.process.cmdline,
		       name);
	return subject;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct subject subject =
		make_subject(fuzz_str(bytes, size < SIZE_LIMIT ? size : SIZE_LIMIT));

	for (size_t i = 0; i < COUNT(writers); i++) {
		struct vm_buf text = { 0 };

		writers[i].write(&writers[i], &subject, &text);
		promise(!text.failed);
		check_text(&writers[i], &subject, vm_buf_str(&text));
		vm_buf_deinit(&text);
	}
	vm_process_deinit(&subject.process);
	vm_snapshot_deinit(&subject.snapshot);
	return 0;
}
