#include "timeline.h"

/* A frame is shown so long at least, and at most. */
#define STAY_MIN_NS 50000000
#define STAY_MAX_NS 2000000000

struct tui_timeline tui_timeline_of(const struct vm_recording *recording)
{
	size_t last = recording->count ? recording->count - 1 : 0;

	return (struct tui_timeline){
		.frames = recording->frames,
		.count = recording->count,
		.wanted = last,
		.shown = last,
	};
}

bool tui_timeline_jump(struct tui_timeline *timeline, uint64_t frame)
{
	timeline->playing = false;
	if (frame >= timeline->count || frame == timeline->wanted)
		return false;
	timeline->wanted = (size_t)frame;
	return true;
}

bool tui_timeline_move(struct tui_timeline *timeline, bool forward, uint64_t frames)
{
	size_t before = timeline->wanted;
	size_t room = forward ? timeline->count - 1 - before : before;
	size_t by = frames < room ? (size_t)frames : room;

	return tui_timeline_jump(timeline, forward ? before + by : before - by);
}

void tui_timeline_play(struct tui_timeline *timeline)
{
	timeline->playing = !timeline->playing && timeline->count > 1;
	if (timeline->playing && timeline->wanted + 1 == timeline->count)
		timeline->wanted = 0;
}

uint64_t tui_timeline_stay_ns(const struct tui_timeline *timeline)
{
	const struct vm_frame *frame = &timeline->frames[timeline->shown];
	uint64_t stay;

	/* A clock may have been set back meanwhile. */
	if (timeline->shown + 1 >= timeline->count || frame[1].time_ns <= frame->time_ns)
		return STAY_MIN_NS;
	stay = (uint64_t)frame[1].time_ns - (uint64_t)frame->time_ns;
	if (stay < STAY_MIN_NS)
		return STAY_MIN_NS;
	return stay < STAY_MAX_NS ? stay : STAY_MAX_NS;
}

bool tui_timeline_play_on(struct tui_timeline *timeline)
{
	timeline->playing = timeline->wanted + 1 < timeline->count;
	if (timeline->playing)
		timeline->wanted++;
	return timeline->playing;
}

struct tui_span tui_timeline_span(const struct tui_timeline *timeline, int cell, int width)
{
	size_t at = (size_t)cell, cells = (size_t)width;
	struct tui_span span = { at * timeline->count / cells, (at + 1) * timeline->count / cells };

	if (span.end == span.first)
		span.end++;
	return span;
}

size_t tui_timeline_highest(const struct tui_timeline *timeline, struct tui_span span)
{
	const struct vm_frame *frames = timeline->frames;
	size_t best = span.first;

	for (size_t i = span.first + 1; i < span.end; i++) {
		if (frames[i].has_rss &&
		    (!frames[best].has_rss || frames[i].rss > frames[best].rss))
			best = i;
	}
	return best;
}

static bool is_another(const struct vm_frame *before, const struct vm_frame *frame)
{
	return before->pid != frame->pid || before->start_time != frame->start_time ||
	       before->program != frame->program;
}

unsigned tui_timeline_program(const struct vm_frame *frames, size_t index)
{
	unsigned program = 0;

	for (size_t i = 1; i <= index; i++)
		program += is_another(&frames[i - 1], &frames[i]);
	return program;
}
