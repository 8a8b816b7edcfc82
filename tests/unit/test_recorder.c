/*
 * Beginning recordings, and going on with them.
 */
#include "recording_support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

static const char maps[] = "1000-2000 r-xp 00000000 08:01 7 /bin/x\n";

TEST(recording_is_gone_on_with)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };

	tape_add(&tape, 10, maps, "first");
	tape_add(&tape, 20, maps, "second");
	tape_add(&tape, 30, maps, "third");
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 3);
	assert_int_equal(recording.frames[2].time_ns, 30);
	check_entry(&recording, 0, "stat", "first");
	check_entry(&recording, 1, "stat", "second");
	check_entry(&recording, 2, "stat", "third");
}

TEST(recording_without_frames_is_one)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_recorder recorder = tape_begin(&tape);
	size_t index;

	assert_int_equal(vm_recorder_close(&recorder), 0);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 0);
	assert_null(recording.rest.reason);
	assert_false(vm_recording_find(&recording, 0, &index));
}

TEST(empty_file_becomes_a_recording)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };

	tape_write(&tape, VM_STR(""));
	tape_add(&tape, 10, maps, "first");
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 1);
}

TEST(recording_is_for_its_owner_only)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	mode_t before = umask(0);
	struct stat info;

	tape_add(&tape, 10, maps, "first");
	umask(before);
	assert_int_equal(stat(tape.path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
}

TEST(second_recorder_is_refused)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder first = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_recorder second = { 0 };
	struct vm_recording_fault fault;

	assert_int_equal(vm_recorder_open(tape.path, &second, &fault), -EWOULDBLOCK);
	/* A reader is welcome. */
	recording = tape_open(&tape);
	assert_int_equal(vm_recorder_close(&first), 0);
	assert_int_equal(vm_recorder_open(tape.path, &second, &fault), 0);
	assert_int_equal(vm_recorder_close(&second), 0);
}

static void check_refused(const char *path, int error)
{
	struct vm_recording recording = { 0 };
	struct vm_recorder recorder = { 0 };
	struct vm_recording_fault fault;

	assert_row(vm_recording_open(path, &recording, &fault) < 0, path);
	assert_row(vm_recorder_open(path, &recorder, &fault) == error, path);
}

TEST(what_is_not_a_regular_file_is_refused)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();

	assert_int_equal(mkfifo(tape.path, 0600), 0);
	check_refused(tape.path, -EINVAL);
	check_refused(tape.folder.path, -EISDIR);
	check_refused("/dev/null", -EINVAL);
	check_refused("/dev/full", -EINVAL);
	check_refused("/nonexistent/tape", -ENOENT);
}

/* Whoever waits at its other end would take us for the one that it waits for. */
TEST(fifo_is_not_even_opened_for_writing)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	struct pollfd reader = { .events = POLLIN };

	assert_int_equal(mkfifo(tape.path, 0600), 0);
	reader.fd = open(tape.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(reader.fd >= 0);
	check_refused(tape.path, -EINVAL);
	/* There would have been a hangup. */
	assert_int_equal(poll(&reader, 1, 0), 0);
	close(reader.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recording_is_gone_on_with),
		cmocka_unit_test(recording_without_frames_is_one),
		cmocka_unit_test(empty_file_becomes_a_recording),
		cmocka_unit_test(recording_is_for_its_owner_only),
		cmocka_unit_test(second_recorder_is_refused),
		cmocka_unit_test(what_is_not_a_regular_file_is_refused),
		cmocka_unit_test(fifo_is_not_even_opened_for_writing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
