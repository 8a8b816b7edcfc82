/*
 * What is written to a recording and read again.
 */
#include "recording_support.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SECOND (INT64_C(1000000000))

static const char maps[] = "1000-2000 r-xp 00000000 08:01 7 /bin/x\n";

/* A round trip */

static struct vm_frame some_frame(void)
{
	return (struct vm_frame){
		.time_ns = -5,
		.start_time = UINT64_MAX - 1,
		.pid = INT32_MAX,
		.program = 5,
		.is_smaps = true,
		.has_rss = true,
		.has_swap = true,
		.mappings = 1,
		.size = 4096,
		.rss = UINT64_C(1) << 40,
		.pss = 3,
		.swap = 4,
	};
}

static void assert_same_frame(const struct vm_frame *a, const struct vm_frame *b)
{
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->time_ns, b->time_ns);
	assert_int_equal(a->start_time, b->start_time);
	assert_int_equal(a->pid, b->pid);
	assert_int_equal(a->thread, b->thread);
	assert_int_equal(a->is_smaps, b->is_smaps);
	assert_int_equal(a->program, b->program);
	assert_int_equal(a->has_rss, b->has_rss);
	assert_int_equal(a->has_pss, b->has_pss);
	assert_int_equal(a->has_swap, b->has_swap);
	assert_int_equal(a->text_error, b->text_error);
	assert_int_equal(a->mappings, b->mappings);
	assert_int_equal(a->size, b->size);
	assert_int_equal(a->rss, b->rss);
	assert_int_equal(a->pss, b->pss);
	assert_int_equal(a->swap, b->swap);
}

/* A recording of one frame that holds nothing but what @frame says. */
static void record_only(const struct tape *tape, struct vm_frame frame)
{
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(tape);

	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
}

TEST(frame_is_told_of_without_unpacking_it)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_frame frame = some_frame();

	assert_int_equal(vm_recorder_put_text(&recorder, maps, sizeof(maps) - 1), 0);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 1);
	assert_null(recording.rest.reason);
	assert_int_equal(recorder.frames, 1);
	assert_int_equal(recording.end, recorder.end);
	assert_same_frame(&recording.frames[0], &frame);
}

TEST(frame_gives_back_its_text_and_facts)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };

	tape_add(&tape, 1, maps, "7 (x) S");
	recording = tape_open(&tape);
	check_entry(&recording, 0, "maps", maps);
	check_entry(&recording, 0, "stat", "7 (x) S");
}

TEST(entry_that_was_not_recorded_is_missing)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	static const char *const names[] = { "smaps", "sta", "stat2", "", "zzz" };

	tape_add(&tape, 1, maps, "7 (x) S");
	recording = tape_open(&tape);
	for (size_t i = 0; i < COUNT(names); i++)
		assert_row(frame_read(&recording, 0, names[i], &text) == -ENOENT, names[i]);
}

TEST(entry_that_could_not_be_read_says_why)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_frame frame = { .text_error = -EACCES };

	assert_int_equal(vm_recorder_put_fact(&recorder, "limits", -EPERM, VM_STR("")), 0);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	assert_int_equal(frame_read(&recording, 0, "limits", &text), -EPERM);
	assert_int_equal(frame_read(&recording, 0, "maps", &text), -EACCES);
}

TEST(text_that_broke_off_ends_with_what_the_kernel_said)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_frame frame = { .text_error = -ESRCH };

	assert_int_equal(vm_recorder_put_text(&recorder, "1000", 4), 0);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	assert_int_equal(frame_read(&recording, 0, "maps", &text), -ESRCH);
	assert_same(vm_buf_str(&text), VM_STR("1000"));
}

TEST(empty_text_is_not_a_missing_one)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };

	record_only(&tape, (struct vm_frame){ .is_smaps = true });
	recording = tape_open(&tape);
	check_entry(&recording, 0, "smaps", "");
}

TEST(text_read_through_a_thread_stands_under_its_name)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_frame frame = { .thread = 12 };

	assert_int_equal(vm_recorder_put_text(&recorder, maps, sizeof(maps) - 1), 0);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	check_entry(&recording, 0, "task/12/maps", maps);
	check_entry(&recording, 0, "maps", "");
}

/* Numbers that do not repeat, so that they do not pack well either. */
static void put_noise(struct vm_buf *text, size_t size)
{
	uint64_t state = 1;

	while (text->len < size) {
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		vm_buf_put_hex(text, state, 16, '0');
	}
	assert_false(text->failed);
}

TEST(long_text_is_put_and_read_in_pieces_of_any_size)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf read = { 0 };
	struct vm_recording_fault fault;
	struct vm_frame frame = { 0 };
	struct vm_input input;
	size_t piece = 1;
	ssize_t n;

	put_noise(&text, 3000000);
	for (size_t at = 0; at < text.len; at += piece) {
		piece = piece * 3 % 100003;
		if (piece > text.len - at)
			piece = text.len - at;
		assert_int_equal(vm_recorder_put_text(&recorder, text.p + at, piece), 0);
	}
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	assert_int_equal(vm_recording_open_frame(&recording, 0, &source, &fault), 0);
	assert_int_equal(vm_input_open(&source, "maps", &input), 0);
	do {
		char *room = vm_buf_reserve(&read, piece = piece * 7 % 70001);

		assert_non_null(room);
		n = vm_input_read(&input, room, piece);
		assert_true(n >= 0);
		read.len += (size_t)n;
	} while (n > 0);
	vm_input_close(&input);
	assert_true(vm_str_equal(vm_buf_str(&read), vm_buf_str(&text)));
}

TEST(frame_can_be_read_when_its_recording_is_closed)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_recording_fault fault;
	struct vm_recording recording;

	tape_add(&tape, 1, maps, "7 (x) S");
	recording = tape_open(&tape);
	assert_int_equal(vm_recording_open_frame(&recording, 0, &source, &fault), 0);
	vm_recording_close(&recording);
	assert_int_equal(source.type, VM_SOURCE_FRAME);
	assert_int_equal(source.pid, 7);
	assert_int_equal(vm_source_frame(&source)->time_ns, 1);
	assert_int_equal(vm_source_read_entry(&source, "maps", 1000, &text), 0);
	assert_slice(vm_buf_str(&text), maps);
}

TEST(copy_of_a_frame_can_be_read_when_the_frame_is_closed)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_source_close) struct vm_source copy = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_recording_fault fault;
	struct vm_source source;

	tape_add(&tape, 1, maps, "7 (x) S");
	recording = tape_open(&tape);
	assert_int_equal(vm_recording_open_frame(&recording, 0, &source, &fault), 0);
	assert_int_equal(vm_source_copy(&source, &copy), 0);
	vm_source_close(&source);
	assert_int_equal(vm_source_frame(&copy)->time_ns, 1);
	assert_int_equal(vm_source_read_entry(&copy, "maps", 1000, &text), 0);
	assert_slice(vm_buf_str(&text), maps);
	assert_int_equal(vm_source_read_entry(&copy, "stat", 1000, &text), 0);
	assert_slice(vm_buf_str(&text), "7 (x) S");
}

TEST(what_is_no_frame_is_told_from_one)
{
	assert_null(vm_source_frame(&(struct vm_source){ .type = VM_SOURCE_FOLDER }));
}

/* Facts */

static int collect(pid_t tid, void *user)
{
	vm_buf_put_dec(user, (uint64_t)tid, 0, ' ');
	vm_buf_put_char(user, ' ');
	return tid == 300;
}

/* What a walk collects of a frame in which facts have these @names, and that it ends with @result. */
static void check_walk(const char *const *names, size_t count, int result, const char *walked)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf found = { 0 };
	struct vm_recording_fault fault;
	struct vm_frame frame = { 0 };

	for (size_t i = 0; i < count; i++)
		assert_int_equal(vm_recorder_put_fact(&recorder, names[i], 0, VM_STR("x")), 0);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	assert_int_equal(vm_recording_open_frame(&recording, 0, &source, &fault), 0);
	assert_int_equal(vm_source_each_task(&source, collect, &found), result);
	assert_same(vm_buf_str(&found), vm_str_from(walked));
}

TEST(each_task_of_a_frame_is_walked_once)
{
	static const char *const names[] = { "task/2/syscall", "task/10/stat", "tasks",
					     "task/2/stat",    "status",       "task/1/syscall" };

	check_walk(names, COUNT(names), 0, "1 10 2 ");
}

TEST(walk_of_the_tasks_of_a_frame_stops_when_told)
{
	static const char *const names[] = { "task/300/stat", "task/301/stat" };

	check_walk(names, COUNT(names), 1, "300 ");
}

TEST(fact_beyond_the_limit_is_left_out)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_frame frame = { 0 };

	assert_non_null(vm_buf_reserve(&text, VM_RECORDING_FACTS_MAX));
	memset(text.p, 'x', VM_RECORDING_FACTS_MAX);
	/* Eight bytes and the name come before it. */
	text.len = VM_RECORDING_FACTS_MAX - 8 - 3;
	assert_int_equal(vm_recorder_put_fact(&recorder, "long", 0, vm_buf_str(&text)), -EOVERFLOW);
	assert_int_equal(vm_recorder_put_fact(&recorder, "all", 0, vm_buf_str(&text)), 0);
	assert_int_equal(vm_recorder_put_fact(&recorder, "", 0, VM_STR("")), -EOVERFLOW);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	assert_int_equal(frame_read(&recording, 0, "long", &text), -ENOENT);
	assert_int_equal(frame_read(&recording, 0, "all", &text), 0);
	assert_int_equal(text.len, VM_RECORDING_FACTS_MAX - 8 - 3);
}

TEST(text_beyond_the_limit_makes_no_frame)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = tape_begin(&tape);
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	struct vm_frame frame = { 0 };

	/* As if so much had been put before. */
	recorder.text_size = VM_RECORDING_TEXT_MAX - 2;
	assert_int_equal(vm_recorder_put_text(&recorder, "xx", 2), 0);
	assert_int_equal(vm_recorder_put_text(&recorder, "x", 1), -EOVERFLOW);
	assert_int_equal(vm_recorder_put_text(&recorder, "", 0), -EOVERFLOW);
	assert_int_equal(vm_recorder_end(&recorder, &frame), -EOVERFLOW);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 0);
	assert_null(recording.rest.reason);
}

TEST(frame_that_is_taken_back_leaves_nothing)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = { 0 };
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf noise = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf before = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf after = { 0 };
	struct vm_frame frame = { 0 };

	tape_add(&tape, 10, maps, "first");
	tape_read(&tape, &before);
	put_noise(&noise, 1000000);
	recorder = tape_begin(&tape);
	assert_int_equal(vm_recorder_put_text(&recorder, noise.p, noise.len), 0);
	vm_recorder_drop(&recorder);
	tape_read(&tape, &after);
	assert_same(vm_buf_str(&after), vm_buf_str(&before));
	assert_int_equal(vm_recorder_begin(&recorder), 0);
	assert_int_equal(vm_recorder_put_text(&recorder, maps, sizeof(maps) - 1), 0);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 2);
	check_entry(&recording, 1, "maps", maps);
}

/* Times */

static void check_found(const struct vm_recording *recording, int64_t time_ns, size_t wanted)
{
	size_t index = SIZE_MAX;

	assert_true(vm_recording_find(recording, time_ns, &index));
	assert_int_equal(index, wanted);
}

TEST(frame_is_found_by_its_time)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	static const int64_t times[] = { 20, 30, 30, -10, 40 };

	for (size_t i = 0; i < COUNT(times); i++)
		record_only(&tape, (struct vm_frame){ .time_ns = times[i] * SECOND });
	recording = tape_open(&tape);
	check_found(&recording, INT64_MIN, 3);
	check_found(&recording, 19 * SECOND, 3);
	check_found(&recording, 20 * SECOND, 0);
	check_found(&recording, 30 * SECOND, 2);
	check_found(&recording, 40 * SECOND - 1, 2);
	check_found(&recording, INT64_MAX, 4);
}

/* The format */

TEST(recording_of_another_writer_is_read)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf packed_facts = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf packed_text = { 0 };
	struct raw_frame frame = { .flags = 15,
				   .pid = 5,
				   .time_ns = 6,
				   .start_time = 7,
				   .mappings = 8,
				   .size = 9,
				   .rss = 10,
				   .pss = 11,
				   .swap = 12 };

	raw_put_fact(&facts, "stat", 0, VM_STR("first"));
	raw_put_fact(&facts, "a name that nobody knows", 0, VM_STR("x"));
	raw_put_fact(&facts, "stat", 0, VM_STR("second"));
	raw_pack(vm_buf_str(&facts), &packed_facts);
	raw_pack(VM_STR(maps), &packed_text);
	frame.facts = vm_buf_str(&packed_facts);
	frame.facts_size = facts.len;
	frame.text = vm_buf_str(&packed_text);
	frame.text_size = sizeof(maps) - 1;
	raw_put_line(&bytes);
	raw_put_frame(&bytes, &frame);
	tape_write(&tape, vm_buf_str(&bytes));
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 1);
	assert_null(recording.rest.reason);
	assert_same_frame(&recording.frames[0], &(struct vm_frame){ .offset = 19,
								    .time_ns = 6,
								    .start_time = 7,
								    .pid = 5,
								    .is_smaps = true,
								    .has_rss = true,
								    .has_pss = true,
								    .has_swap = true,
								    .mappings = 8,
								    .size = 9,
								    .rss = 10,
								    .pss = 11,
								    .swap = 12 });
	check_entry(&recording, 0, "smaps", maps);
	check_entry(&recording, 0, "stat", "first");
}

TEST(header_is_written_as_the_format_says)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf wanted = { 0 };
	struct vm_frame frame = some_frame();
	struct raw_frame raw = { .flags = 1 | 2 | 8,
				 .time_ns = frame.time_ns,
				 .start_time = frame.start_time,
				 .pid = INT32_MAX,
				 .thread = 3,
				 .program = 5,
				 .text_error = ESRCH,
				 .mappings = frame.mappings,
				 .size = frame.size,
				 .rss = frame.rss,
				 .pss = frame.pss,
				 .swap = frame.swap };

	frame.thread = 3;
	frame.text_error = -ESRCH;
	record_only(&tape, frame);
	tape_read(&tape, &bytes);
	raw_put_line(&wanted);
	raw_put_frame(&wanted, &raw);
	assert_int_equal(wanted.len, 19 + 120);
	assert_same(vm_buf_str(&bytes), vm_buf_str(&wanted));
}

TEST(hundred_thousand_frames_are_found)
{
	const size_t count = 100000;
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };

	raw_put_line(&bytes);
	for (size_t i = 0; i < count; i++)
		raw_put_frame(&bytes, &(struct raw_frame){ .time_ns = (int64_t)i });
	tape_write(&tape, vm_buf_str(&bytes));
	recording = tape_open(&tape);
	assert_int_equal(recording.count, count);
	check_found(&recording, 77777, 77777);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_is_told_of_without_unpacking_it),
		cmocka_unit_test(frame_gives_back_its_text_and_facts),
		cmocka_unit_test(entry_that_was_not_recorded_is_missing),
		cmocka_unit_test(entry_that_could_not_be_read_says_why),
		cmocka_unit_test(text_that_broke_off_ends_with_what_the_kernel_said),
		cmocka_unit_test(empty_text_is_not_a_missing_one),
		cmocka_unit_test(text_read_through_a_thread_stands_under_its_name),
		cmocka_unit_test(long_text_is_put_and_read_in_pieces_of_any_size),
		cmocka_unit_test(frame_can_be_read_when_its_recording_is_closed),
		cmocka_unit_test(copy_of_a_frame_can_be_read_when_the_frame_is_closed),
		cmocka_unit_test(what_is_no_frame_is_told_from_one),
		cmocka_unit_test(each_task_of_a_frame_is_walked_once),
		cmocka_unit_test(walk_of_the_tasks_of_a_frame_stops_when_told),
		cmocka_unit_test(fact_beyond_the_limit_is_left_out),
		cmocka_unit_test(text_beyond_the_limit_makes_no_frame),
		cmocka_unit_test(frame_that_is_taken_back_leaves_nothing),
		cmocka_unit_test(frame_is_found_by_its_time),
		cmocka_unit_test(recording_of_another_writer_is_read),
		cmocka_unit_test(header_is_written_as_the_format_says),
		cmocka_unit_test(hundred_thousand_frames_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
