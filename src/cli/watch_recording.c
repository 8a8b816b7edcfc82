#include "watch_recording.h"

#include <errno.h>

#include "frames.h"
#include "message.h"
#include "sources.h"
#include "status.h"
#include "vmview/recording.h"
#include "watch_story.h"

/* What is damaged is said and passed over. */
static int say_damaged(struct vm_teller *teller, int r, struct vm_buf *reason)
{
	vm_say(teller->options->program, "%s: %.*s", teller->options->from, (int)reason->len,
	       reason->p ? reason->p : "out of memory");
	teller->status |= VM_EXIT_FAILURE;
	vm_buf_deinit(reason);
	return r == -ENOMEM ? r : 0;
}

/* Frames of another process have nothing to do with those before. */
static bool is_same(const struct vm_frame *a, const struct vm_frame *b)
{
	return a->pid == b->pid && a->start_time == b->start_time;
}

static int tell_frame(struct vm_teller *teller, struct vm_story *story,
		      const struct vm_recording *recording, size_t index)
{
	const struct vm_frame *frame = &recording->frames[index];
	struct tui_sample sample = { .realtime_ns = frame->time_ns, .program = frame->program };
	struct vm_buf reason = { 0 };
	struct vm_source source;
	int r = vm_frames_open_one(recording, index, &source, &reason);

	if (r < 0)
		return say_damaged(teller, r, &reason);
	if (index && !is_same(frame, frame - 1))
		story->has_last = false;
	story->source = &source;
	r = vm_sample_process(&source, &sample.process);
	if (r == 0) {
		sample.error = vm_sample_snapshot(&source, vm_watch_detail(teller->options),
						  &sample.snapshot, &sample.report);
		r = vm_story_take(teller, story, &sample);
	}
	tui_sample_deinit(&sample);
	vm_source_close(&source);
	story->source = NULL;
	return r;
}

/* A recording may have been continued with another process. */
static bool has_several(const struct vm_recording *recording)
{
	for (size_t i = 1; i < recording->count; i++) {
		if (!is_same(&recording->frames[i - 1], &recording->frames[i]))
			return true;
	}
	return false;
}

/* All that happened, one frame after the other, at the times that they tell. */
static int tell_recording(struct vm_teller *teller, const struct vm_recording *recording)
{
	struct vm_story story = { 0 };
	int r = vm_watch_begin(&teller->lines);

	if (r == 0 && !recording->count) {
		vm_say(teller->options->program, "%s: there is no whole frame in this recording",
		       teller->options->from);
		teller->status = VM_EXIT_FAILURE;
	}
	for (size_t i = 0; r == 0 && i < recording->count; i++) {
		r = tell_frame(teller, &story, recording, i);
		if (r == 0)
			r = vm_watch_flush(&teller->lines);
		if (vm_teller_has_enough(teller, i == 0))
			break;
	}
	tui_sample_deinit(&story.last);
	return r;
}

int vm_watch_recording(const struct vm_options *options, FILE *out)
{
	struct vm_teller teller = { .options = options };
	struct vm_recording recording = { 0 };
	struct vm_buf why = { 0 };
	int r = vm_frames_open(options->program, options->from, &recording, &why);

	if (r < 0) {
		vm_say(options->program, "%s: %.*s%s", options->from, VM_TEXT(why),
		       r == -EINVAL ?
			       ": --watch looks at processes and recordings, --diff compares "
			       "captures" :
			       "");
		vm_buf_deinit(&why);
		return VM_EXIT_FAILURE;
	}
	vm_watch_lines_init(&teller.lines, options, out);
	teller.lines.several = has_several(&recording);
	r = tell_recording(&teller, &recording);
	if (r < 0)
		teller.status |= vm_output_failed(options, r);
	vm_watch_lines_deinit(&teller.lines);
	vm_recording_close(&recording);
	return teller.status;
}
