/*
 * Recordings in a library that is built without zstd.
 */
#include "helper.h"

#include <errno.h>
#include <unistd.h>

#include "vmview/recorder.h"

TEST(library_says_that_it_has_no_recordings)
{
	assert_false(vm_recording_supported());
}

TEST(recording_is_told_from_what_is_none)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *tape = folder_join(&folder, "tape");
	vm_cleanup(text_free) char *capture = folder_join(&folder, "maps");
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault;

	folder_write(&folder, "tape", "vmview recording 1\n");
	folder_write(&folder, "maps", "1000-2000 rw-p 00000000 00:00 0\n");
	assert_int_equal(vm_recording_open(tape, &recording, &fault), -EOPNOTSUPP);
	assert_int_equal(vm_recording_open(capture, &recording, &fault), -EBADMSG);
	assert_int_equal(vm_recording_open("/dev/null", &recording, &fault), -EINVAL);
	vm_recording_close(&recording);
}

TEST(no_file_is_made)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "tape");
	struct vm_recorder recorder = { 0 };
	struct vm_recording_fault fault;

	assert_int_equal(vm_recorder_open(path, &recorder, &fault), -EOPNOTSUPP);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(vm_recorder_close(&recorder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(library_says_that_it_has_no_recordings),
		cmocka_unit_test(recording_is_told_from_what_is_none),
		cmocka_unit_test(no_file_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
