/*
 * Recordings that are damaged, cut off or foreign.
 */
#include "recording_support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char maps[] = "1000-2000 r-xp 00000000 08:01 7 /bin/x\n";
static const char line[] = "vmview recording 1\n";

#define FRAMES 3
#define LINE_SIZE (sizeof(line) - 1)
#define HEADER_SIZE 120

/* A small recording, as bytes, and where each of its frames begins and the last one ends. */
struct sound {
	struct vm_buf bytes;
	size_t begins[FRAMES + 1];
};

static struct sound sound_make(const struct tape *tape)
{
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct sound sound = { 0 };

	tape_add(tape, 10, maps, "0");
	tape_add(tape, 20, maps, "1");
	tape_add(tape, 30, maps, "2");
	recording = tape_open(tape);
	assert_int_equal(recording.count, FRAMES);
	for (size_t i = 0; i < FRAMES; i++)
		sound.begins[i] = (size_t)recording.frames[i].offset;
	sound.begins[FRAMES] = (size_t)recording.end;
	tape_read(tape, &sound.bytes);
	assert_int_equal(recording.end, sound.bytes.len);
	return sound;
}

static void sound_deinit(struct sound *sound)
{
	vm_buf_deinit(&sound->bytes);
}

static void check_sound_frame(const struct vm_recording *recording, size_t index)
{
	char stat[2] = { (char)('0' + index), '\0' };

	check_entry(recording, index, "maps", maps);
	check_entry(recording, index, "stat", stat);
}

static void check_unchanged(const struct tape *tape, struct vm_str before)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf after = { 0 };

	tape_read(tape, &after);
	assert_true(vm_str_equal(vm_buf_str(&after), before));
}

/* Open for going on, and leave it at that. The file must stay as it is. */
static int try_recorder(const struct tape *tape, struct vm_str before, struct vm_recorder *opened,
			struct vm_recording_fault *fault)
{
	struct vm_recorder recorder = { 0 };
	int r = vm_recorder_open(tape->path, &recorder, fault);

	*opened = recorder;
	assert_int_equal(vm_recorder_close(&recorder), 0);
	check_unchanged(tape, before);
	return r;
}

/* Cut off */

/* All frames but the last are whole; the recorder says what it will write over, and does. */
static void check_torn(const struct tape *tape, struct vm_str bytes, uint64_t end)
{
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };
	struct vm_recorder recorder;

	tape_write(tape, bytes);
	recording = tape_open(tape);
	assert_int_equal(recording.count, FRAMES - 1);
	assert_int_equal(recording.end, end);
	assert_int_equal(recording.rest.offset, end);
	assert_non_null(recording.rest.reason);
	check_sound_frame(&recording, FRAMES - 2);
	assert_int_equal(try_recorder(tape, bytes, &recorder, &fault), 0);
	assert_int_equal(recorder.frames, FRAMES - 1);
	assert_int_equal(recorder.torn.offset, end);
	assert_non_null(recorder.torn.reason);
	assert_int_equal(recorder.torn_size, bytes.len - end);
	tape_add(tape, 40, maps, "2");
	vm_recording_close(&recording);
	recording = tape_open(tape);
	assert_int_equal(recording.count, FRAMES);
	assert_null(recording.rest.reason);
	for (size_t i = 0; i < FRAMES; i++)
		check_sound_frame(&recording, i);
}

TEST(recording_that_ends_anywhere_in_its_last_frame_is_good_up_to_there)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	size_t begin = sound.begins[FRAMES - 1];

	for (size_t len = begin + 1; len < sound.bytes.len; len++)
		check_torn(&tape, (struct vm_str){ sound.bytes.p, len }, begin);
}

TEST(recording_whose_writer_was_stopped_is_good_up_to_there)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	size_t begin = sound.begins[FRAMES - 1];

	memset(sound.bytes.p + begin, 0, HEADER_SIZE);
	for (size_t len = begin + 1; len <= sound.bytes.len; len++)
		check_torn(&tape, (struct vm_str){ sound.bytes.p, len }, begin);
}

TEST(last_frame_of_which_only_the_header_reached_the_disk_is_not_counted)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	size_t begin = sound.begins[FRAMES - 1], body = begin + HEADER_SIZE;

	memset(sound.bytes.p + body, 0, sound.bytes.len - body);
	check_torn(&tape, vm_buf_str(&sound.bytes), begin);
}

TEST(recording_cut_between_frames_is_whole)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);

	for (size_t i = 0; i <= FRAMES; i++) {
		vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };

		tape_write(&tape, (struct vm_str){ sound.bytes.p, sound.begins[i] });
		recording = tape_open(&tape);
		assert_int_equal(recording.count, i);
		assert_null(recording.rest.reason);
	}
}

/* Damaged */

/* Of the frame that has the byte @at nothing is given; of those before it everything, and all is told. */
static void check_flipped(const struct sound *sound, const struct vm_recording *recording,
			  size_t at)
{
	size_t hit = 0;

	while (at >= sound->begins[hit + 1])
		hit++;
	assert_true(recording->count >= hit);
	for (size_t i = 0; i < hit; i++)
		check_sound_frame(recording, i);
	if (recording->count == hit) {
		assert_int_equal(recording->rest.offset, sound->begins[hit]);
		assert_non_null(recording->rest.reason);
	} else {
		struct vm_source source = { 0 };
		struct vm_recording_fault fault = { 0 };

		assert_int_equal(vm_recording_open_frame(recording, hit, &source, &fault),
				 -EBADMSG);
		assert_non_null(fault.reason);
		assert_true(fault.offset > sound->begins[hit] && fault.offset <= at);
		for (size_t i = hit + 1; i < FRAMES; i++)
			check_sound_frame(recording, i);
	}
}

static void check_line_flipped(const struct tape *tape, size_t at)
{
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };

	assert_int_equal(vm_recording_open(tape->path, &recording, &fault), -EBADMSG);
	assert_int_equal(fault.offset, at);
	assert_non_null(fault.reason);
}

static void check_flip(const struct tape *tape, struct sound *sound, size_t at, char bits)
{
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };
	struct vm_recorder recorder;
	int r;

	sound->bytes.p[at] ^= bits;
	tape_write(tape, vm_buf_str(&sound->bytes));
	if (at < LINE_SIZE) {
		check_line_flipped(tape, at);
	} else {
		recording = tape_open(tape);
		check_flipped(sound, &recording, at);
	}
	r = try_recorder(tape, vm_buf_str(&sound->bytes), &recorder, &fault);
	/* Frames behind the damage are nobody's to cut off. */
	if (r == 0)
		assert_true(recorder.frames >= FRAMES - 1);
	else
		assert_int_equal(r, -EBADMSG);
	sound->bytes.p[at] ^= bits;
}

TEST(any_damaged_byte_is_noticed_and_what_is_whole_is_given)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	static const char patterns[] = { 1, '\x80', '\xff' };

	for (size_t at = 0; at < sound.bytes.len; at++) {
		for (size_t i = 0; i < COUNT(patterns); i++)
			check_flip(&tape, &sound, at, patterns[i]);
	}
}

static void check_left_alone(const struct tape *tape, struct vm_str bytes, uint64_t offset)
{
	struct vm_recording_fault fault = { 0 };
	struct vm_recorder recorder;

	tape_write(tape, bytes);
	assert_int_equal(try_recorder(tape, bytes, &recorder, &fault), -EBADMSG);
	assert_int_equal(fault.offset, offset);
	assert_non_null(fault.reason);
}

TEST(frames_behind_a_damaged_header_are_not_written_over)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	size_t begin = sound.begins[1];

	sound.bytes.p[begin + 50] ^= 1;
	check_left_alone(&tape, vm_buf_str(&sound.bytes), begin);
	memset(sound.bytes.p + begin, 0, HEADER_SIZE);
	check_left_alone(&tape, vm_buf_str(&sound.bytes), begin);
	/* Not even where the last of them is cut off. */
	sound.bytes.len--;
	check_left_alone(&tape, vm_buf_str(&sound.bytes), begin);
}

TEST(what_somebody_else_put_behind_the_last_frame_is_not_written_over)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	size_t end = sound.bytes.len;

	vm_buf_put_text(&sound.bytes, "x");
	check_left_alone(&tape, vm_buf_str(&sound.bytes), end);
	vm_buf_put_repeat(&sound.bytes, 'x', 1000);
	check_left_alone(&tape, vm_buf_str(&sound.bytes), end);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, FRAMES);
	assert_int_equal(recording.rest.offset, end);
	assert_non_null(recording.rest.reason);
}

/* A frame whose header says what this vmview does not know or believe. */
static void check_odd(const struct raw_frame *frame)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };

	raw_put_line(&bytes);
	raw_put_frame(&bytes, frame);
	check_left_alone(&tape, vm_buf_str(&bytes), LINE_SIZE);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 0);
	assert_int_equal(recording.rest.offset, LINE_SIZE);
	assert_non_null(recording.rest.reason);
}

TEST(frame_of_a_later_vmview_is_neither_read_nor_written_over)
{
	check_odd(&(struct raw_frame){ .flags = 16 });
}

TEST(header_with_impossible_numbers_is_refused)
{
	check_odd(&(struct raw_frame){ .pid = UINT32_C(1) << 31 });
	check_odd(&(struct raw_frame){ .thread = UINT32_MAX });
	check_odd(&(struct raw_frame){ .text_error = 4096 });
	check_odd(&(struct raw_frame){ .text_error = UINT32_MAX });
}

/* The places that it tells would wrap around, in 64 bits or in 32. */
TEST(frame_that_claims_to_be_longer_than_the_file_is_cut_off)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	static const uint64_t stored[] = { 0x10, UINT64_MAX - 8, UINT64_MAX - 120, UINT64_MAX - 138,
					   UINT32_MAX - 120 };

	for (size_t i = 0; i < 2 * COUNT(stored); i++) {
		vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
		vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };
		vm_cleanup(vm_buf_deinit) struct vm_buf checked = { 0 };
		size_t at = i % 2 ? 40 : 64, size = i % 2 ? 8 : 4;

		raw_put_line(&bytes);
		raw_put_frame(&bytes, &(struct raw_frame){ 0 });
		raw_put_number(&checked, stored[i / 2], size);
		memcpy(bytes.p + LINE_SIZE + at, checked.p, size);
		vm_buf_clear(&checked);
		raw_put_number(&checked, raw_crc((struct vm_str){ bytes.p + LINE_SIZE + 12, 108 }),
			       4);
		memcpy(bytes.p + LINE_SIZE + 8, checked.p, 4);
		tape_write(&tape, vm_buf_str(&bytes));
		recording = tape_open(&tape);
		assert_int_equal(recording.count, 0);
		assert_int_equal(recording.rest.offset, LINE_SIZE);
	}
}

/* Foreign */

static void check_foreign(const struct tape *tape, struct vm_str bytes, uint64_t offset)
{
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };

	check_left_alone(tape, bytes, offset);
	assert_int_equal(vm_recording_open(tape->path, &recording, &fault), -EBADMSG);
	assert_int_equal(fault.offset, offset);
	assert_non_null(fault.reason);
	vm_recording_close(&recording);
}

TEST(what_is_not_a_recording_is_told_from_one_and_left_alone)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf packed = { 0 };

	raw_pack(VM_STR(maps), &packed);
	check_foreign(&tape, vm_buf_str(&packed), 0);
	check_foreign(&tape, VM_STR(maps), 0);
	check_foreign(&tape, VM_STR("v"), 1);
	check_foreign(&tape, VM_STR("vmview recording"), 16);
	check_foreign(&tape, VM_STR("vmview recording 1"), 18);
	check_foreign(&tape, VM_STR("vmview recording 1 \n"), 18);
	check_foreign(&tape, VM_STR("vmview recording 1\r\n"), 18);
	check_foreign(&tape, VM_STR("vmview recording 2\n"), 17);
	check_foreign(&tape, VM_STR("\0vmview recording 1\n"), 0);
}

static void check_unopened(const char *path, int error)
{
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault;

	assert_row(vm_recording_open(path, &recording, &fault) == error, path);
}

/* The number that the next file will have. */
static int next_descriptor(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

TEST(what_is_refused_is_not_kept_open)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	struct vm_recording recording = { 0 };
	struct vm_source source = { 0 };
	struct vm_recording_fault fault;
	int before = next_descriptor();

	sound.bytes.p[sound.bytes.len - 1] ^= 1;
	check_foreign(&tape, VM_STR(maps), 0);
	check_left_alone(&tape, VM_STR("vmview recording 1\nx"), LINE_SIZE);
	check_unopened(tape.folder.path, -EINVAL);
	sound.bytes.p[sound.begins[1] - 1] ^= 1;
	tape_write(&tape, vm_buf_str(&sound.bytes));
	recording = tape_open(&tape);
	assert_int_equal(vm_recording_open_frame(&recording, 0, &source, &fault), -EBADMSG);
	vm_recording_close(&recording);
	assert_int_equal(next_descriptor(), before);
}

TEST(recording_of_a_later_format_is_told_from_what_is_none)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	struct vm_recording recording = { 0 };
	struct vm_recording_fault later = { 0 }, none = { 0 };

	tape_write(&tape, VM_STR("vmview recording 2\n"));
	assert_int_equal(vm_recording_open(tape.path, &recording, &later), -EBADMSG);
	tape_write(&tape, VM_STR("vmview recorder 1\n"));
	assert_int_equal(vm_recording_open(tape.path, &recording, &none), -EBADMSG);
	assert_string_not_equal(later.reason, none.reason);
}

TEST(empty_file_is_no_recording)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { .offset = 1 };

	tape_write(&tape, VM_STR(""));
	assert_int_equal(vm_recording_open(tape.path, &recording, &fault), -EBADMSG);
	assert_int_equal(fault.offset, 0);
}

TEST(what_is_not_a_regular_file_is_no_recording_and_keeps_nobody_waiting)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();

	assert_int_equal(mkfifo(tape.path, 0600), 0);
	check_unopened(tape.path, -EINVAL);
	check_unopened(tape.folder.path, -EINVAL);
	check_unopened("/dev/zero", -EINVAL);
	check_unopened("/nonexistent/tape", -ENOENT);
}

TEST(endless_file_of_nothing_is_no_recording)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };
	struct vm_recorder recorder = { 0 };

	tape_write(&tape, VM_STR(line));
	assert_int_equal(truncate(tape.path, INT64_C(1) << 40), 0);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 0);
	assert_non_null(recording.rest.reason);
	assert_int_equal(vm_recorder_open(tape.path, &recorder, &fault), -EBADMSG);
	assert_int_equal(fault.offset, LINE_SIZE);
}

TEST(file_full_of_beginnings_of_frames_keeps_nobody_waiting)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };

	raw_put_line(&bytes);
	while (bytes.len < 64 << 20)
		vm_buf_put(&bytes, "\x89vmf\r\n\x1a\n", 8);
	check_left_alone(&tape, vm_buf_str(&bytes), LINE_SIZE);
}

TEST(file_that_changes_under_its_reader_is_told)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(sound_deinit) struct sound sound = sound_make(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = tape_open(&tape);
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_recording_fault fault = { 0 };

	assert_int_equal(vm_recording_open_frame(&recording, 2, &source, &fault), 0);
	assert_int_equal(truncate(tape.path, (off_t)sound.begins[1] + 10), 0);
	assert_int_equal(vm_source_read_entry(&source, "maps", 1000, &text), -EBADMSG);
	vm_source_close(&source);
	assert_int_equal(vm_recording_open_frame(&recording, 2, &source, &fault), -EBADMSG);
	assert_int_equal(fault.offset, sound.begins[2]);
	assert_int_equal(vm_recording_open_frame(&recording, 1, &source, &fault), -EBADMSG);
	assert_int_equal(fault.offset, sound.begins[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			recording_that_ends_anywhere_in_its_last_frame_is_good_up_to_there),
		cmocka_unit_test(recording_whose_writer_was_stopped_is_good_up_to_there),
		cmocka_unit_test(
			last_frame_of_which_only_the_header_reached_the_disk_is_not_counted),
		cmocka_unit_test(recording_cut_between_frames_is_whole),
		cmocka_unit_test(any_damaged_byte_is_noticed_and_what_is_whole_is_given),
		cmocka_unit_test(frames_behind_a_damaged_header_are_not_written_over),
		cmocka_unit_test(what_somebody_else_put_behind_the_last_frame_is_not_written_over),
		cmocka_unit_test(frame_of_a_later_vmview_is_neither_read_nor_written_over),
		cmocka_unit_test(header_with_impossible_numbers_is_refused),
		cmocka_unit_test(frame_that_claims_to_be_longer_than_the_file_is_cut_off),
		cmocka_unit_test(what_is_not_a_recording_is_told_from_one_and_left_alone),
		cmocka_unit_test(what_is_refused_is_not_kept_open),
		cmocka_unit_test(recording_of_a_later_format_is_told_from_what_is_none),
		cmocka_unit_test(empty_file_is_no_recording),
		cmocka_unit_test(
			what_is_not_a_regular_file_is_no_recording_and_keeps_nobody_waiting),
		cmocka_unit_test(endless_file_of_nothing_is_no_recording),
		cmocka_unit_test(file_full_of_beginnings_of_frames_keeps_nobody_waiting),
		cmocka_unit_test(file_that_changes_under_its_reader_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
