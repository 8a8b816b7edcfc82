#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sampler_state.h"
#include "timeline.h"

/* Readings that may be asked for ahead. */
#define HURRY_MAX 2

/* The first interval of a command that has just begun. */
#define EARLY_NS 10000000

static void destroy(void *user)
{
	struct tui_sampler *sampler = user;

	if (sampler->has_ready)
		tui_sample_deinit(&sampler->ready);
	tui_reader_deinit(&sampler->reader);
	vm_source_close(&sampler->source);
	if (sampler->link >= 0)
		close(sampler->link);
	tui_worker_deinit(&sampler->worker);
	free(sampler);
}

/* What a sampler starts with. */
struct start {
	const struct vm_source *source;
	uint64_t interval_ns;
	bool maps_only;
	int (*go)(int link); /* or NULL */
	int link;
	bool of_frames;
};

static int copy_link(struct tui_sampler *sampler, const struct start *start)
{
	if (!start->go)
		return 0;
	sampler->go = start->go;
	sampler->early_ns = EARLY_NS;
	sampler->link = fcntl(start->link, F_DUPFD_CLOEXEC, 3);
	return sampler->link < 0 ? -errno : 0;
}

/* All that has to be there before the thread. What there is so far is undone by destroy(). */
static int init(struct tui_sampler *sampler, const struct start *start)
{
	int r = vm_source_copy(start->source, &sampler->source);

	return r < 0 ? r : copy_link(sampler, start);
}

static int new_sampler(const struct start *start, struct tui_sampler **result)
{
	struct tui_sampler *sampler = calloc(1, sizeof(*sampler));
	int r;

	if (!sampler)
		return -ENOMEM;
	sampler->link = -1;
	sampler->reader.program = VM_PROGRAM_NONE;
	sampler->interval_ns = start->interval_ns;
	sampler->maps_only = start->maps_only;
	sampler->of_frames = start->of_frames;
	r = tui_worker_init(&sampler->worker);
	if (r == 0)
		r = init(sampler, start);
	if (r == 0)
		r = tui_worker_start(&sampler->worker, tui_sampler_run, destroy, sampler);
	if (r < 0)
		destroy(sampler);
	else
		*result = sampler;
	return r;
}

int tui_sampler_new(const struct vm_source *source, uint64_t interval_ns, bool maps_only,
		    struct tui_sampler **result)
{
	return new_sampler(&(struct start){ source, interval_ns, maps_only, NULL, -1, false },
			   result);
}

int tui_sampler_new_command(const struct vm_source *source, uint64_t interval_ns,
			    int (*go)(int link), int link, struct tui_sampler **result)
{
	return new_sampler(&(struct start){ source, interval_ns, false, go, link, false }, result);
}

int tui_sampler_new_recording(const struct vm_recording *recording, struct tui_sampler **result)
{
	const struct vm_source source = { .type = VM_SOURCE_FILE, .fd = recording->fd };

	return new_sampler(&(struct start){ &source, 0, false, NULL, -1, true }, result);
}

void tui_sampler_ask_frame(struct tui_sampler *sampler, const struct vm_recording *recording,
			   size_t index)
{
	struct frame_request request = { recording->frames[index], recording->end, index,
					 tui_timeline_program(recording->frames, index) };

	tui_worker_lock(&sampler->worker);
	sampler->frame = request;
	sampler->wants_frame = true;
	tui_worker_wake(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
}

int tui_sampler_go_error(struct tui_sampler *sampler)
{
	int error;

	tui_worker_lock(&sampler->worker);
	error = sampler->go_error;
	tui_worker_unlock(&sampler->worker);
	return error;
}

struct tui_sampler *tui_sampler_free(struct tui_sampler *sampler)
{
	if (sampler)
		tui_worker_end(&sampler->worker);
	return NULL;
}

int tui_sampler_fd(const struct tui_sampler *sampler)
{
	return sampler->worker.event;
}

bool tui_sampler_take(struct tui_sampler *sampler, struct tui_sample *sample)
{
	bool took;

	tui_worker_lock(&sampler->worker);
	tui_worker_hush(&sampler->worker);
	took = sampler->has_ready;
	if (took) {
		*sample = sampler->ready;
		sampler->has_ready = false;
		tui_worker_wake(&sampler->worker);
	}
	tui_worker_unlock(&sampler->worker);
	return took;
}

void tui_sampler_ask_build_id(struct tui_sampler *sampler, uint64_t start, uint64_t end)
{
	tui_worker_lock(&sampler->worker);
	sampler->question = (struct question){ .start = start, .end = end };
	sampler->asked = true;
	sampler->answered = false;
	tui_worker_wake(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
}

bool tui_sampler_take_build_id(struct tui_sampler *sampler, uint64_t *start,
			       char build_id[TUI_BUILD_ID_SIZE])
{
	bool answered;

	tui_worker_lock(&sampler->worker);
	answered = sampler->answered;
	if (answered) {
		*start = sampler->question.start;
		memcpy(build_id, sampler->question.build_id, TUI_BUILD_ID_SIZE);
		sampler->answered = false;
	}
	tui_worker_unlock(&sampler->worker);
	return answered;
}

bool tui_sampler_take_user(struct tui_sampler *sampler, char name[TUI_USER_SIZE])
{
	bool has_name;

	tui_worker_lock(&sampler->worker);
	has_name = sampler->has_user_name;
	if (has_name)
		memcpy(name, sampler->user_name, TUI_USER_SIZE);
	sampler->has_user_name = false;
	tui_worker_unlock(&sampler->worker);
	return has_name;
}

/* Both lists ascend: one walk. */
static void merge(struct vm_snapshot *to, const struct vm_snapshot *from, size_t next)
{
	size_t at = 0;

	for (; next < from->count; next++) {
		const struct vm_mapping *m = &from->mappings[next];

		while (at < to->count && to->mappings[at].start < m->start)
			at++;
		if (at < to->count && to->mappings[at].start == m->start) {
			to->mappings[at].usage = m->usage;
			to->mappings[at].vm_flags = m->vm_flags;
		}
	}
}

size_t tui_sampler_merge(struct tui_sampler *sampler, struct vm_snapshot *snapshot)
{
	size_t count = 0;

	tui_worker_lock(&sampler->worker);
	/* A snapshot that has its numbers keeps them until all of the new ones are there. */
	if (sampler->building && !sampler->has_ready && !sampler->of_frames) {
		merge(snapshot, sampler->building, sampler->merged);
		sampler->merged = count = sampler->building->count;
	}
	tui_worker_unlock(&sampler->worker);
	return count;
}

static void set_bool(struct tui_sampler *sampler, bool *setting, bool value)
{
	tui_worker_lock(&sampler->worker);
	*setting = value;
	tui_worker_wake(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
}

/* A key that is held down asks for more than can be read. */
static void add_hurry(struct tui_sampler *sampler)
{
	if (sampler->hurry < HURRY_MAX)
		sampler->hurry++;
}

void tui_sampler_set_interval(struct tui_sampler *sampler, uint64_t interval_ns)
{
	tui_worker_lock(&sampler->worker);
	sampler->interval_ns = interval_ns;
	if (!sampler->paused && !sampler->hurry)
		sampler->hurry = 1;
	tui_worker_wake(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
}

void tui_sampler_set_maps_only(struct tui_sampler *sampler, bool maps_only)
{
	tui_worker_lock(&sampler->worker);
	if (sampler->maps_only != maps_only)
		add_hurry(sampler);
	sampler->maps_only = maps_only;
	tui_worker_wake(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
}

void tui_sampler_set_paused(struct tui_sampler *sampler, bool paused)
{
	set_bool(sampler, &sampler->paused, paused);
}

void tui_sampler_hurry(struct tui_sampler *sampler)
{
	tui_worker_lock(&sampler->worker);
	add_hurry(sampler);
	tui_worker_wake(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
}
