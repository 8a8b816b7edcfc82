#include "frames.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "frame_spec.h"
#include "message.h"

#define SECOND INT64_C(1000000000)

/* A time without a date is one of the day on which the recording began, or else of the next. */
static int64_t time_of(const struct vm_frame_spec *spec, int64_t begin_ns)
{
	time_t begin = (time_t)(begin_ns / SECOND), at;
	struct tm time = spec->time, day;

	if (!spec->has_date && localtime_r(&begin, &day)) {
		time.tm_year = day.tm_year;
		time.tm_mon = day.tm_mon;
		time.tm_mday = day.tm_mday;
	}
	at = mktime(&time);
	if (!spec->has_date && at < begin) {
		time.tm_mday++;
		time.tm_isdst = -1;
		at = mktime(&time);
	}
	/* All of this second. */
	return (int64_t)at * SECOND + SECOND - 1;
}

/* False: there is no such frame. */
static bool choose(const struct vm_recording *recording, const char *text, size_t *index)
{
	struct vm_frame_spec spec;

	*index = recording->count - 1;
	if (!text)
		return true;
	if (!vm_frame_spec_parse(text, &spec))
		return false;
	if (spec.is_time)
		return vm_recording_find(recording, time_of(&spec, recording->frames[0].time_ns),
					 index);
	if (spec.number > recording->count)
		return false;
	*index = (size_t)(spec.from_end ? recording->count - spec.number : spec.number - 1);
	return true;
}

static enum vm_frame_result open_chosen(const struct vm_recording *recording, const char *spec,
					struct vm_source *source, struct vm_buf *reason)
{
	struct vm_recording_fault fault = { 0 };
	size_t index;
	int r;

	if (!recording->count) {
		vm_putf(reason, "there is no whole frame in this recording");
		return VM_FRAME_FAILED;
	}
	if (!choose(recording, spec, &index)) {
		vm_putf(reason, "there is no frame '%s': it has %zu, the first is 1", spec,
			recording->count);
		return VM_FRAME_FAILED;
	}
	r = vm_recording_open_frame(recording, index, source, &fault);
	if (r == 0)
		return VM_FRAME_OPEN;
	if (fault.reason)
		vm_putf(reason, "frame %zu: byte %" PRIu64 ": %s", index + 1, fault.offset,
			fault.reason);
	else
		vm_putf(reason, "frame %zu: %s", index + 1, strerror(-r));
	return VM_FRAME_FAILED;
}

enum vm_frame_result vm_frame_open(const char *program, const char *path, const char *spec,
				   struct vm_source *source, struct vm_buf *reason)
{
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };
	enum vm_frame_result result;
	int r = strcmp(path, "-") == 0 ? -EINVAL : vm_recording_open(path, &recording, &fault);

	if (r < 0 && spec) {
		vm_putf(reason, "%s: --frame is for recordings",
			r == -EBADMSG || r == -EINVAL ? "it is not a recording" : strerror(-r));
		return VM_FRAME_FAILED;
	}
	if (r < 0)
		return VM_FRAME_NO_RECORDING;
	if (recording.rest.reason)
		vm_say(program,
		       "%s: byte %" PRIu64 ": %s; what is before it is whole: %zu of its frames",
		       path, recording.rest.offset, recording.rest.reason, recording.count);
	result = open_chosen(&recording, spec, source, reason);
	vm_recording_close(&recording);
	return result;
}
