/*
 * Mappings that are classified while they are read must be those of a snapshot.
 */
#include "sample_support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int keep(const struct vm_mapping *mapping, void *user)
{
	return vm_snapshot_add(user, mapping);
}

static struct sample stream(const struct vm_source *source, enum vm_detail detail)
{
	struct sample sample = { 0 };

	sample.result =
		vm_sample_stream_classified(source, detail, keep, &sample.snapshot, &sample.report);
	return sample;
}

/* @numbers: those of a live process change from one reading to the next. */
static void assert_same_samples(const struct sample *a, const struct sample *b, bool numbers)
{
	assert_int_equal(a->result, b->result);
	assert_int_equal(a->report.mappings, b->report.mappings);
	assert_int_equal(a->report.dropped, b->report.dropped);
	assert_int_equal(a->report.line, b->report.line);
	assert_string_equal(a->report.entry, b->report.entry);
	assert_int_equal(a->snapshot.count, b->snapshot.count);
	for (size_t i = 0; i < a->snapshot.count; i++) {
		const struct vm_mapping *x = &a->snapshot.mappings[i];
		const struct vm_mapping *y = &b->snapshot.mappings[i];

		if (numbers)
			assert_same_mapping(x, y);
		assert_int_equal(x->start, y->start);
		assert_int_equal(x->usage.present, y->usage.present);
		assert_int_equal(x->kind, y->kind);
		assert_int_equal(x->backing, y->backing);
		assert_int_equal(x->deleted, y->deleted);
	}
}

/* Both ways of reading what @path names, which is opened anew for each; the first can be asked about. */
static struct sample check_saved(const char *path, enum vm_detail detail)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(sample_deinit) struct sample wanted = sample_saved(path, detail);
	struct sample streamed;

	assert_int_equal(vm_source_open_saved(path, &source), 0);
	streamed = stream(&source, detail);
	assert_same_samples(&streamed, &wanted, true);
	return streamed;
}

static void check_fixture(const char *path, struct vm_str text)
{
	char folder[200];
	struct sample sample;

	(void)text;
	sample = check_saved(path, VM_DETAIL_SMAPS);
	sample_deinit(&sample);
	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	sample = check_saved(folder, VM_DETAIL_SMAPS);
	sample_deinit(&sample);
	sample = check_saved(folder, VM_DETAIL_MAPS);
	sample_deinit(&sample);
}

TEST(captures_are_the_same_streamed)
{
	each_fixture(check_fixture);
}

static struct sample check_text(const char *text)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "saved");

	folder_write(&folder, "saved", text);
	return check_saved(path, VM_DETAIL_SMAPS);
}

#define LIBRARY                                       \
	"1000-2000 r--p 00000000 08:01 7 /lib/x.so\n" \
	"2000-3000 r-xp 00001000 08:01 7 /lib/x.so\n" \
	"3000-4000 r--p 00000000 08:01 8 /etc/y\n"

TEST(file_that_is_executed_further_down_makes_data_of_what_comes_before)
{
	vm_cleanup(sample_deinit) struct sample sample = check_text(LIBRARY);

	assert_int_equal(sample.snapshot.mappings[0].kind, VM_KIND_DATA);
	assert_int_equal(sample.snapshot.mappings[2].kind, VM_KIND_MAPPED_FILE);
}

TEST(text_in_disorder_is_put_in_order)
{
	vm_cleanup(sample_deinit) struct sample sample =
		check_text("9000-a000 rw-p 0 0:0 0\n" LIBRARY "3000-5000 rw-p 0 0:0 0\n");

	assert_int_equal(sample.snapshot.count, 4);
	assert_int_equal(sample.snapshot.mappings[3].start, 0x9000);
	assert_int_equal(sample.report.dropped, 1);
}

TEST(what_comes_before_a_wrong_line_is_handed_out)
{
	vm_cleanup(sample_deinit) struct sample sample = check_text(LIBRARY "nonsense\n");

	assert_int_equal(sample.result, -EBADMSG);
	assert_int_equal(sample.report.line, 4);
	assert_int_equal(sample.snapshot.mappings[0].kind, VM_KIND_DATA);
}

/* As a shell may have left it: `{ read line; vmview --from -; } < FILE`. */
TEST(saved_file_is_read_from_where_it_stands)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(vm_source_close) struct vm_source source = { .type = VM_SOURCE_FILE };

	folder_write(&folder, "saved", "1000-2000 rw-p 0 0:0 0 [x]\n" LIBRARY);
	source.fd = openat(folder.fd, "saved", O_RDONLY | O_CLOEXEC);
	assert_int_equal(lseek(source.fd, 27, SEEK_SET), 27);
	vm_cleanup(sample_deinit) struct sample sample = stream(&source, VM_DETAIL_SMAPS);
	assert_int_equal(sample.snapshot.count, 3);
	assert_slice(sample.snapshot.mappings[0].name, "/lib/x.so");
}

TEST(pipe_is_read_once_and_classified_all_the_same)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], LIBRARY, sizeof(LIBRARY) - 1), sizeof(LIBRARY) - 1);
	close(ends[1]);
	vm_cleanup(vm_source_close) struct vm_source source = { .type = VM_SOURCE_FILE,
								.fd = ends[0] };
	vm_cleanup(sample_deinit) struct sample sample = stream(&source, VM_DETAIL_SMAPS);
	assert_int_equal(sample.result, 0);
	assert_int_equal(sample.snapshot.count, 3);
	assert_int_equal(sample.snapshot.mappings[0].kind, VM_KIND_DATA);
}

/* A file that lost its link, and one that is really called so. */
static void map_file(const struct folder *folder, const char *name, bool delete)
{
	int fd;

	folder_write(folder, name, "text");
	fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_ptr_not_equal(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0), MAP_FAILED);
	close(fd);
	if (delete)
		assert_int_equal(unlinkat(folder->fd, name, 0), 0);
}

TEST(live_process_is_the_same_streamed)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	pid_t child;
	int deleted = 0;

	map_file(&folder, "gone", true);
	map_file(&folder, "there (deleted)", false);
	child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, NULL, WUNTRACED), child);

	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	assert_int_equal(vm_source_open_process(child, &source), 0);
	vm_cleanup(sample_deinit) struct sample wanted = sample_source(&source, VM_DETAIL_SMAPS);
	vm_cleanup(sample_deinit) struct sample streamed = stream(&source, VM_DETAIL_SMAPS);

	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_same_samples(&streamed, &wanted, false);
	for (size_t i = 0; i < streamed.snapshot.count; i++)
		deleted += streamed.snapshot.mappings[i].deleted;
	/* Where root may not ask for the file it must believe the name, see test_sample.c. */
	assert_in_range(deleted, 1, 2);
}

static int refuse(const struct vm_mapping *mapping, void *user)
{
	size_t *count = user;

	(void)mapping;
	return ++*count == 2 ? -EIO : 0;
}

TEST(callback_that_fails_ends_it)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	struct vm_report report;
	size_t count = 0;

	assert_int_equal(vm_source_open_saved(FIXTURES "/sleep", &source), 0);
	assert_int_equal(
		vm_sample_stream_classified(&source, VM_DETAIL_SMAPS, refuse, &count, &report),
		-EIO);
	assert_int_equal(count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures_are_the_same_streamed),
		cmocka_unit_test(
			file_that_is_executed_further_down_makes_data_of_what_comes_before),
		cmocka_unit_test(text_in_disorder_is_put_in_order),
		cmocka_unit_test(what_comes_before_a_wrong_line_is_handed_out),
		cmocka_unit_test(saved_file_is_read_from_where_it_stands),
		cmocka_unit_test(pipe_is_read_once_and_classified_all_the_same),
		cmocka_unit_test(live_process_is_the_same_streamed),
		cmocka_unit_test(callback_that_fails_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
