#include "frame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmview/scan.h"

static bool scan_range(struct vm_str *cursor, struct vm_range *range)
{
	return vm_scan_hex(cursor, &range->start) && vm_scan_char(cursor, '-') &&
	       vm_scan_hex(cursor, &range->end) && vm_scan_char(cursor, '\n');
}

static int compare_ranges(const void *a, const void *b)
{
	const struct vm_range *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end > y->end) - (x->end < y->end);
}

/* Lines that are none end the list. */
static int index_linked(struct vm_open_frame *frame)
{
	const struct vm_fact *fact = vm_facts_get(&frame->facts, VM_FACT_LINKED);
	struct vm_str rest = fact ? fact->bytes : (struct vm_str){ 0 };
	struct vm_range range;

	while (scan_range(&rest, &range))
		frame->linked_count++;
	if (!frame->linked_count)
		return 0;
	frame->linked = reallocarray(NULL, frame->linked_count, sizeof(*frame->linked));
	if (!frame->linked)
		return -ENOMEM;
	rest = fact->bytes;
	for (size_t i = 0; i < frame->linked_count; i++)
		scan_range(&rest, &frame->linked[i]);
	qsort(frame->linked, frame->linked_count, sizeof(*frame->linked), compare_ranges);
	return 0;
}

/* Any failure but that of what the file holds needs no more words than its errno. */
static int blame(struct vm_recording_fault *fault, uint64_t offset, const char *reason, int r)
{
	if (r == -EBADMSG || r == -EFBIG)
		*fault = (struct vm_recording_fault){ offset, reason };
	return r;
}

static int fill(struct vm_open_frame *frame, int fd, const struct vm_frame_header *header,
		struct vm_recording_fault *fault)
{
	int r;

	if (header->text.size > VM_RECORDING_TEXT_MAX ||
	    header->facts.size > VM_RECORDING_FACTS_MAX)
		return blame(fault, header->frame.offset,
			     "the frame here unpacks to more than any vmview writes", -EFBIG);
	r = vm_extent_check(fd, &header->text);
	if (r < 0)
		return blame(fault, header->text.offset, "the text that begins here is damaged", r);
	r = vm_facts_read(fd, &header->facts, &frame->facts);
	if (r == 0)
		r = index_linked(frame);
	return blame(fault, header->facts.offset, "the facts that begin here are damaged", r);
}

static const char *text_entry(const struct vm_frame *frame)
{
	return frame->is_smaps ? "smaps" : "maps";
}

int vm_open_frame_new(int fd, const struct vm_frame_header *header, struct vm_open_frame **result,
		      struct vm_recording_fault *fault)
{
	struct vm_open_frame *frame = calloc(1, sizeof(*frame));
	int r;

	if (!frame)
		return -ENOMEM;
	atomic_init(&frame->users, 1);
	frame->frame = header->frame;
	frame->text = header->text;
	if (header->frame.thread)
		snprintf(frame->text_name, sizeof(frame->text_name), "task/%d/%s",
			 (int)header->frame.thread, text_entry(&header->frame));
	else
		snprintf(frame->text_name, sizeof(frame->text_name), "%s",
			 text_entry(&header->frame));
	r = fill(frame, fd, header, fault);
	if (r < 0)
		vm_open_frame_free(frame);
	else
		*result = frame;
	return r;
}

void vm_open_frame_share(struct vm_open_frame *frame)
{
	if (frame)
		atomic_fetch_add(&frame->users, 1);
}

struct vm_open_frame *vm_open_frame_free(struct vm_open_frame *frame)
{
	if (!frame || atomic_fetch_sub(&frame->users, 1) > 1)
		return NULL;
	vm_facts_deinit(&frame->facts);
	free(frame->linked);
	free(frame);
	return NULL;
}

static int open_text(const struct vm_open_frame *frame, int fd, struct vm_input *input)
{
	struct vm_input opened = { .fd = -1, .error = frame->frame.text_error };

	if (!frame->text.stored && opened.error)
		return opened.error;
	if (frame->text.stored) {
		opened.section = vm_section_new(fd, &frame->text);
		if (!opened.section)
			return -ENOMEM;
	}
	*input = opened;
	return 0;
}

int vm_open_frame_input(const struct vm_open_frame *frame, int fd, const char *name,
			struct vm_input *input)
{
	const struct vm_fact *fact = vm_facts_get(&frame->facts, name);

	if (strcmp(name, frame->text_name) == 0)
		return open_text(frame, fd, input);
	/* Of a main thread that has ended it is there, and empty. */
	if (frame->frame.thread && strcmp(name, text_entry(&frame->frame)) == 0) {
		*input = (struct vm_input){ .fd = -1 };
		return 0;
	}
	if (!fact)
		return -ENOENT;
	if (fact->error)
		return fact->error;
	*input = (struct vm_input){ .fd = -1, .rest = fact->bytes };
	return 0;
}

/* The number in "task/NUMBER/...". */
static bool task_of(struct vm_str name, pid_t *task)
{
	uint64_t number;

	if (!vm_str_starts(name, VM_STR("task/")))
		return false;
	name = vm_str_skip(name, 5);
	if (!vm_scan_dec(&name, &number) || number > INT32_MAX || !vm_scan_char(&name, '/'))
		return false;
	*task = (pid_t)number;
	return true;
}

/* All that is told of a task stands together, as the facts are sorted. */
int vm_open_frame_each_task(const struct vm_open_frame *frame, int (*found)(pid_t pid, void *user),
			    void *user)
{
	const struct vm_facts *facts = &frame->facts;
	size_t at = vm_facts_find(facts, VM_STR("task/"));
	pid_t last = -1, task;
	int r = 0;

	for (; r == 0 && at < facts->count; at++) {
		if (!task_of(facts->items[at].name, &task))
			break;
		if (task != last)
			r = found(task, user);
		last = task;
	}
	return r;
}

bool vm_open_frame_links(const struct vm_open_frame *frame, uint64_t start, uint64_t end)
{
	const struct vm_range range = { start, end };

	return frame->linked_count &&
	       bsearch(&range, frame->linked, frame->linked_count, sizeof(range), compare_ranges);
}
