/*
 * A thread that reads the process, so that the interface never waits for it.
 *
 * The first reading is of maps, which is cheap at any size; smaps follows, and then again at every interval. The interval
 * is stretched so that reading takes at most a twentieth of one processor.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "reader.h"

struct tui_sampler;

/* @source is needed for this call only. 0 or a negative errno. */
int tui_sampler_new(const struct vm_source *source, uint64_t interval_ns, bool maps_only,
		    struct tui_sampler **result);

/*
 * Of a command that has not begun: the thread calls @go with a copy of @link to let it, and looks at it at once and then often, at
 * longer and longer intervals up to @interval_ns: what it does first is done soon.
 */
int tui_sampler_new_command(const struct vm_source *source, uint64_t interval_ns,
			    int (*go)(int link), int link, struct tui_sampler **result);

/* Of a recording, of which nothing is read but the frames that are asked for. @recording is needed for this call only. */
int tui_sampler_new_recording(const struct vm_recording *recording, struct tui_sampler **result);

/* Ask for a frame. What was asked before and has not been begun is forgotten. */
void tui_sampler_ask_frame(struct tui_sampler *sampler, const struct vm_recording *recording,
			   size_t index);

/* Why @go could not let it begin, a negative errno: nothing will be read. 0: it did, or has not been asked yet. */
int tui_sampler_go_error(struct tui_sampler *sampler);

/*
 * Returns soon: a reading that does not end, of a pipe that nobody writes to or of memory that takes long to walk, is left
 * behind, and ends by itself one day. NULL: nothing. Returns NULL.
 */
struct tui_sampler *tui_sampler_free(struct tui_sampler *sampler);

/* Readable when there is something to take or to merge; tui_sampler_take() makes it silent. */
int tui_sampler_fd(const struct tui_sampler *sampler);

/* Move the latest complete reading to @sample. False: there is none. */
bool tui_sampler_take(struct tui_sampler *sampler, struct tui_sample *sample);

/*
 * While smaps is being read: copy the numbers that are there to the mappings of @snapshot at the same addresses. They are borrowed
 * from the reading under way, and stay valid until the sample after it has been taken. Returns how many mappings have been read,
 * 0 where no reading of smaps is under way, or it is of a frame: that is of another time.
 */
size_t tui_sampler_merge(struct tui_sampler *sampler, struct vm_snapshot *snapshot);

#define TUI_BUILD_ID_SIZE 136
#define TUI_USER_SIZE 64

/*
 * Ask for the build-id of the file that is mapped at exactly @start-@end, which may take as long as its file system likes.
 * What was asked before and has not been answered is forgotten.
 */
void tui_sampler_ask_build_id(struct tui_sampler *sampler, uint64_t start, uint64_t end);

/* The answer, once: in hexadecimal, empty where there is none to be had. False: it is not there yet. */
bool tui_sampler_take_build_id(struct tui_sampler *sampler, uint64_t *start,
			       char build_id[TUI_BUILD_ID_SIZE]);

/* Whose the process is, made safe. False: nothing new since it was last taken. */
bool tui_sampler_take_user(struct tui_sampler *sampler, char name[TUI_USER_SIZE]);

void tui_sampler_set_interval(struct tui_sampler *sampler, uint64_t interval_ns);
void tui_sampler_set_maps_only(struct tui_sampler *sampler, bool maps_only);
void tui_sampler_set_paused(struct tui_sampler *sampler, bool paused);

/* Read now, whatever the interval. */
void tui_sampler_hurry(struct tui_sampler *sampler);
