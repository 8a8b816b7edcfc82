/*
 * Recordings on a disk that is full or fails: the linker hands the library's writes to the functions here
 * (--wrap), which let a chosen one fail.
 */
#include "recording_support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char maps[] = "1000-2000 r-xp 00000000 08:01 7 /bin/x\n";

static struct {
	bool armed;
	int left;     /* writes until the one that fails */
	int error;    /* with which it fails; 0: it writes half of what it should */
	bool forever; /* so do all that follow */
	bool stuck;   /* nor can the file be cut off */
} trap;

static bool falls(void)
{
	if (!trap.armed || trap.left-- > 0)
		return false;
	trap.armed = trap.forever;
	return true;
}

/* Which of the two names the library calls is up to the C library. */
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t size, off_t offset);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_ftruncate64(int fd, off_t size);

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	union {
		const void *in;
		void *out;
	} base = { bytes };

	if (falls()) {
		errno = trap.error;
		if (trap.error)
			return -1;
		size = (size + 1) / 2;
	}
	return pwritev(fd, &(struct iovec){ base.out, size }, 1, offset);
}

ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t size, off_t offset)
{
	return __wrap_pwrite(fd, bytes, size, offset);
}

int __wrap_ftruncate(int fd, off_t size)
{
	char path[32];

	if (trap.stuck) {
		errno = EIO;
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return truncate(path, size);
}

int __wrap_ftruncate64(int fd, off_t size)
{
	return __wrap_ftruncate(fd, size);
}

/* Text that takes several writes. */
static struct vm_buf long_text(void)
{
	struct vm_buf text = { 0 };
	uint64_t state = 1;

	while (text.len < 500000) {
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		vm_buf_put_hex(&text, state, 16, '0');
	}
	assert_false(text.failed);
	return text;
}

/* One frame of @text; ends it whatever happens before. */
static int put_frame(struct vm_recorder *recorder, struct vm_str text)
{
	struct vm_frame frame = { 0 };
	int r = vm_recorder_begin(recorder), put;

	put = vm_recorder_put_fact(recorder, "stat", 0, VM_STR("x"));
	assert_int_equal(put, r);
	put = vm_recorder_put_text(recorder, text.p, text.len);
	r = vm_recorder_end(recorder, &frame);
	if (put < 0)
		assert_int_equal(put, r);
	return r;
}

static void open_recorder(const struct tape *tape, struct vm_recorder *recorder)
{
	struct vm_recording_fault fault;

	assert_int_equal(vm_recorder_open(tape->path, recorder, &fault), 0);
}

/* As readers see it: @count frames, the first short, and nothing wrong. */
static void check_frames(const struct tape *tape, size_t count)
{
	vm_cleanup(vm_recording_close) struct vm_recording recording = tape_open(tape);

	assert_int_equal(recording.count, count);
	assert_null(recording.rest.reason);
	check_entry(&recording, 0, "maps", maps);
}

/*
 * A write of each frame in turn fails so; the frame before stays, and another can be written. Returns how many
 * failed.
 */
static int check_failures(int error, bool forever)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = long_text();
	int failed = 0;

	for (int n = 0;; n++) {
		vm_cleanup(tape_deinit) struct tape tape = tape_make();
		vm_cleanup(vm_recorder_close) struct vm_recorder recorder = { 0 };
		bool fell;
		int r;

		open_recorder(&tape, &recorder);
		assert_int_equal(put_frame(&recorder, VM_STR(maps)), 0);
		trap.armed = true;
		trap.left = n;
		trap.error = error;
		trap.forever = forever;
		r = put_frame(&recorder, vm_buf_str(&text));
		fell = trap.left < 0;
		trap.armed = false;
		failed += r < 0;
		assert_int_equal(r < 0 ? r : 0, fell && error != EINTR ? -error : 0);
		check_frames(&tape, r < 0 ? 1 : 2);
		assert_int_equal(recorder.frames, r < 0 ? 1 : 2);
		assert_int_equal(put_frame(&recorder, VM_STR(maps)), 0);
		check_frames(&tape, r < 0 ? 2 : 3);
		if (!fell)
			return failed;
	}
}

TEST(write_that_fails_leaves_the_frames_before)
{
	assert_true(check_failures(ENOSPC, true) > 5);
	assert_true(check_failures(EIO, false) > 5);
}

TEST(short_and_interrupted_writes_are_gone_on_with)
{
	assert_int_equal(check_failures(0, false), 0);
	assert_int_equal(check_failures(EINTR, false), 0);
}

/* What could not be taken back is seen as what it is, and the next frame takes its place. */
TEST(frame_that_can_neither_be_written_nor_taken_back_does_no_harm)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = long_text();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = { 0 };
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };

	open_recorder(&tape, &recorder);
	assert_int_equal(put_frame(&recorder, VM_STR(maps)), 0);
	assert_int_equal(vm_recorder_begin(&recorder), 0);
	trap.stuck = true;
	assert_int_equal(vm_recorder_put_text(&recorder, text.p, text.len), 0);
	vm_recorder_drop(&recorder);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 1);
	assert_int_equal(recording.rest.offset, recorder.end);
	assert_non_null(recording.rest.reason);
	assert_int_equal(put_frame(&recorder, VM_STR(maps)), -EIO);
	trap.stuck = false;
	assert_int_equal(put_frame(&recorder, VM_STR(maps)), 0);
	check_frames(&tape, 2);
}

TEST(recording_that_cannot_begin_leaves_an_empty_file)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };
	struct vm_recorder recorder = { 0 };
	struct vm_recording_fault fault;

	trap.armed = true;
	trap.left = 0;
	trap.error = ENOSPC;
	assert_int_equal(vm_recorder_open(tape.path, &recorder, &fault), -ENOSPC);
	tape_read(&tape, &bytes);
	assert_int_equal(bytes.len, 0);
}

/* In a child, whose files may not grow beyond @limit. Returns its wait status. */
static int write_limited(const struct tape *tape, rlim_t limit, bool ignored)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = long_text();
		struct vm_recorder recorder = { 0 };
		struct vm_recording_fault fault;
		int r;

		signal(SIGXFSZ, ignored ? SIG_IGN : SIG_DFL);
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ limit, limit });
		r = vm_recorder_open(tape->path, &recorder, &fault);
		if (r == 0)
			r = put_frame(&recorder, vm_buf_str(&text));
		_exit(r == -EFBIG ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

TEST(file_that_may_not_grow_keeps_its_frames)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	rlim_t limit;

	tape_add(&tape, 1, maps, "x");
	limit = 60000;
	assert_int_equal(write_limited(&tape, limit, true), 0);
	check_frames(&tape, 1);
}

TEST(recorder_that_is_killed_leaves_the_frames_before)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	int status;

	tape_add(&tape, 1, maps, "x");
	status = write_limited(&tape, 60000, false);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGXFSZ);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 1);
	assert_non_null(recording.rest.reason);
	check_entry(&recording, 0, "maps", maps);
	tape_add(&tape, 2, maps, "y");
	check_frames(&tape, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_that_fails_leaves_the_frames_before),
		cmocka_unit_test(short_and_interrupted_writes_are_gone_on_with),
		cmocka_unit_test(frame_that_can_neither_be_written_nor_taken_back_does_no_harm),
		cmocka_unit_test(recording_that_cannot_begin_leaves_an_empty_file),
		cmocka_unit_test(file_that_may_not_grow_keeps_its_frames),
		cmocka_unit_test(recorder_that_is_killed_leaves_the_frames_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
