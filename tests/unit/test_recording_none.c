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

TEST(recording_is_not_opened)
{
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault;

	assert_int_equal(vm_recording_open("/dev/null", &recording, &fault), -EOPNOTSUPP);
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
		cmocka_unit_test(recording_is_not_opened),
		cmocka_unit_test(no_file_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
