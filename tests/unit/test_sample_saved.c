#include "sample_support.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAPS "1000-2000 rw-p 00000000 00:00 0 [heap]\n"
#define SMAPS MAPS "Rss: 4 kB\n"

struct choice {
	const char *maps, *smaps; /* NULL: there is no such file */
	enum vm_detail detail;
	int result;
	const char *entry;
	uint64_t present;
};

TEST(saved_folder_gives_what_is_asked_for_or_what_it_has)
{
	const uint64_t rss = UINT64_C(1) << VM_FIELD_RSS;
	const struct choice rows[] = {
		{ MAPS, SMAPS, VM_DETAIL_MAPS, 0, "maps", 0 },
		{ MAPS, SMAPS, VM_DETAIL_SMAPS, 0, "smaps", rss },
		{ MAPS, NULL, VM_DETAIL_SMAPS, 0, "maps", 0 },
		{ NULL, SMAPS, VM_DETAIL_MAPS, 0, "smaps", rss },
		{ NULL, NULL, VM_DETAIL_MAPS, -ENOENT, "maps", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(folder_deinit) struct folder folder = folder_make();

		if (rows[i].maps)
			folder_write(&folder, "maps", rows[i].maps);
		if (rows[i].smaps)
			folder_write(&folder, "smaps", rows[i].smaps);
		vm_cleanup(sample_deinit) struct sample sample =
			sample_saved(folder.path, rows[i].detail);
		assert_int_equal(sample.result, rows[i].result);
		assert_string_equal(sample.report.entry, rows[i].entry);
		assert_int_equal(sample.snapshot.count, rows[i].result == 0);
		if (sample.snapshot.count)
			assert_int_equal(sample.snapshot.mappings[0].usage.present,
					 rows[i].present);
	}
}

/* What a folder gives whose maps and smaps were made by @make. */
static int sample_odd(int (*make)(int fd, const char *name))
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	folder_write(&folder, "file", MAPS);
	assert_int_equal(make(folder.fd, "maps"), 0);
	assert_int_equal(make(folder.fd, "smaps"), 0);
	vm_cleanup(sample_deinit) struct sample sample = sample_saved(folder.path, VM_DETAIL_SMAPS);
	assert_int_equal(sample.snapshot.count, 0);
	return sample.result;
}

static int make_link(int fd, const char *name)
{
	return symlinkat("file", fd, name);
}

static int make_fifo(int fd, const char *name)
{
	return mkfifoat(fd, name, 0600);
}

TEST(links_and_fifos_in_a_saved_folder_are_refused)
{
	assert_int_equal(sample_odd(make_link), -ELOOP);
	assert_int_equal(sample_odd(make_fifo), -EINVAL);
}

/* The snapshot of one saved file with this text. */
static struct sample sample_text(const char *text)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "saved");

	folder_write(&folder, "saved", text);
	return sample_saved(path, VM_DETAIL_MAPS);
}

TEST(smaps_that_cannot_be_read_is_not_passed_over_for_maps)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	folder_write(&folder, "maps", MAPS);
	assert_int_equal(make_link(folder.fd, "smaps"), 0);
	vm_cleanup(sample_deinit) struct sample sample = sample_saved(folder.path, VM_DETAIL_SMAPS);
	assert_int_equal(sample.result, -ELOOP);
	assert_string_equal(sample.report.entry, "smaps");
}

TEST(saved_file_gives_whatever_is_in_it)
{
	vm_cleanup(sample_deinit) struct sample sample = sample_text(SMAPS);

	assert_int_equal(sample.result, 0);
	assert_string_equal(sample.report.entry, "");
	assert_int_equal(sample.report.mappings, 1);
	assert_int_equal(vm_usage_get(&sample.snapshot.mappings[0].usage, VM_FIELD_RSS), 4096);
	assert_int_equal(sample.snapshot.mappings[0].kind, VM_KIND_HEAP);
}

TEST(pipe_gives_whatever_comes_through_it)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], SMAPS, sizeof(SMAPS) - 1), sizeof(SMAPS) - 1);
	close(ends[1]);
	vm_cleanup(vm_source_close) struct vm_source source = { .type = VM_SOURCE_FILE,
								.fd = ends[0] };
	vm_cleanup(sample_deinit) struct sample sample = sample_source(&source, VM_DETAIL_SMAPS);
	assert_int_equal(sample.result, 0);
	assert_int_equal(sample.snapshot.count, 1);
}

TEST(saved_text_in_disorder_is_sorted_and_what_overlaps_is_counted)
{
	vm_cleanup(sample_deinit) struct sample sample = sample_text(
		"3000-4000 rw-p 0 0:0 0\n1000-2000 rw-p 0 0:0 0\n3000-4000 rw-p 0 0:0 0\n");

	assert_int_equal(sample.result, 0);
	assert_int_equal(sample.snapshot.count, 2);
	assert_int_equal(sample.snapshot.mappings[0].start, 0x1000);
	assert_int_equal(sample.report.dropped, 1);
	assert_int_equal(sample.report.mappings, 3);
}

TEST(what_came_before_a_refused_line_is_in_the_snapshot)
{
	vm_cleanup(sample_deinit) struct sample sample = sample_text(MAPS "garbage\n" MAPS);

	assert_int_equal(sample.result, -EBADMSG);
	assert_int_equal(sample.report.line, 2);
	assert_non_null(sample.report.reason);
	assert_int_equal(sample.snapshot.count, 1);
	assert_int_equal(sample.snapshot.mappings[0].kind, VM_KIND_HEAP);
}

TEST(name_of_a_saved_mapping_is_believed)
{
	vm_cleanup(sample_deinit) struct sample sample = sample_text(
		"1000-2000 rw-s 0 8:1 7 /x (deleted)\n2000-3000 rw-s 0 0:1 7 /memfd:x (deleted)\n");

	assert_true(sample.snapshot.mappings[0].deleted);
	assert_false(sample.snapshot.mappings[1].deleted);
}

static int refuse_second(const struct vm_mapping *mapping, void *user)
{
	(void)mapping;
	return ++*(int *)user == 2 ? -ECANCELED : 0;
}

TEST(error_of_the_callback_ends_the_stream_and_is_returned)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	struct vm_report report;
	int calls = 0;

	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	assert_int_equal(vm_sample_stream(&source, VM_DETAIL_MAPS, refuse_second, &calls, &report),
			 -ECANCELED);
	assert_int_equal(calls, 2);
}

TEST(saved_folder_without_facts_has_none)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	const struct vm_source source = { .type = VM_SOURCE_FOLDER, .fd = folder.fd };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };

	assert_int_equal(vm_sample_process(&source, &process), 0);
	assert_false(process.has_stat || process.has_uid);
	assert_int_equal(process.pid, 0);
	assert_int_equal(process.cmdline.len, 0);
	assert_null(process.unread);
}

TEST(fact_that_is_there_and_cannot_be_read_is_noted)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	const struct vm_source source = { .type = VM_SOURCE_FOLDER, .fd = folder.fd };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };

	folder_write(&folder, "status", "Tgid:\t7\n");
	assert_int_equal(make_link(folder.fd, "cmdline"), 0);
	assert_int_equal(vm_sample_process(&source, &process), 0);
	assert_string_equal(process.unread, "cmdline");
	assert_int_equal(process.unread_error, -ELOOP);
	assert_int_equal(process.tgid, 7);
}

/* Fixtures */

TEST(facts_of_a_fixture_are_read)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };

	assert_int_equal(vm_source_open_saved(FIXTURES "/sleep", &source), 0);
	assert_int_equal(vm_sample_process(&source, &process), 0);
	assert_true(process.has_stat);
	assert_int_equal(process.uid, 1000);
	assert_slice(vm_buf_str(&process.comm), "sleep");
	assert_slice(vm_buf_str(&process.cmdline), "/bin/sleep\0"
						   "1000\0");
}

TEST(kernel_thread_is_recognised_by_its_flags)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };

	assert_int_equal(vm_source_open_saved(FIXTURES "/kernel-thread", &source), 0);
	assert_int_equal(vm_sample_process(&source, &process), 0);
	assert_true(vm_process_is_kernel_thread(&process));
	vm_cleanup(sample_deinit) struct sample sample = sample_source(&source, VM_DETAIL_SMAPS);
	assert_int_equal(sample.result, 0);
	assert_int_equal(sample.snapshot.count, 0);
}

/* The letters of the kinds of a fixture's mappings, in order. */
static void check_letters(const char *path, const char *letters)
{
	vm_cleanup(sample_deinit) struct sample sample = sample_saved(path, VM_DETAIL_SMAPS);
	vm_cleanup(vm_buf_deinit) struct vm_buf found = { 0 };

	assert_row(sample.result == 0, path);
	for (size_t i = 0; i < sample.snapshot.count; i++)
		vm_buf_put_char(&found, vm_kind_info(sample.snapshot.mappings[i].kind)->letter);
	assert_same(vm_buf_str(&found), vm_str_from(letters));
}

TEST(kinds_of_the_fixtures_are_told)
{
	check_letters(FIXTURES "/kinds", "xDahas-affffasss-akkkSk");
	check_letters(FIXTURES "/sleep", "DxDDDhaDxDDDaakkkDxDDDSk");
	check_letters(FIXTURES "/kernel-2.6.16", "xDhxDDaSk");
	check_letters(FIXTURES "/arm-3.10", "xSaSkk");
	check_letters(FIXTURES "/hugetlb", "HHHH");
	check_letters(FIXTURES "/names", "fffffffffasddf");
	check_letters(FIXTURES "/uprobes", "xkkSk");
	check_letters(FIXTURES "/s390x", "xDhxkS");
	check_letters(FIXTURES "/mips", "xDhxSk");
	check_letters(FIXTURES "/riscv64", "xDhxkkS");
	check_letters(FIXTURES "/nonlinear", "fS");
	check_letters(FIXTURES "/future", "xS");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(saved_folder_gives_what_is_asked_for_or_what_it_has),
		cmocka_unit_test(links_and_fifos_in_a_saved_folder_are_refused),
		cmocka_unit_test(smaps_that_cannot_be_read_is_not_passed_over_for_maps),
		cmocka_unit_test(saved_file_gives_whatever_is_in_it),
		cmocka_unit_test(pipe_gives_whatever_comes_through_it),
		cmocka_unit_test(saved_text_in_disorder_is_sorted_and_what_overlaps_is_counted),
		cmocka_unit_test(what_came_before_a_refused_line_is_in_the_snapshot),
		cmocka_unit_test(name_of_a_saved_mapping_is_believed),
		cmocka_unit_test(error_of_the_callback_ends_the_stream_and_is_returned),
		cmocka_unit_test(saved_folder_without_facts_has_none),
		cmocka_unit_test(fact_that_is_there_and_cannot_be_read_is_noted),
		cmocka_unit_test(facts_of_a_fixture_are_read),
		cmocka_unit_test(kernel_thread_is_recognised_by_its_flags),
		cmocka_unit_test(kinds_of_the_fixtures_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
