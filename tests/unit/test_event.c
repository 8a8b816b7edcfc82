#include "helper.h"

#include <stdlib.h>
#include <time.h>

#include "vmview/event.h"

#define ANON(range, perms, name) range " " perms " 00000000 00:00 0 " name "\n"
#define LIB(range, perms) range " " perms " 00000000 08:01 7 /lib/x.so\n"

/* 12:04:29.120 UTC, a day in 2026 */
#define NOON INT64_C(1795262669120456789)

static int in_utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC0", 1);
	tzset();
	return 0;
}

/* What is told of the changes from @before to @after, a line each, without the time. */
static void put_events(struct vm_buf *text, const char *before_text, const char *after_text,
		       enum vm_size_style units)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot before = snapshot_of(before_text);
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot after = snapshot_of(after_text);
	vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };

	assert_int_equal(vm_changes_find(&before, &after, &changes), 0);
	for (size_t i = 0; i < changes.count; i++) {
		struct vm_event event = vm_event_of(&changes.items[i], &before, &after, NOON);

		vm_event_put(text, &event, units);
		vm_buf_put_str(text, vm_event_name(&event));
		vm_buf_put_char(text, '\n');
	}
}

#define A "1000-2000"
#define B "2000-3000"
#define C "3000-4000"
#define ABC "1000-4000"

TEST(each_change_is_told_with_what_distinguishes_it)
{
	/* clang-format off */
	static const struct {
		const char *before, *after, *line;
	} cases[] = {
		{ "", ANON(A, "rw-p", ""),
		  "+ new                          1000    4K rw-p anon        [anon]\n" },
		{ LIB(A, "r-xp"), "",
		  "- gone                         1000    4K r-xp code        /lib/x.so\n" },
		{ ANON(A, "rw-p", "[heap]"), ANON(ABC, "rw-p", "[heap]"),
		  "^ grown +8K                    1000   12K rw-p heap        [heap]\n" },
		{ ANON(ABC, "rw-p", "[heap]"), ANON(A, "rw-p", "[heap]"),
		  "v shrunk -8K                   1000    4K rw-p heap        [heap]\n" },
		{ ANON(A, "rw-p", ""), ANON(A, "---p", ""),
		  "~ perms was rw-p               1000    4K ---p reserved    [reserved]\n" },
		{ ANON(ABC, "rw-p", ""), ANON(A, "rw-p", "") ANON(B, "r--p", "") ANON(C, "rw-p", ""),
		  "/ split into 3                 1000   12K rw-p anon        [anon]\n" },
		{ ANON(ABC, "rw-p", ""), ANON(A, "rw-p", "") ANON(C, "rw-p", ""),
		  "/ split -4K into 2             1000   12K rw-p anon        [anon]\n" },
		{ ANON(A, "rw-p", "") ANON(B, "r--p", ""), ANON("1000-3000", "r--p", ""),
		  "= merged of 2 was rw-p         1000    8K r--p anon        [anon]\n" },
		{ ANON(A, "rw-p", ""), ANON("1000-3000", "r--p", ""),
		  "^ grown +4K was rw-p           1000    8K r--p anon        [anon]\n" },
		{ ANON(A, "rw-p", ""), ANON(A, "rw-p", ""), "" },
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		put_events(&text, cases[i].before, cases[i].after, VM_SIZE_HUMAN);
		assert_same(vm_buf_str(&text), vm_str_from(cases[i].line));
	}
}

/* It is told as new by itself. */
TEST(what_was_mapped_into_the_middle_is_no_piece)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	put_events(&text, ANON(ABC, "rw-p", ""),
		   ANON(A, "rw-p", "") LIB(B, "r--p") ANON(C, "rw-p", ""), VM_SIZE_HUMAN);
	assert_slice(vm_buf_str(&text),
		     "/ split -4K into 2             1000   12K rw-p anon        [anon]\n"
		     "+ new                          2000    4K r--p mapped-file /lib/x.so\n");
}

TEST(sizes_are_told_in_each_style)
{
	static const char *const lines[] = {
		[VM_SIZE_HUMAN] =
			"^ grown +8K                    1000   12K rw-p heap        [heap]\n",
		[VM_SIZE_KIB] =
			"^ grown +8                     1000        12 rw-p heap        [heap]\n",
		[VM_SIZE_BYTES] =
			"^ grown +8192                  1000        12288 rw-p heap        [heap]\n",
	};

	for (enum vm_size_style units = VM_SIZE_HUMAN; units <= VM_SIZE_BYTES; units++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		put_events(&text, ANON(A, "rw-p", "[heap]"), ANON(ABC, "rw-p", "[heap]"), units);
		assert_same(vm_buf_str(&text), vm_str_from(lines[units]));
	}
}

TEST(an_event_has_no_numbers_that_could_outlive_the_snapshot)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot before = { 0 };
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot after =
		snapshot_of(ANON(A, "rw-p", "") "Rss: 4 kB\nVmFlags: rd wr\n");
	vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };
	struct vm_event event;

	assert_int_equal(vm_changes_find(&before, &after, &changes), 0);
	event = vm_event_of(&changes.items[0], &before, &after, NOON);
	assert_int_equal(event.mapping.usage.present, 0);
	assert_null(event.mapping.vm_flags.p);
	assert_int_equal(event.realtime_ns, NOON);
}

TEST(times_have_milliseconds)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_event_put_time(&text, NOON);
	assert_slice(vm_buf_str(&text), "12:04:29.120");
}

TEST(times_after_2038_are_times_too)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_event_put_date(&text, INT64_C(4102444800) * 1000000000);
	assert_slice(vm_buf_str(&text), "2100-01-01 00:00:00");
}

TEST(times_before_1970_are_times_too)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = { .text = &text };

	vm_event_put_time(&text, -1500000001);
	assert_slice(vm_buf_str(&text), "23:59:58.499");
	vm_buf_clear(&text);
	vm_event_put_date(&text, -1500000001);
	assert_slice(vm_buf_str(&text), "1969-12-31 23:59:58");
	vm_buf_clear(&text);
	vm_json_object(&json, NULL);
	vm_json_time(&json, "time", -1000000);
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text), "{\"time\":\"1969-12-31T23:59:59.999Z\"}");
}

TEST(an_event_is_an_object_without_what_does_not_apply)
{
	static const struct {
		const char *before, *after, *object;
	} cases[] = {
		{ "", LIB(A, "r-xp"),
		  "{\"event\":\"new\",\"delta\":4096,\"start\":\"0x1000\",\"end\":\"0x2000\","
		  "\"size\":4096,\"perms\":\"r-xp\",\"backing\":\"file\",\"sharing\":\"private\","
		  "\"kind\":\"code\",\"flags\":[],\"deleted\":false,\"offset\":0,\"device\":\"08:01\","
		  "\"inode\":7,\"path\":\"/lib/x.so\"}" },
		{ ANON(A, "rw-p", "") ANON(B, "r--p", ""), ANON("1000-3000", "r--p", ""),
		  "{\"event\":\"merged\",\"delta\":0,\"pieces\":2,\"old_perms\":\"rw-p\","
		  "\"start\":\"0x1000\",\"end\":\"0x3000\",\"size\":8192,\"perms\":\"r--p\","
		  "\"backing\":\"anonymous\",\"sharing\":\"private\",\"kind\":\"anon\",\"flags\":[],"
		  "\"deleted\":false,\"offset\":0,\"device\":\"00:00\",\"inode\":0,\"path\":\"\"}" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(vm_snapshot_deinit) struct vm_snapshot before =
			snapshot_of(cases[i].before);
		vm_cleanup(vm_snapshot_deinit) struct vm_snapshot after =
			snapshot_of(cases[i].after);
		vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
		struct vm_json json = { .text = &text };
		struct vm_json_mappings mappings;
		struct vm_event event;

		assert_int_equal(vm_changes_find(&before, &after, &changes), 0);
		assert_int_equal(changes.count, 1);
		event = vm_event_of(&changes.items[0], &before, &after, NOON);
		vm_event_json_init(&mappings, &json);
		vm_json_object(&json, NULL);
		vm_event_json(&mappings, &event);
		vm_json_end(&json);
		vm_json_mappings_deinit(&mappings);
		assert_same(vm_buf_str(&text), vm_str_from(cases[i].object));
	}
}

TEST(times_in_json_are_those_of_utc)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = { .text = &text };

	vm_json_object(&json, NULL);
	vm_json_time(&json, "time", NOON);
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text), "{\"time\":\"2026-11-21T12:04:29.120Z\"}");
}

TEST(names_of_programs_are_made_safe)
{
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_buf_put_text(&process.comm, "new\x1b");
	vm_event_put_executed(&text, &process);
	assert_slice(vm_buf_str(&text), "executed new?: the list starts afresh");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_told_with_what_distinguishes_it),
		cmocka_unit_test(what_was_mapped_into_the_middle_is_no_piece),
		cmocka_unit_test(sizes_are_told_in_each_style),
		cmocka_unit_test(an_event_has_no_numbers_that_could_outlive_the_snapshot),
		cmocka_unit_test(times_have_milliseconds),
		cmocka_unit_test(times_after_2038_are_times_too),
		cmocka_unit_test(times_before_1970_are_times_too),
		cmocka_unit_test(an_event_is_an_object_without_what_does_not_apply),
		cmocka_unit_test(times_in_json_are_those_of_utc),
		cmocka_unit_test(names_of_programs_are_made_safe),
	};

	return cmocka_run_group_tests(tests, in_utc, NULL);
}
