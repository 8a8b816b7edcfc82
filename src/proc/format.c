#include "format.h"

#include <assert.h>
#include <string.h>

/* Where each number stands. */
enum {
	AT_CRC = 8,
	AT_FLAGS = 12,
	AT_TIME = 16,
	AT_START_TIME = 24,
	AT_PID = 32,
	AT_THREAD = 36,
	AT_TEXT_STORED = 40,
	AT_TEXT_SIZE = 48,
	AT_TEXT_CRC = 56,
	AT_TEXT_ERROR = 60,
	AT_FACTS_STORED = 64,
	AT_FACTS_SIZE = 68,
	AT_FACTS_CRC = 72,
	AT_PROGRAM = 76,
	AT_MAPPINGS = 80,
	AT_SIZE = 88,
	AT_RSS = 96,
	AT_PSS = 104,
	AT_SWAP = 112
};

enum { FLAG_SMAPS = 1, FLAG_RSS = 2, FLAG_PSS = 4, FLAG_SWAP = 8, FLAGS = 15 };

/* The highest errno that Linux has. */
#define ERRNO_MAX 4095

void vm_little_put(unsigned char *bytes, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
}

uint64_t vm_little_get(const unsigned char *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	return value;
}

static uint32_t flags_of(const struct vm_frame *frame)
{
	return (frame->is_smaps ? FLAG_SMAPS : 0u) | (frame->has_rss ? FLAG_RSS : 0u) |
	       (frame->has_pss ? FLAG_PSS : 0u) | (frame->has_swap ? FLAG_SWAP : 0u);
}

static uint32_t checksum(const unsigned char *bytes)
{
	return vm_crc32(0, bytes + AT_FLAGS, VM_FRAME_HEADER_SIZE - AT_FLAGS);
}

static void put_frame(const struct vm_frame *frame, unsigned char *bytes)
{
	vm_little_put(bytes + AT_FLAGS, flags_of(frame), 4);
	vm_little_put(bytes + AT_TIME, (uint64_t)frame->time_ns, 8);
	vm_little_put(bytes + AT_START_TIME, frame->start_time, 8);
	vm_little_put(bytes + AT_PID, (uint64_t)frame->pid, 4);
	vm_little_put(bytes + AT_THREAD, (uint64_t)frame->thread, 4);
	vm_little_put(bytes + AT_TEXT_ERROR, (uint64_t)-frame->text_error, 4);
	vm_little_put(bytes + AT_PROGRAM, frame->program, 4);
	vm_little_put(bytes + AT_MAPPINGS, frame->mappings, 8);
	vm_little_put(bytes + AT_SIZE, frame->size, 8);
	vm_little_put(bytes + AT_RSS, frame->rss, 8);
	vm_little_put(bytes + AT_PSS, frame->pss, 8);
	vm_little_put(bytes + AT_SWAP, frame->swap, 8);
}

void vm_frame_header_put(const struct vm_frame_header *header,
			 unsigned char bytes[VM_FRAME_HEADER_SIZE])
{
	memset(bytes, 0, VM_FRAME_HEADER_SIZE);
	memcpy(bytes, VM_FRAME_MAGIC, VM_FRAME_MAGIC_SIZE);
	put_frame(&header->frame, bytes);
	vm_little_put(bytes + AT_TEXT_STORED, header->text.stored, 8);
	vm_little_put(bytes + AT_TEXT_SIZE, header->text.size, 8);
	vm_little_put(bytes + AT_TEXT_CRC, header->text.crc, 4);
	vm_little_put(bytes + AT_FACTS_STORED, header->facts.stored, 4);
	vm_little_put(bytes + AT_FACTS_SIZE, header->facts.size, 4);
	vm_little_put(bytes + AT_FACTS_CRC, header->facts.crc, 4);
	vm_little_put(bytes + AT_CRC, checksum(bytes), 4);
}

static void get_frame(const unsigned char *bytes, struct vm_frame *frame)
{
	uint64_t flags = vm_little_get(bytes + AT_FLAGS, 4);

	*frame = (struct vm_frame){
		.time_ns = (int64_t)vm_little_get(bytes + AT_TIME, 8),
		.start_time = vm_little_get(bytes + AT_START_TIME, 8),
		.pid = (pid_t)vm_little_get(bytes + AT_PID, 4),
		.thread = (pid_t)vm_little_get(bytes + AT_THREAD, 4),
		.is_smaps = flags & FLAG_SMAPS,
		.has_rss = flags & FLAG_RSS,
		.has_pss = flags & FLAG_PSS,
		.has_swap = flags & FLAG_SWAP,
		.text_error = -(int)vm_little_get(bytes + AT_TEXT_ERROR, 4),
		.program = (uint32_t)vm_little_get(bytes + AT_PROGRAM, 4),
		.mappings = vm_little_get(bytes + AT_MAPPINGS, 8),
		.size = vm_little_get(bytes + AT_SIZE, 8),
		.rss = vm_little_get(bytes + AT_RSS, 8),
		.pss = vm_little_get(bytes + AT_PSS, 8),
		.swap = vm_little_get(bytes + AT_SWAP, 8),
	};
}

static bool all_zero(const unsigned char *bytes)
{
	for (size_t i = 0; i < VM_FRAME_HEADER_SIZE; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static enum vm_frame_state check(const unsigned char *bytes)
{
	if (all_zero(bytes))
		return VM_FRAME_UNFINISHED;
	if (memcmp(bytes, VM_FRAME_MAGIC, VM_FRAME_MAGIC_SIZE) != 0)
		return VM_FRAME_NONE;
	if (vm_little_get(bytes + AT_CRC, 4) != checksum(bytes))
		return VM_FRAME_DAMAGED;
	if (vm_little_get(bytes + AT_FLAGS, 4) & ~(uint64_t)FLAGS)
		return VM_FRAME_LATER;
	if (vm_little_get(bytes + AT_PID, 4) > INT32_MAX ||
	    vm_little_get(bytes + AT_THREAD, 4) > INT32_MAX ||
	    vm_little_get(bytes + AT_TEXT_ERROR, 4) > ERRNO_MAX)
		return VM_FRAME_ODD;
	return VM_FRAME_WHOLE;
}

enum vm_frame_state vm_frame_header_get(const unsigned char bytes[VM_FRAME_HEADER_SIZE],
					struct vm_frame_header *header)
{
	enum vm_frame_state state = check(bytes);

	if (state != VM_FRAME_WHOLE)
		return state;
	get_frame(bytes, &header->frame);
	header->text = (struct vm_extent){
		.stored = vm_little_get(bytes + AT_TEXT_STORED, 8),
		.size = vm_little_get(bytes + AT_TEXT_SIZE, 8),
		.crc = (uint32_t)vm_little_get(bytes + AT_TEXT_CRC, 4),
	};
	header->facts = (struct vm_extent){
		.stored = vm_little_get(bytes + AT_FACTS_STORED, 4),
		.size = vm_little_get(bytes + AT_FACTS_SIZE, 4),
		.crc = (uint32_t)vm_little_get(bytes + AT_FACTS_CRC, 4),
	};
	return VM_FRAME_WHOLE;
}

static const char *const reasons[] = {
	[VM_FRAME_WHOLE] = NULL,
	[VM_FRAME_UNFINISHED] = "the frame that begins here was never finished",
	[VM_FRAME_CUT] = "the file ends before the frame that begins here",
	[VM_FRAME_DAMAGED] = "the header of the frame that begins here is damaged",
	[VM_FRAME_LOST] = "the last frame, which begins here, is damaged",
	[VM_FRAME_LATER] = "the frame that begins here is of a later vmview",
	[VM_FRAME_ODD] = "the frame that begins here holds what no vmview writes",
	[VM_FRAME_NONE] = "there should be a frame here",
};
static_assert(sizeof(reasons) / sizeof(reasons[0]) == VM_FRAME_STATE_COUNT, "explain every state");

const char *vm_frame_state_reason(enum vm_frame_state state)
{
	return reasons[state];
}
