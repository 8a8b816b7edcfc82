#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "sampler_state.h"

/* Readings that may be asked for ahead. */
#define HURRY_MAX 2

/* The first interval of a command that has just begun. */
#define EARLY_NS 10000000

/* How long the end is waited for: no key is to wait longer for its answer. */
#define PATIENCE_NS 10000000

void tui_sampler_destroy(struct tui_sampler *sampler)
{
	if (sampler->has_ready)
		tui_sample_deinit(&sampler->ready);
	tui_reader_deinit(&sampler->reader);
	vm_source_close(&sampler->source);
	if (sampler->link >= 0)
		close(sampler->link);
	pthread_mutex_destroy(&sampler->lock);
	pthread_cond_destroy(&sampler->wake);
	close(sampler->event);
	free(sampler);
}

/* The condition waits by a clock that nobody sets. */
static int init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	int r = pthread_condattr_init(&attributes);

	if (r)
		return -r;
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	r = pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
	return -r;
}

/* What a sampler starts with. */
struct start {
	const struct vm_source *source;
	uint64_t interval_ns;
	bool maps_only;
	int (*go)(int link); /* or NULL */
	int link;
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

/* All that has to be there before the thread. What there is so far is undone by tui_sampler_destroy(). */
static int init(struct tui_sampler *sampler, const struct start *start)
{
	int r;

	sampler->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (sampler->event < 0)
		return -errno;
	r = vm_source_copy(start->source, &sampler->source);
	return r < 0 ? r : copy_link(sampler, start);
}

static int new_sampler(const struct start *start, struct tui_sampler **result)
{
	struct tui_sampler *sampler = calloc(1, sizeof(*sampler));
	int r;

	if (!sampler)
		return -ENOMEM;
	sampler->event = sampler->link = -1;
	sampler->reader.program = VM_PROGRAM_NONE;
	sampler->interval_ns = start->interval_ns;
	sampler->maps_only = start->maps_only;
	pthread_mutex_init(&sampler->lock, NULL);
	r = init_condition(&sampler->wake);
	if (r == 0)
		r = init(sampler, start);
	if (r == 0)
		r = -pthread_create(&sampler->thread, NULL, tui_sampler_run, sampler);
	if (r < 0)
		tui_sampler_destroy(sampler);
	else
		*result = sampler;
	return r;
}

int tui_sampler_new(const struct vm_source *source, uint64_t interval_ns, bool maps_only,
		    struct tui_sampler **result)
{
	return new_sampler(&(struct start){ source, interval_ns, maps_only, NULL, -1 }, result);
}

int tui_sampler_new_command(const struct vm_source *source, uint64_t interval_ns,
			    int (*go)(int link), int link, struct tui_sampler **result)
{
	return new_sampler(&(struct start){ source, interval_ns, false, go, link }, result);
}

int tui_sampler_go_error(struct tui_sampler *sampler)
{
	int error;

	pthread_mutex_lock(&sampler->lock);
	error = sampler->go_error;
	pthread_mutex_unlock(&sampler->lock);
	return error;
}

static bool join_soon(struct tui_sampler *sampler)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += PATIENCE_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return pthread_timedjoin_np(sampler->thread, NULL, &until) == 0;
}

/* The thread sees that nobody else needs the sampler, or this sees that it does not. */
static bool abandon(struct tui_sampler *sampler)
{
	bool finished;

	pthread_mutex_lock(&sampler->lock);
	finished = sampler->finished;
	sampler->abandoned = !finished;
	if (!finished)
		pthread_detach(sampler->thread);
	pthread_mutex_unlock(&sampler->lock);
	return !finished;
}

struct tui_sampler *tui_sampler_free(struct tui_sampler *sampler)
{
	if (!sampler)
		return NULL;
	pthread_mutex_lock(&sampler->lock);
	sampler->stop = true;
	pthread_cond_broadcast(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
	if (!join_soon(sampler)) {
		if (abandon(sampler))
			return NULL;
		pthread_join(sampler->thread, NULL);
	}
	tui_sampler_destroy(sampler);
	return NULL;
}

int tui_sampler_fd(const struct tui_sampler *sampler)
{
	return sampler->event;
}

bool tui_sampler_take(struct tui_sampler *sampler, struct tui_sample *sample)
{
	eventfd_t unused;
	bool took;

	pthread_mutex_lock(&sampler->lock);
	eventfd_read(sampler->event, &unused);
	took = sampler->has_ready;
	if (took) {
		*sample = sampler->ready;
		sampler->has_ready = false;
		pthread_cond_broadcast(&sampler->wake);
	}
	pthread_mutex_unlock(&sampler->lock);
	return took;
}

void tui_sampler_ask_build_id(struct tui_sampler *sampler, uint64_t start, uint64_t end)
{
	pthread_mutex_lock(&sampler->lock);
	sampler->question = (struct question){ .start = start, .end = end };
	sampler->asked = true;
	sampler->answered = false;
	pthread_cond_broadcast(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
}

bool tui_sampler_take_build_id(struct tui_sampler *sampler, uint64_t *start,
			       char build_id[TUI_BUILD_ID_SIZE])
{
	bool answered;

	pthread_mutex_lock(&sampler->lock);
	answered = sampler->answered;
	if (answered) {
		*start = sampler->question.start;
		memcpy(build_id, sampler->question.build_id, TUI_BUILD_ID_SIZE);
		sampler->answered = false;
	}
	pthread_mutex_unlock(&sampler->lock);
	return answered;
}

bool tui_sampler_take_user(struct tui_sampler *sampler, char name[TUI_USER_SIZE])
{
	bool has_name;

	pthread_mutex_lock(&sampler->lock);
	has_name = sampler->has_user_name;
	if (has_name)
		memcpy(name, sampler->user_name, TUI_USER_SIZE);
	sampler->has_user_name = false;
	pthread_mutex_unlock(&sampler->lock);
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

	pthread_mutex_lock(&sampler->lock);
	/* A snapshot that has its numbers keeps them until all of the new ones are there. */
	if (sampler->building && !sampler->has_ready) {
		merge(snapshot, sampler->building, sampler->merged);
		sampler->merged = count = sampler->building->count;
	}
	pthread_mutex_unlock(&sampler->lock);
	return count;
}

static void set_bool(struct tui_sampler *sampler, bool *setting, bool value)
{
	pthread_mutex_lock(&sampler->lock);
	*setting = value;
	pthread_cond_broadcast(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
}

/* A key that is held down asks for more than can be read. */
static void add_hurry(struct tui_sampler *sampler)
{
	if (sampler->hurry < HURRY_MAX)
		sampler->hurry++;
}

void tui_sampler_set_interval(struct tui_sampler *sampler, uint64_t interval_ns)
{
	pthread_mutex_lock(&sampler->lock);
	sampler->interval_ns = interval_ns;
	if (!sampler->paused && !sampler->hurry)
		sampler->hurry = 1;
	pthread_cond_broadcast(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
}

void tui_sampler_set_maps_only(struct tui_sampler *sampler, bool maps_only)
{
	pthread_mutex_lock(&sampler->lock);
	if (sampler->maps_only != maps_only)
		add_hurry(sampler);
	sampler->maps_only = maps_only;
	pthread_cond_broadcast(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
}

void tui_sampler_set_paused(struct tui_sampler *sampler, bool paused)
{
	set_bool(sampler, &sampler->paused, paused);
}

void tui_sampler_hurry(struct tui_sampler *sampler)
{
	pthread_mutex_lock(&sampler->lock);
	add_hurry(sampler);
	pthread_cond_broadcast(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
}
