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

int vm_frames_open(const char *program, const char *path, struct vm_recording *recording,
		   const char **why)
{
	struct vm_recording_fault fault = { 0 };
	int r = strcmp(path, "-") == 0 ? -ESPIPE : vm_recording_open(path, recording, &fault);

	if (r < 0)
		*why = r == -EBADMSG || r == -EINVAL ? "it is not a recording" :
		       r == -ESPIPE ? "a recording is not read from standard input" :
				      strerror(-r);
	else if (recording->rest.reason)
		vm_say(program,
		       "%s: byte %" PRIu64 ": %s; what is before it is whole: %zu of its frames",
		       path, recording->rest.offset, recording->rest.reason, recording->count);
	return r;
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

static enum vm_frame_result open_chosen(const struct vm_recording *recording, const char *spec,
					struct vm_source *source, struct vm_buf *reason)
{
	size_t index;

	if (!recording->count) {
		vm_putf(reason, "there is no whole frame in this recording");
		return VM_FRAME_FAILED;
	}
	if (!choose(recording, spec, &index)) {
		vm_putf(reason, "there is no frame '%s': it has %zu, the first is 1", spec,
			recording->count);
		return VM_FRAME_FAILED;
	}
	return vm_frames_open_one(recording, index, source, reason) == 0 ? VM_FRAME_OPEN :
									   VM_FRAME_FAILED;
}

enum vm_frame_result vm_frame_open(const char *program, const char *path, const char *spec,
				   struct vm_source *source, struct vm_buf *reason)
{
	struct vm_recording recording = { 0 };
	enum vm_frame_result result;
	const char *why;
	int r = vm_frames_open(program, path, &recording, &why);

	if (r < 0 && spec) {
		vm_putf(reason, "%s: frames are of recordings", why);
		return VM_FRAME_FAILED;
	}
	if (r < 0)
		return VM_FRAME_NO_RECORDING;
	result = open_chosen(&recording, spec, source, reason);
	vm_recording_close(&recording);
	return result;
}
