/*
 * Reads real captures of many kernels and compares what is found in them with what an independent
 * program found.
 *
 *   test_corpus FOLDER
 *
 * FOLDER, or $VMVIEW_CORPUS where that is set, has the captures in open/ and the wanted results in
 * expected.json. Prints one result a file, in TAP; skips all where the folder is absent.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "vmview/sample.h"
#include "vmview/scan.h"

/* What is found in one capture, under the names of expected.json; each a new reference. */
struct summary {
	json_t *numbers; /* mappings, size_kib, shared, private, deleted, name_fields */
	json_t *perms, *size_kib_by_perms, *names;
	json_t *kb_sums, *plain_number_sums, *vmflags;
	json_t *fields; /* in order of first appearance, VmFlags excepted */
	bool has_flags;
};

static struct summary make_summary(void)
{
	return (struct summary){
		.numbers = json_pack("{s:i, s:i, s:i, s:i, s:i, s:i}", "mappings", 0, "size_kib", 0,
				     "shared", 0, "private", 0, "deleted", 0, "name_fields", 0),
		.perms = json_object(),
		.size_kib_by_perms = json_object(),
		.names = json_pack("{s:i, s:i, s:i, s:i, s:i, s:i}", "path", 0, "heap", 0, "stack",
				   0, "bracketed", 0, "anonymous", 0, "other", 0),
		.kb_sums = json_object(),
		.plain_number_sums = json_object(),
		.vmflags = json_object(),
		.fields = json_array(),
	};
}

static void summary_deinit(struct summary *summary)
{
	json_decref(summary->numbers);
	json_decref(summary->perms);
	json_decref(summary->size_kib_by_perms);
	json_decref(summary->names);
	json_decref(summary->kb_sums);
	json_decref(summary->plain_number_sums);
	json_decref(summary->vmflags);
	json_decref(summary->fields);
}

static void bump(json_t *table, struct vm_str key, uint64_t by)
{
	char name[64];
	json_int_t before;

	snprintf(name, sizeof(name), "%.*s", (int)key.len, key.p);
	before = json_integer_value(json_object_get(table, name));
	json_object_set_new(table, name, json_integer(before + (json_int_t)by));
}

static struct vm_str class_of(struct vm_str name)
{
	if (name.len == 0)
		return VM_STR("anonymous");
	if (vm_str_equal(name, VM_STR("[heap]")))
		return VM_STR("heap");
	if (vm_str_starts(name, VM_STR("[stack")) && vm_str_ends(name, VM_STR("]")))
		return VM_STR("stack");
	if (name.p[0] == '[')
		return VM_STR("bracketed");
	return name.p[0] == '/' ? VM_STR("path") : VM_STR("other");
}

static void note_field(struct summary *summary, struct vm_str key)
{
	size_t i;
	json_t *known;

	json_array_foreach(summary->fields, i, known)
	{
		if (vm_str_equal(vm_str_from(json_string_value(known)), key))
			return;
	}
	json_array_append_new(summary->fields, json_stringn(key.p, key.len));
}

static void add_known(struct summary *summary, const struct vm_usage *usage, enum vm_field field)
{
	const struct vm_field_info *info = vm_field_info(field);
	struct vm_str key = info->key;
	uint64_t value = vm_usage_get(usage, field);

	note_field(summary, key);
	if (info->unit == VM_UNIT_BYTES)
		bump(summary->kb_sums, key, value / 1024);
	else
		bump(summary->plain_number_sums, key, value);
}

static void add_extra(struct summary *summary, const struct vm_extra *extra)
{
	struct vm_str rest = extra->value;
	uint64_t value = 0;

	note_field(summary, extra->key);
	if (vm_scan_dec(&rest, &value) && rest.len == 0)
		bump(summary->plain_number_sums, extra->key, value);
	else if (vm_str_equal(rest, VM_STR(" kB")))
		bump(summary->kb_sums, extra->key, value);
	else if (vm_str_equal(extra->key, VM_STR("Name")))
		bump(summary->numbers, VM_STR("name_fields"), 1);
}

static void add_fields(struct summary *summary, const struct vm_usage *usage)
{
	const struct vm_extra *extra = usage->extras;

	for (uint32_t i = 0; i < usage->order_count; i++) {
		if (usage->order[i] == VM_ORDER_EXTRA)
			add_extra(summary, extra++);
		else
			add_known(summary, usage, usage->order[i]);
	}
}

static void add_flags(struct summary *summary, struct vm_str flags)
{
	summary->has_flags |= flags.p != NULL;
	while (flags.len) {
		size_t len = vm_str_find(flags, ' ');

		if (len)
			bump(summary->vmflags, (struct vm_str){ flags.p, len }, 1);
		flags = vm_str_skip(flags, len + 1);
	}
}

static int add_mapping(const struct vm_mapping *m, void *user)
{
	struct summary *summary = user;
	const struct vm_str perms = { m->perms, sizeof(m->perms) };
	uint64_t kib = vm_mapping_size(m) / 1024;

	bump(summary->numbers, VM_STR("mappings"), 1);
	bump(summary->numbers, VM_STR("size_kib"), kib);
	bump(summary->numbers, vm_mapping_shared(m) ? VM_STR("shared") : VM_STR("private"), 1);
	bump(summary->numbers, VM_STR("deleted"), vm_str_ends(m->name, VM_STR(" (deleted)")));
	bump(summary->perms, perms, 1);
	bump(summary->size_kib_by_perms, perms, kib);
	bump(summary->names, class_of(m->name), 1);
	add_fields(summary, &m->usage);
	add_flags(summary, m->vm_flags);
	return 0;
}

/* Complaints come before the result that they explain, as comments of TAP. */
static bool compare(const char *what, const json_t *found, const json_t *wanted)
{
	char *a, *b;

	if (json_equal(found, wanted))
		return true;
	a = json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
	b = json_dumps(wanted, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
	printf("#   %s: found %s, wanted %s\n", what, a ? a : "nothing", b ? b : "nothing");
	free(a);
	free(b);
	return false;
}

static bool compare_numbers(const json_t *found, const json_t *wanted)
{
	bool same = true;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)found, key, value)
	{
		const json_t *number = json_object_get(wanted, key);

		if (!number && strcmp(key, "name_fields") == 0)
			number = value; /* not told of maps */
		same &= compare(key, value, number);
	}
	return same;
}

/* The parser keeps VmFlags apart from the fields and their order. */
static bool compare_fields(const struct summary *found, const json_t *wanted)
{
	json_t *fields = json_array(), *field;
	bool has_flags = false, same;
	size_t i;

	json_array_foreach(wanted, i, field)
	{
		if (strcmp(json_string_value(field), "VmFlags") == 0)
			has_flags = true;
		else
			json_array_append(fields, field);
	}
	same = compare("fields", found->fields, fields);
	json_decref(fields);
	if (found->has_flags == has_flags)
		return same;
	printf("#   VmFlags: wanted %s\n", has_flags ? "some" : "none");
	return false;
}

static bool compare_all(const struct summary *found, const json_t *wanted)
{
	const struct {
		const char *key;
		const json_t *table;
	} tables[] = {
		{ "perms", found->perms },
		{ "size_kib_by_perms", found->size_kib_by_perms },
		{ "names", found->names },
		{ "kb_sums", found->kb_sums },
		{ "plain_number_sums", found->plain_number_sums },
		{ "vmflags", found->vmflags },
	};
	bool same = compare_numbers(found->numbers, wanted);

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		const json_t *table = json_object_get(wanted, tables[i].key);

		/* Of maps nothing is told about fields: there must be none. */
		if (table || json_object_size(tables[i].table))
			same &= compare(tables[i].key, tables[i].table, table);
	}
	return compare_fields(found, json_object_get(wanted, "fields")) && same;
}

/* "line 12 is neither ..." */
static uint64_t line_of(const char *reason)
{
	struct vm_str rest = vm_str_from(reason);
	uint64_t line = 0;

	if (vm_str_starts(rest, VM_STR("line ")))
		rest = vm_str_skip(rest, 5);
	vm_scan_dec(&rest, &line);
	return line;
}

static bool check_refused(int r, const struct vm_report *report, const char *reason)
{
	if (r == -EBADMSG && report->line == line_of(reason))
		return true;
	printf("#   result %d at line %llu, wanted a refusal: %s\n", r,
	       (unsigned long long)report->line, reason);
	return false;
}

static bool check_read(const char *path, const json_t *wanted)
{
	const char *skipped = json_string_value(json_object_get(wanted, "skipped"));
	struct summary summary = make_summary();
	struct vm_source source = { 0 };
	struct vm_report report = { 0 };
	bool good;
	int r = vm_source_open_saved(path, &source);

	if (r == 0)
		r = vm_sample_stream(&source, VM_DETAIL_SMAPS, add_mapping, &summary, &report);
	if (skipped) {
		good = check_refused(r, &report, skipped);
	} else if (r < 0) {
		printf("#   line %llu: %s\n", (unsigned long long)report.line,
		       report.reason ? report.reason : strerror(-r));
		good = false;
	} else {
		good = compare_all(&summary, wanted);
	}
	vm_source_close(&source);
	summary_deinit(&summary);
	return good;
}

struct corpus {
	const char *folder;
	json_t *expected;
	int count;
	bool failed;
};

static void tell(struct corpus *corpus, bool good, const char *name, const char *remark)
{
	corpus->failed |= !good;
	printf("%sok %d - %s%s\n", good ? "" : "not ", ++corpus->count, name, remark);
}

static void check_file(struct corpus *corpus, const char *name)
{
	const json_t *wanted = json_object_get(corpus->expected, name);
	char *path;

	if (!wanted) {
		tell(corpus, true, name, " # SKIP nothing is expected of it");
		return;
	}
	if (asprintf(&path, "%s/open/%s", corpus->folder, name) < 0)
		abort();
	tell(corpus, check_read(path, wanted), name, "");
	free(path);
	json_object_del(corpus->expected, name);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void check_files(struct corpus *corpus)
{
	struct dirent **entries = NULL;
	const char *name;
	json_t *wanted;
	char *path;
	int count;

	if (asprintf(&path, "%s/open", corpus->folder) < 0)
		abort();
	count = scandir(path, &entries, is_visible, alphasort);
	for (int i = 0; i < count; i++) {
		check_file(corpus, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	free(path);
	/* check_file() took away what there is. */
	json_object_foreach(corpus->expected, name, wanted)
		tell(corpus, false, name, " (the file is missing)");
}

int main(int argc, char **argv)
{
	struct corpus corpus = { .folder = getenv("VMVIEW_CORPUS") };
	json_error_t error;
	char *path;

	if (!corpus.folder || !corpus.folder[0])
		corpus.folder = argc > 1 ? argv[1] : ".";
	if (asprintf(&path, "%s/expected.json", corpus.folder) < 0)
		return 1;
	corpus.expected = json_load_file(path, 0, &error);
	if (!corpus.expected && json_error_code(&error) == json_error_cannot_open_file) {
		printf("1..0 # SKIP there are no captures in %s\n", corpus.folder);
	} else if (!corpus.expected) {
		printf("1..1\nnot ok 1 - %s: line %d: %s\n", path, error.line, error.text);
		corpus.failed = true;
	} else {
		check_files(&corpus);
		printf("1..%d\n", corpus.count);
	}
	json_decref(corpus.expected);
	free(path);
	return corpus.failed;
}
