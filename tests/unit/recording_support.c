#include "recording_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <zstd.h>

struct tape tape_make(void)
{
	struct tape tape = { .folder = folder_make() };

	snprintf(tape.path, sizeof(tape.path), "%s/tape", tape.folder.path);
	return tape;
}

void tape_deinit(struct tape *tape)
{
	folder_deinit(&tape->folder);
}

void tape_read(const struct tape *tape, struct vm_buf *bytes)
{
	vm_buf_clear(bytes);
	read_file(tape->path, bytes);
}

void tape_write(const struct tape *tape, struct vm_str bytes)
{
	int fd = open(tape->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.len), bytes.len);
	close(fd);
}

void tape_add(const struct tape *tape, int64_t time_ns, const char *text, const char *stat)
{
	vm_cleanup(vm_recorder_close) struct vm_recorder recorder = { 0 };
	struct vm_frame frame = { .time_ns = time_ns, .pid = 7 };
	struct vm_recording_fault fault;

	assert_int_equal(vm_recorder_open(tape->path, &recorder, &fault), 0);
	assert_int_equal(vm_recorder_begin(&recorder), 0);
	assert_int_equal(vm_recorder_put_fact(&recorder, "stat", 0, vm_str_from(stat)), 0);
	assert_int_equal(vm_recorder_put_text(&recorder, text, strlen(text)), 0);
	assert_int_equal(vm_recorder_end(&recorder, &frame), 0);
}

struct vm_recorder tape_begin(const struct tape *tape)
{
	struct vm_recorder recorder = { 0 };
	struct vm_recording_fault fault = { 0 };

	assert_int_equal(vm_recorder_open(tape->path, &recorder, &fault), 0);
	assert_int_equal(vm_recorder_begin(&recorder), 0);
	return recorder;
}

struct vm_recording tape_open(const struct tape *tape)
{
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };

	assert_int_equal(vm_recording_open(tape->path, &recording, &fault), 0);
	return recording;
}

int frame_read(const struct vm_recording *recording, size_t index, const char *name,
	       struct vm_buf *text)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	struct vm_recording_fault fault = { 0 };
	int r = vm_recording_open_frame(recording, index, &source, &fault);

	return r < 0 ? r : vm_source_read_entry(&source, name, SIZE_MAX, text);
}

void check_entry(const struct vm_recording *recording, size_t index, const char *name,
		 const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	assert_int_equal(frame_read(recording, index, name, &text), 0);
	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

void raw_put_number(struct vm_buf *bytes, uint64_t value, size_t size)
{
	for (; size; size--, value /= 256)
		vm_buf_put_char(bytes, (char)(value % 256));
}

/* Bit by bit, as the polynomial is defined. */
uint32_t raw_crc(struct vm_str bytes)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (unsigned char)bytes.p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

void raw_put_line(struct vm_buf *bytes)
{
	vm_buf_put_text(bytes, "vmview recording 1\n");
}

static void put_checked_part(struct vm_buf *bytes, const struct raw_frame *frame)
{
	raw_put_number(bytes, frame->flags, 4);
	raw_put_number(bytes, (uint64_t)frame->time_ns, 8);
	raw_put_number(bytes, frame->start_time, 8);
	raw_put_number(bytes, frame->pid, 4);
	raw_put_number(bytes, frame->thread, 4);
	raw_put_number(bytes, frame->text.len, 8);
	raw_put_number(bytes, frame->text_size, 8);
	raw_put_number(bytes, raw_crc(frame->text), 4);
	raw_put_number(bytes, frame->text_error, 4);
	raw_put_number(bytes, frame->facts.len, 4);
	raw_put_number(bytes, frame->facts_size, 4);
	raw_put_number(bytes, raw_crc(frame->facts), 4);
	raw_put_number(bytes, frame->program, 4);
	raw_put_number(bytes, frame->mappings, 8);
	raw_put_number(bytes, frame->size, 8);
	raw_put_number(bytes, frame->rss, 8);
	raw_put_number(bytes, frame->pss, 8);
	raw_put_number(bytes, frame->swap, 8);
}

void raw_put_frame(struct vm_buf *bytes, const struct raw_frame *frame)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf checked = { 0 };

	put_checked_part(&checked, frame);
	vm_buf_put(bytes, "\x89vmf\r\n\x1a\n", 8);
	raw_put_number(bytes, raw_crc(vm_buf_str(&checked)), 4);
	vm_buf_put_str(bytes, vm_buf_str(&checked));
	vm_buf_put_str(bytes, frame->text);
	vm_buf_put_str(bytes, frame->facts);
	assert_false(bytes->failed);
}

void raw_put_fact(struct vm_buf *facts, const char *name, uint16_t error, struct vm_str bytes)
{
	raw_put_number(facts, strlen(name), 2);
	raw_put_number(facts, error, 2);
	raw_put_number(facts, bytes.len, 4);
	vm_buf_put_text(facts, name);
	vm_buf_put_str(facts, bytes);
}

void raw_pack(struct vm_str text, struct vm_buf *packed)
{
	size_t bound = ZSTD_compressBound(text.len), n;
	char *room;

	vm_buf_clear(packed);
	room = vm_buf_reserve(packed, bound);
	assert_non_null(room);
	n = ZSTD_compress(room, bound, text.p, text.len, 1);
	assert_false(ZSTD_isError(n));
	packed->len = n;
}
