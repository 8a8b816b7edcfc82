#include "watch_story.h"

#include <errno.h>

#include "message.h"
#include "sources.h"
#include "status.h"
#include "vmview/limits.h"

/* Changes are told by maps alone, which is cheap; unless a filter asks for what only smaps has. */
enum vm_detail vm_watch_detail(const struct vm_options *options)
{
	return options->task == VM_TASK_WATCH_SUMS ||
			       vm_filter_needs_smaps(&options->selection.filter) ?
		       VM_DETAIL_SMAPS :
		       VM_DETAIL_MAPS;
}

/* Says @reason and frees it. */
static void say_of(const struct vm_teller *teller, const struct tui_sample *sample,
		   struct vm_buf *reason)
{
	vm_say_of(teller->options->program, &sample->process, vm_buf_str(reason));
	vm_buf_deinit(reason);
}

/* What needs smaps is told, or matched, by maps alone. */
static void say_limit(struct vm_teller *teller, struct vm_story *story,
		      const struct tui_sample *sample)
{
	struct vm_buf reason = { 0 };

	teller->status |= VM_EXIT_FAILURE;
	if (story->was_read)
		return;
	vm_put_unreadable(&reason, &sample->process, -ENOENT, &sample->report);
	say_of(teller, sample, &reason);
}

/* Said once, until it can be read again. What could not be read from the first is not watched. */
static int take_failure(struct vm_teller *teller, struct vm_story *story,
			const struct tui_sample *sample)
{
	struct vm_buf reason = { 0 };

	if (sample->error == -ENOMEM)
		return -ENOMEM;
	if (!story->unreadable) {
		vm_put_unreadable(&reason, &sample->process, sample->error, &sample->report);
		say_of(teller, sample, &reason);
	}
	teller->status |= VM_EXIT_FAILURE;
	story->unreadable = true;
	story->over |= !story->was_read;
	story->has_last = false;
	return 0;
}

/* What has no memory of its own will not get any; what has just begun will. */
static void take_nothing(struct vm_teller *teller, struct vm_story *story,
			 const struct tui_sample *sample)
{
	struct vm_buf reason = { 0 };

	if (story->was_read || story->unreadable)
		return;
	vm_put_empty(&reason, teller->options->program, story->source, &sample->process);
	say_of(teller, sample, &reason);
	story->unreadable = true;
	story->over = vm_process_is_kernel_thread(&sample->process);
}

int vm_story_end(struct vm_teller *teller, struct vm_story *story, int64_t realtime_ns)
{
	story->over = true;
	return vm_watch_ended(&teller->lines, story->source->pid, realtime_ns);
}

/* A whole reading of what can be read: @sample. */
static int tell(struct vm_teller *teller, struct vm_story *story, const struct tui_sample *sample)
{
	bool executed = story->has_last && sample->program != story->last.program;
	int r = executed ? vm_watch_executed(&teller->lines, sample) : 0;

	if (r < 0)
		return r;
	if (teller->options->task == VM_TASK_WATCH_SUMS)
		return vm_watch_sums(&teller->lines, sample);
	return story->has_last && !executed ?
		       vm_watch_changes(&teller->lines, &story->last, sample) :
		       0;
}

/* What could not be read is not gone, and what can be read again is not new. */
int vm_story_take(struct vm_teller *teller, struct vm_story *story, struct tui_sample *sample)
{
	int r;

	if (sample->gone)
		return vm_story_end(teller, story, sample->realtime_ns);
	if (sample->error)
		return take_failure(teller, story, sample);
	if (!sample->snapshot.count) {
		take_nothing(teller, story, sample);
		return 0;
	}
	if (sample->report.lacks_smaps)
		say_limit(teller, story, sample);
	r = tell(teller, story, sample);
	tui_sample_deinit(&story->last);
	story->last = *sample;
	story->has_last = story->was_read = true;
	story->unreadable = false;
	*sample = (struct tui_sample){ 0 };
	return r;
}

/* With what was there at first nothing can be compared: that is no report. */
bool vm_teller_has_enough(struct vm_teller *teller, bool first)
{
	if (!first || teller->options->task == VM_TASK_WATCH_SUMS)
		teller->reports++;
	return teller->options->count && teller->reports >= teller->options->count;
}
