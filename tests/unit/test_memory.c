/*
 * What happens when memory runs out: the linker hands every allocation of the library to the functions
 * here (--wrap), which fail a chosen one.
 */
#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/rc.h"
#include "vmview/colour.h"
#include "vmview/difference.h"
#include "vmview/parser.h"
#include "vmview/pmap.h"
#include "vmview/program.h"
#include "vmview/recorder.h"
#include "vmview/sample.h"

static struct {
	bool armed;
	int left; /* allocations until the one that fails */
} trap;

static bool falls(void)
{
	if (!trap.armed || trap.left-- > 0)
		return false;
	trap.armed = false;
	return true;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t count, size_t size);
void *__wrap_reallocarray(void *p, size_t count, size_t size);

void *__wrap_malloc(size_t size)
{
	return falls() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return falls() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return falls() ? NULL : __real_realloc(p, size);
}

void *__wrap_reallocarray(void *p, size_t count, size_t size)
{
	return falls() ? NULL : __real_reallocarray(p, count, size);
}

/* Run @operate with its first, second, ... allocation failing, until it needs no more of them. */
static void check(int (*operate)(void))
{
	bool fell = true;
	int n;

	for (n = 0; fell; n++) {
		int r;

		trap.armed = true;
		trap.left = n;
		r = operate();
		fell = !trap.armed;
		trap.armed = false;
		assert_int_equal(r, fell ? -ENOMEM : 0);
	}
	assert_true(n > 2);
}

static const char text[] =
	"1000-2000 r-xp 00000000 08:01 7 /bin/x\nRss: 4 kB\nOdd: 1\nEven: 2 kB\nVmFlags: rd ex\n"
	"2000-3000 rw-p 00000000 08:01 7 /bin/x\nRss: 0 kB\nOdd: 1\nVmFlags: rd wr\n"
	"3000-4000 rw-p 00000000 00:00 0 [heap]\nPss: 4 kB\nName: [x]";

static int keep(const struct vm_mapping *mapping, void *user)
{
	return vm_snapshot_add(user, mapping);
}

/* Cut in two, so that a line has to be joined. */
static int read_in_two(const char *string, struct vm_snapshot *snapshot)
{
	struct vm_parser parser;
	int r;

	vm_parser_init(&parser, keep, snapshot);
	r = vm_parser_feed(&parser, string, 5);
	if (r == 0)
		r = vm_parser_feed(&parser, string + 5, strlen(string) - 5);
	if (r == 0)
		r = vm_parser_finish(&parser);
	vm_parser_deinit(&parser);
	return r;
}

static int read_text(struct vm_snapshot *snapshot)
{
	return read_in_two(text, snapshot);
}

static int parse_and_classify(void)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	int r = read_text(&snapshot);

	return r < 0 ? r : vm_snapshot_classify(&snapshot, NULL, 0);
}

TEST(parser_and_snapshot_tell_that_memory_ran_out)
{
	check(parse_and_classify);
}

static int parse_unknown_field(void)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };

	return read_in_two("1000-2000 rw-p 00000000 00:00 0 \nName: [x]\n", &snapshot);
}

TEST(unknown_field_is_not_lost_silently_when_memory_ran_out)
{
	check(parse_unknown_field);
}

TEST(snapshot_stays_as_it_was)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot other = { 0 };
	size_t refused = 0;

	assert_int_equal(read_text(&other), 0);
	for (int n = 0; n < 2000; n++) {
		size_t count = snapshot.count;
		int r;

		trap.armed = n % 2;
		trap.left = 0;
		r = vm_snapshot_add(&snapshot, &other.mappings[n % 3]);
		trap.armed = false;
		assert_int_equal(snapshot.count, r < 0 ? count : count + 1);
		refused += r < 0;
	}
	assert_true(refused > 0);
	assert_same_mapping(&snapshot.mappings[0], &other.mappings[0]);
}

static int write_as(enum vm_pmap_format format)
{
	const struct vm_pmap_options options = { .format = format,
						 .high = UINT64_MAX,
						 .palette = vm_palette_of(VM_DEPTH_NONE) };
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	const struct vm_process process = { 0 };
	FILE *out = fopen("/dev/null", "w");
	int r = read_text(&snapshot);

	vm_pmap_init(&pmap, &options, out);
	if (r == 0 && vm_pmap_needs_all(format))
		r = vm_pmap_write_all(&pmap, snapshot.mappings, snapshot.count);
	else if (r == 0)
		r = vm_pmap_begin(&pmap, &process, false);
	for (size_t i = 0; r == 0 && !vm_pmap_needs_all(format) && i < snapshot.count; i++)
		r = vm_pmap_add(&pmap, &snapshot.mappings[i]);
	if (r == 0 && !vm_pmap_needs_all(format))
		r = vm_pmap_end(&pmap);
	fclose(out);
	return r;
}

static int write_extended(void)
{
	return write_as(VM_PMAP_EXTENDED);
}

static int write_all(void)
{
	return write_as(VM_PMAP_ALL);
}

TEST(writers_tell_that_memory_ran_out)
{
	check(write_extended);
	check(write_all);
}

static int put_command(void)
{
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf line = { 0 };

	for (int i = 0; i < 100; i++)
		vm_buf_put_text(&process.cmdline, "argument ");
	if (process.cmdline.failed)
		return -ENOMEM;
	vm_pmap_command(&line, &process, true);
	return line.failed ? -ENOMEM : 0;
}

TEST(command_line_tells_that_memory_ran_out)
{
	check(put_command);
}

static int sample_fixture(void)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	struct vm_report report;
	int r = vm_source_open_saved(FIXTURES "/sleep", &source);

	if (r == 0)
		r = vm_sample_process(&source, &process);
	return r < 0 ? r : vm_sample_snapshot(&source, VM_DETAIL_SMAPS, &snapshot, &report);
}

TEST(sample_tells_that_memory_ran_out)
{
	check(sample_fixture);
}

/* zstd's own memory apart: that is not the library's. */
static int record_and_replay(void)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_source_close) struct vm_source replay = { 0 };
	vm_cleanup(vm_program_deinit) struct vm_program program = VM_PROGRAM_NONE;
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = { 0 };
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	struct vm_recording_fault fault;
	struct vm_report report;
	struct vm_frame frame = { 0 };
	char path[80];
	int r = vm_source_open_saved(FIXTURES "/sleep", &source);

	snprintf(path, sizeof(path), "%s/tape", folder.path);
	source.type = VM_SOURCE_LIVE;
	if (r == 0)
		r = vm_recorder_open(path, &recorder, &fault);
	if (r == 0)
		r = vm_sample_record(&source, VM_DETAIL_SMAPS, &program, &recorder, &frame);
	if (r == 0)
		r = vm_recording_open(path, &recording, &fault);
	if (r == 0)
		r = vm_recording_open_frame(&recording, 0, &replay, &fault);
	if (r == 0)
		r = vm_sample_snapshot(&replay, VM_DETAIL_SMAPS, &snapshot, &report);
	if (r == 0)
		assert_true(snapshot.count == frame.mappings && snapshot.count > 10);
	return r;
}

/* It can do without some of its memory: only to make sure that the process still lives. */
TEST(recording_tells_that_memory_ran_out_or_is_whole)
{
	int refused = 0, r = 0;

	for (int n = 0; vm_recording_supported() && !trap.armed; n++) {
		trap.armed = true;
		trap.left = n;
		r = record_and_replay();
		assert_true(r == 0 || r == -ENOMEM);
		refused += r == -ENOMEM;
	}
	trap.armed = false;
	assert_int_equal(r, 0);
	assert_int_equal(refused > 10, vm_recording_supported());
}

static int compare_by(enum vm_pairing pairing)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot before = { 0 }, after = { 0 };
	vm_cleanup(vm_difference_deinit) struct vm_difference difference = { 0 };
	enum vm_pairing usual;
	int r = read_text(&before);

	if (r == 0)
		r = read_in_two("1000-2000 r-xp 00000000 08:01 7 /bin/x\nRss: 8 kB\n", &after);
	if (r == 0)
		r = vm_pairing_find(&before, &after, &usual);
	return r < 0 ? r : vm_difference_make(&before, &after, pairing, &difference);
}

static int compare_by_address(void)
{
	return compare_by(VM_PAIRING_ADDRESS);
}

static int compare_by_name(void)
{
	return compare_by(VM_PAIRING_NAME);
}

TEST(differences_tell_that_memory_ran_out)
{
	check(compare_by_address);
	check(compare_by_name);
}

static void ignore(const char *what, size_t line, void *user)
{
	(void)what;
	(void)line;
	(void)user;
}

static int parse_rc(void)
{
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };

	vm_buf_put_text(&rc.text, "[Fields Display]\n");
	for (int i = 0; i < 100; i++)
		vm_buf_put_text(&rc.text, "Rss\n");
	return rc.text.failed ? -ENOMEM : vm_rc_parse(&rc, ignore, NULL);
}

TEST(rc_file_tells_that_memory_ran_out)
{
	check(parse_rc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parser_and_snapshot_tell_that_memory_ran_out),
		cmocka_unit_test(unknown_field_is_not_lost_silently_when_memory_ran_out),
		cmocka_unit_test(snapshot_stays_as_it_was),
		cmocka_unit_test(writers_tell_that_memory_ran_out),
		cmocka_unit_test(command_line_tells_that_memory_ran_out),
		cmocka_unit_test(sample_tells_that_memory_ran_out),
		cmocka_unit_test(recording_tells_that_memory_ran_out_or_is_whole),
		cmocka_unit_test(differences_tell_that_memory_ran_out),
		cmocka_unit_test(rc_file_tells_that_memory_ran_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
