/*
 * Recordings in a test.
 */
#pragma once

#include "helper.h"
#include "vmview/input.h"
#include "vmview/recorder.h"

/* A folder with a file that may become a recording. */
struct tape {
	struct folder folder;
	char path[80];
};

struct tape tape_make(void);
void tape_deinit(struct tape *tape);

/* All bytes of its file, and a file of just these. */
void tape_read(const struct tape *tape, struct vm_buf *bytes);
void tape_write(const struct tape *tape, struct vm_str bytes);

/* Append a frame with the text of maps @text and one fact, stat, to the recording. */
void tape_add(const struct tape *tape, int64_t time_ns, const char *text, const char *stat);

/* Begin a frame of it. */
struct vm_recorder tape_begin(const struct tape *tape);

/* Open what must be a recording. */
struct vm_recording tape_open(const struct tape *tape);

/* Replace @text by the entry @name of a frame. 0 or a negative errno. */
int frame_read(const struct vm_recording *recording, size_t index, const char *name,
	       struct vm_buf *text);

/* Fails unless frame @index has the entry @name with the text @wanted. */
void check_entry(const struct vm_recording *recording, size_t index, const char *name,
		 const char *wanted);

/* A frame put together by hand, as the header of recording.h tells, not by the code that is tested. */
struct raw_frame {
	uint32_t flags, pid, thread, text_error, program;
	int64_t time_ns;
	uint64_t start_time, mappings, size, rss, pss, swap;
	struct vm_str text, facts;      /* packed */
	uint64_t text_size, facts_size; /* unpacked */
};

void raw_put_line(struct vm_buf *bytes);
void raw_put_frame(struct vm_buf *bytes, const struct raw_frame *frame);
void raw_put_fact(struct vm_buf *facts, const char *name, uint16_t error, struct vm_str bytes);
void raw_put_number(struct vm_buf *bytes, uint64_t value, size_t size);
uint32_t raw_crc(struct vm_str bytes);

/* @text packed by zstd itself. */
void raw_pack(struct vm_str text, struct vm_buf *packed);
