#include "sampler.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "vmview/space.h"

/* Reading may take one part in so many of a processor's time: with what drawing takes, not above 5 %. */
#define DUTY 22

/* Readings that may be asked for ahead. */
#define HURRY_MAX 2

/* A process between two states is looked at again so often, after so long. */
#define LOOKS 200
#define LOOK_NS 5000000

/* How often those who watch are told that a reading has got on. */
#define PROGRESS_NS 100000000

struct tui_sampler {
	struct vm_source source; /* used by the thread only; its descriptor is borrowed */
	pthread_t thread;
	int event;

	/* The thread's own: */
	bool has_seen;          /* the process had mappings */
	struct vm_space space;  /* what it was last seen to have */
	struct vm_process last; /* as it was last seen: numbers only */
	unsigned program;       /* that it executes, counted */

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wake;
	bool stop, paused, maps_only;
	unsigned hurry; /* readings that were asked for at once */
	uint64_t interval_ns;
	struct tui_sample ready;
	bool has_ready;
	struct vm_snapshot *building; /* smaps under way, or NULL */
	size_t merged;                /* mappings of @building that have been merged */
	uint64_t told_ns;             /* when progress was last told */
};

void tui_sample_deinit(struct tui_sample *sample)
{
	vm_snapshot_deinit(&sample->snapshot);
	vm_process_deinit(&sample->process);
	*sample = (struct tui_sample){ 0 };
}

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void tell(struct tui_sampler *sampler)
{
	eventfd_write(sampler->event, 1);
}

/* A mapping has been read. Ends the reading when the sampler is to stop. */
static int take_mapping(const struct vm_mapping *mapping, void *user)
{
	struct tui_sampler *sampler = user;
	int r;

	pthread_mutex_lock(&sampler->lock);
	r = sampler->stop ? -ECANCELED : vm_snapshot_add(sampler->building, mapping);
	/* A look at the clock costs more than the rest: not for every mapping. */
	if (r == 0 && sampler->building->count % 256 == 0) {
		uint64_t now = now_ns(CLOCK_MONOTONIC);

		if (now - sampler->told_ns > PROGRESS_NS) {
			sampler->told_ns = now;
			tell(sampler);
		}
	}
	pthread_mutex_unlock(&sampler->lock);
	return r;
}

static void set_building(struct tui_sampler *sampler, struct vm_snapshot *snapshot)
{
	pthread_mutex_lock(&sampler->lock);
	sampler->building = snapshot;
	sampler->merged = 0;
	sampler->told_ns = now_ns(CLOCK_MONOTONIC);
	pthread_mutex_unlock(&sampler->lock);
}

static void read_mappings(struct tui_sampler *sampler, struct tui_sample *sample)
{
	size_t dropped;
	int finished;

	set_building(sampler, &sample->snapshot);
	sample->error = vm_sample_whole_stream(&sampler->source, sample->detail, take_mapping,
					       sampler, &sample->report);
	set_building(sampler, NULL);
	finished = vm_sample_finish(&sampler->source, &sample->snapshot, &dropped);
	sample->report.dropped += dropped;
	if (sample->error == 0)
		sample->error = finished;
}

/*
 * The process may go between two reads: what was read while it went may be half of it, and the snapshot before
 * is worth more. One that had mappings and has none now has ended, whoever is slow to notice, even where it is not
 * yet a zombie: its memory goes first. Unless only its main thread has ended.
 */
static bool has_gone(const struct tui_sampler *sampler, const struct tui_sample *sample)
{
	if (sample->report.ended || sample->error == -ESRCH || sample->error == -ENOENT)
		return true;
	return sampler->has_seen && !sample->error && !sample->snapshot.count &&
	       !vm_sample_lives(&sampler->source);
}

/*
 * Signs of execve(2) that show even where the address space does not tell: that of a child of vfork(2) stays its parent's,
 * and it may not be one that we may look at.
 */
static bool shows_exec(const struct vm_process *before, const struct vm_process *now)
{
	if (!before->has_stat || !now->has_stat)
		return false;
	if (!vm_process_has_executed(before) && vm_process_has_executed(now))
		return true;
	return before->start_stack && now->start_stack && before->start_stack != now->start_stack;
}

static void enter_space(struct tui_sampler *sampler)
{
	const struct vm_source *source = &sampler->source;

	vm_space_leave(&sampler->space);
	if (vm_space_enter(source, 0, &sampler->space) == -ESRCH)
		vm_space_enter(source, vm_sample_other_thread(source), &sampler->space);
}

/* Another address space than before: the process has executed a program. */
static void follow_space(struct tui_sampler *sampler)
{
	bool had = sampler->space.fd >= 0;

	if (had && !vm_space_left(&sampler->space))
		return;
	enter_space(sampler);
	sampler->program += had;
}

static void follow_facts(struct tui_sampler *sampler, const struct vm_process *now)
{
	if (shows_exec(&sampler->last, now)) {
		enter_space(sampler);
		sampler->program++;
	}
	sampler->last = (struct vm_process){ .has_stat = now->has_stat,
					     .flags = now->flags,
					     .start_stack = now->start_stack };
}

/* Whether the process executed a program while it was being read: the text ended with the old one. */
static bool has_executed_since(const struct tui_sampler *sampler, const struct tui_sample *sample)
{
	struct vm_process now = { 0 };
	bool executed =
		vm_space_left(&sampler->space) || (vm_sample_process(&sampler->source, &now) == 0 &&
						   shows_exec(&sample->process, &now));

	vm_process_deinit(&now);
	return executed;
}

static void read_process(struct tui_sampler *sampler, enum vm_detail detail,
			 struct tui_sample *sample)
{
	uint64_t begin = now_ns(CLOCK_MONOTONIC);

	tui_sample_deinit(sample);
	sample->detail = detail;
	if (sampler->source.type == VM_SOURCE_LIVE)
		follow_space(sampler);
	sample->error = vm_sample_whole_process(&sampler->source, &sample->process);
	follow_facts(sampler, &sample->process);
	if (sample->error == 0)
		read_mappings(sampler, sample);
	sample->program = sampler->program;
	sample->cost_ns = now_ns(CLOCK_MONOTONIC) - begin;
}

/* A moment between two looks, however long the interval. False: the sampler is to stop. */
static bool rest(struct tui_sampler *sampler)
{
	uint64_t at_ns = now_ns(CLOCK_MONOTONIC) + LOOK_NS;
	struct timespec at = { (time_t)(at_ns / 1000000000), (long)(at_ns % 1000000000) };
	bool stop;

	pthread_mutex_lock(&sampler->lock);
	while (!sampler->stop &&
	       pthread_cond_timedwait(&sampler->wake, &sampler->lock, &at) != ETIMEDOUT)
		;
	stop = sampler->stop;
	pthread_mutex_unlock(&sampler->lock);
	return !stop;
}

/*
 * The memory of a process with threads goes when the last of them has let go of it, and each shows nothing from when it
 * has: what had mappings and has none, though a thread lives, is about to show which of the two it will be.
 */
static bool is_undecided(const struct tui_sampler *sampler, const struct tui_sample *sample)
{
	return sampler->has_seen && !sample->gone && !sample->error && !sample->snapshot.count;
}

static void read_sample(struct tui_sampler *sampler, enum vm_detail detail,
			struct tui_sample *sample)
{
	bool live = sampler->source.type == VM_SOURCE_LIVE;

	*sample = (struct tui_sample){ 0 };
	read_process(sampler, detail, sample);
	if (live && sample->error == 0 && has_executed_since(sampler, sample))
		read_process(sampler, detail, sample);
	sample->gone = live && has_gone(sampler, sample);
	for (int i = 0; live && i < LOOKS && is_undecided(sampler, sample); i++) {
		if (!rest(sampler))
			break;
		read_process(sampler, detail, sample);
		sample->gone = has_gone(sampler, sample);
	}
	sampler->has_seen |= sample->snapshot.count > 0;
	sample->realtime_ns = (int64_t)now_ns(CLOCK_REALTIME);
}

/* Hand it over once there is room. False: the sampler is to stop. */
static bool post(struct tui_sampler *sampler, struct tui_sample *sample)
{
	bool posted;

	pthread_mutex_lock(&sampler->lock);
	while (sampler->has_ready && !sampler->stop)
		pthread_cond_wait(&sampler->wake, &sampler->lock);
	posted = !sampler->stop;
	if (posted) {
		sampler->ready = *sample;
		sampler->has_ready = true;
		tell(sampler);
	}
	pthread_mutex_unlock(&sampler->lock);
	if (!posted)
		tui_sample_deinit(sample);
	return posted;
}

/* Sleep until it is time to read. False: the sampler is to stop. */
static bool wait_for(struct tui_sampler *sampler, uint64_t at_ns)
{
	struct timespec at = { (time_t)(at_ns / 1000000000), (long)(at_ns % 1000000000) };
	bool stop;

	pthread_mutex_lock(&sampler->lock);
	while (!sampler->stop && !sampler->hurry) {
		if (sampler->paused)
			pthread_cond_wait(&sampler->wake, &sampler->lock);
		else if (pthread_cond_timedwait(&sampler->wake, &sampler->lock, &at) == ETIMEDOUT)
			break;
	}
	if (sampler->hurry)
		sampler->hurry--;
	stop = sampler->stop;
	pthread_mutex_unlock(&sampler->lock);
	return !stop;
}

static uint64_t wanted_interval(struct tui_sampler *sampler, bool *maps_only)
{
	uint64_t interval;

	pthread_mutex_lock(&sampler->lock);
	interval = sampler->interval_ns;
	*maps_only = sampler->maps_only;
	pthread_mutex_unlock(&sampler->lock);
	return interval;
}

/* Read once and hand over. Returns whether to go on; @cpu_ns is added to. */
static bool sample_once(struct tui_sampler *sampler, enum vm_detail detail, uint64_t *cpu_ns)
{
	uint64_t begin = now_ns(CLOCK_THREAD_CPUTIME_ID);
	struct tui_sample sample;
	uint64_t interval;
	bool unused, last;

	read_sample(sampler, detail, &sample);
	*cpu_ns += now_ns(CLOCK_THREAD_CPUTIME_ID) - begin;
	interval = wanted_interval(sampler, &unused);
	sample.interval_ns = *cpu_ns * DUTY > interval ? *cpu_ns * DUTY : interval;
	/* A saved capture does not change: one reading is all. */
	last = sample.gone || sampler->source.type != VM_SOURCE_LIVE;
	return post(sampler, &sample) && !last;
}

static void *run(void *user)
{
	struct tui_sampler *sampler = user;
	bool first = sampler->source.type == VM_SOURCE_LIVE, maps_only;

	for (;;) {
		uint64_t cpu_ns = 0, begin = now_ns(CLOCK_MONOTONIC), interval;

		interval = wanted_interval(sampler, &maps_only);
		if ((first || maps_only) && !sample_once(sampler, VM_DETAIL_MAPS, &cpu_ns))
			return NULL;
		first = false;
		wanted_interval(sampler, &maps_only);
		if (!maps_only && !sample_once(sampler, VM_DETAIL_SMAPS, &cpu_ns))
			return NULL;
		interval = interval > cpu_ns * DUTY ? interval : cpu_ns * DUTY;
		if (!wait_for(sampler, begin + interval))
			return NULL;
	}
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

static int start(struct tui_sampler *sampler)
{
	int r = init_condition(&sampler->wake);

	if (r < 0)
		return r;
	pthread_mutex_init(&sampler->lock, NULL);
	r = pthread_create(&sampler->thread, NULL, run, sampler);
	if (r == 0)
		return 0;
	pthread_mutex_destroy(&sampler->lock);
	pthread_cond_destroy(&sampler->wake);
	return -r;
}

int tui_sampler_new(const struct vm_source *source, uint64_t interval_ns, bool maps_only,
		    struct tui_sampler **result)
{
	struct tui_sampler *sampler = calloc(1, sizeof(*sampler));
	int r;

	if (!sampler)
		return -ENOMEM;
	sampler->source = *source;
	sampler->space = VM_SPACE_NONE;
	sampler->interval_ns = interval_ns;
	sampler->maps_only = maps_only;
	sampler->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = sampler->event < 0 ? -errno : start(sampler);
	if (r < 0) {
		if (sampler->event >= 0)
			close(sampler->event);
		free(sampler);
		return r;
	}
	*result = sampler;
	return 0;
}

static void ask_to_stop(struct tui_sampler *sampler)
{
	pthread_mutex_lock(&sampler->lock);
	sampler->stop = true;
	pthread_cond_broadcast(&sampler->wake);
	pthread_mutex_unlock(&sampler->lock);
}

static struct tui_sampler *destroy(struct tui_sampler *sampler)
{
	if (sampler->has_ready)
		tui_sample_deinit(&sampler->ready);
	vm_space_leave(&sampler->space);
	pthread_mutex_destroy(&sampler->lock);
	pthread_cond_destroy(&sampler->wake);
	close(sampler->event);
	free(sampler);
	return NULL;
}

struct tui_sampler *tui_sampler_free(struct tui_sampler *sampler)
{
	if (!sampler)
		return NULL;
	ask_to_stop(sampler);
	pthread_join(sampler->thread, NULL);
	return destroy(sampler);
}

bool tui_sampler_give_up(struct tui_sampler *sampler)
{
	struct timespec until;

	ask_to_stop(sampler);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	if (pthread_timedjoin_np(sampler->thread, NULL, &until) != 0)
		return false;
	destroy(sampler);
	return true;
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
