#include "frames.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "frame_spec.h"
#include "message.h"
#include "vmview/event.h"

#define SECOND INT64_C(1000000000)

static int64_t seconds_of(const struct vm_frame_spec *spec, const struct tm *day, int days_later)
{
	struct tm time = spec->time;

	if (!spec->has_date) {
		time.tm_year = day->tm_year;
		time.tm_mon = day->tm_mon;
		time.tm_mday = day->tm_mday + days_later;
	}
	return mktime(&time);
}

/* Years that nanoseconds do not reach are before all frames, or behind them. */
static int64_t to_ns(int64_t seconds)
{
	const int64_t most = INT64_MAX / SECOND - 1;

	if (seconds > most)
		return most * SECOND;
	return seconds < -most ? -most * SECOND : seconds * SECOND;
}

/* A time without a date is one of the day on which the recording began, or else of the next, as far as it reaches. */
static int64_t time_of(const struct vm_frame_spec *spec, const struct vm_frame *first,
		       const struct vm_frame *last)
{
	time_t begin = (time_t)(first->time_ns / SECOND);
	struct tm day = { 0 };
	int64_t at, next;

	localtime_r(&begin, &day);
	at = seconds_of(spec, &day, 0);
	next = seconds_of(spec, &day, 1);
	if (!spec->has_date && at < begin && next <= last->time_ns / SECOND)
		at = next;
	return to_ns(at);
}

/* What is asked for lies before the first frame, or behind the last one, which is taken all the same. */
static void say_beyond(const char *program, const char *path, const char *which,
		       const struct vm_frame *frame)
{
	struct vm_buf time = { 0 };

	vm_event_put_date(&time, frame->time_ns);
	vm_say(program, "%s: its %s frame is of %.*s", path, which, VM_TEXT(time));
	vm_buf_deinit(&time);
}

static bool choose_time(const char *program, const char *path, const struct vm_recording *recording,
			const struct vm_frame_spec *spec, size_t *index)
{
	const struct vm_frame *last = &recording->frames[recording->count - 1], *chosen;
	int64_t at = time_of(spec, &recording->frames[0], last);

	/* All of this second. */
	if (!vm_recording_find(recording, at + SECOND - 1, index))
		return false;
	chosen = &recording->frames[*index];
	if (chosen->time_ns >= at + SECOND)
		say_beyond(program, path, "first", chosen);
	else if (chosen == last && last->time_ns < at)
		say_beyond(program, path, "last", last);
	return true;
}

static bool put_no_frame(struct vm_buf *reason, const char *text, size_t count)
{
	vm_putf(reason, "there is no frame '%s': it has %zu, the first is 1", text, count);
	return false;
}

bool vm_frames_choose(const char *program, const char *path, const struct vm_recording *recording,
		      const char *text, size_t *index, struct vm_buf *reason)
{
	struct vm_frame_spec spec;

	if (!recording->count) {
		vm_putf(reason, "there is no whole frame in this recording");
		return false;
	}
	*index = recording->count - 1;
	if (!text)
		return true;
	if (!vm_frame_spec_parse(text, &spec)) {
		vm_putf(reason, "'%s' is no frame: that is %s", text, VM_FRAME_SPECS);
		return false;
	}
	if (spec.is_time)
		return choose_time(program, path, recording, &spec, index) ||
		       put_no_frame(reason, text, recording->count);
	if (spec.number > recording->count)
		return put_no_frame(reason, text, recording->count);
	*index = (size_t)(spec.from_end ? recording->count - spec.number : spec.number - 1);
	return true;
}

/* Of a file that begins as recordings do it is said where it goes on otherwise. */
static void put_no_recording(struct vm_buf *why, int r, const struct vm_recording_fault *fault)
{
	if (r == -EBADMSG && fault->offset)
		vm_putf(why, "byte %" PRIu64 ": %s", fault->offset, fault->reason);
	else if (r == -EBADMSG || r == -EINVAL)
		vm_putf(why, "it is not a recording");
	else if (r == -ESPIPE)
		vm_putf(why, "a recording is not read from standard input");
	else if (r == -EOPNOTSUPP)
		vm_putf(why, "%s", VM_NO_RECORDINGS);
	else
		vm_putf(why, "%s", strerror(-r));
}

int vm_frames_open(const char *program, const char *path, struct vm_recording *recording,
		   struct vm_buf *why)
{
	struct vm_recording_fault fault = { 0 };
	int r = strcmp(path, "-") == 0 ? -ESPIPE : vm_recording_open(path, recording, &fault);

	if (r < 0)
		put_no_recording(why, r, &fault);
	else if (recording->rest.reason)
		vm_say(program,
		       "%s: byte %" PRIu64 ": %s; what is before it is whole: %zu of its frames",
		       path, recording->rest.offset, recording->rest.reason, recording->count);
	return r == -EBADMSG && !fault.offset ? -EINVAL : r;
}

int vm_frames_open_one(const struct vm_recording *recording, size_t index, struct vm_source *source,
		       struct vm_buf *reason)
{
	struct vm_recording_fault fault = { 0 };
	int r = vm_recording_open_frame(recording, index, source, &fault);

	if (r < 0 && fault.reason)
		vm_putf(reason, "frame %zu: byte %" PRIu64 ": %s", index + 1, fault.offset,
			fault.reason);
	else if (r < 0)
		vm_putf(reason, "frame %zu: %s", index + 1, strerror(-r));
	return r;
}

enum vm_frame_result vm_frame_open(const char *program, const char *path, const char *spec,
				   struct vm_source *source, struct vm_buf *reason)
{
	struct vm_recording recording = { 0 };
	size_t index;
	int r = vm_frames_open(program, path, &recording, reason);

	if (r == -EBADMSG || r == -EOPNOTSUPP)
		return VM_FRAME_FAILED;
	if (r < 0 && spec) {
		vm_putf(reason, ": frames are of recordings");
		return VM_FRAME_FAILED;
	}
	if (r < 0) {
		vm_buf_deinit(reason);
		return VM_FRAME_NO_RECORDING;
	}
	r = -ENOENT;
	if (vm_frames_choose(program, path, &recording, spec, &index, reason))
		r = vm_frames_open_one(&recording, index, source, reason);
	vm_recording_close(&recording);
	return r == 0 ? VM_FRAME_OPEN : VM_FRAME_FAILED;
}
