#include "sampler.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "user.h"
#include "vmview/build_id.h"

/* Reading may take one part in so many of a processor's time: with what drawing takes, not above 5 %. */
#define DUTY 22

/* Readings that may be asked for ahead. */
#define HURRY_MAX 2

/* Between two looks at something that is about to change. */
#define REST_NS 5000000

/* How long the end is waited for: no key is to wait longer for its answer. */
#define PATIENCE_NS 10000000

/* How often those who watch are told that a reading has got on. */
#define PROGRESS_NS 100000000

/* What somebody wants to know, and then the answer. */
struct question {
	uint64_t start, end; /* of a mapping */
	char build_id[TUI_BUILD_ID_SIZE];
};

struct tui_sampler {
	struct tui_reader reader; /* the thread's */
	struct vm_source source;  /* a descriptor of its own */
	pthread_t thread;
	int event;
	uid_t user; /* the thread's: whose name was looked up */
	bool knows_user;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wake;
	bool stop, paused, maps_only;
	bool finished;  /* the thread needs nothing of this any more */
	bool abandoned; /* nobody else does: the thread destroys it */
	unsigned hurry; /* readings that were asked for at once */
	uint64_t interval_ns;
	struct tui_sample ready;
	bool has_ready;
	struct vm_snapshot *building; /* smaps under way, or NULL */
	size_t merged;                /* mappings of @building that have been merged */
	uint64_t told_ns;             /* when progress was last told */
	struct question question;
	bool asked, answered;
	char user_name[TUI_USER_SIZE];
	bool has_user_name; /* a new one */
};

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
static int add_mapping(const struct vm_mapping *mapping, void *user)
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

static void set_building(struct vm_snapshot *snapshot, void *user)
{
	struct tui_sampler *sampler = user;

	pthread_mutex_lock(&sampler->lock);
	sampler->building = snapshot;
	sampler->merged = 0;
	sampler->told_ns = now_ns(CLOCK_MONOTONIC);
	pthread_mutex_unlock(&sampler->lock);
}

/* Whatever happens meanwhile, unless it is the end. */
static bool rest(void *user)
{
	struct tui_sampler *sampler = user;
	uint64_t at_ns = now_ns(CLOCK_MONOTONIC) + REST_NS;
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

/* The lock is held, but not while the file is read: its file system may be slow, or stuck. */
static void answer(struct tui_sampler *sampler)
{
	struct question question = sampler->question;
	struct vm_buf id = { 0 };

	pthread_mutex_unlock(&sampler->lock);
	if (vm_build_id_read(&sampler->source, question.start, question.end, &id) == 0)
		snprintf(question.build_id, sizeof(question.build_id), "%.*s", (int)id.len, id.p);
	vm_buf_deinit(&id);
	pthread_mutex_lock(&sampler->lock);
	/* Something else may have been asked since. */
	if (question.start != sampler->question.start || question.end != sampler->question.end)
		return;
	sampler->question = question;
	sampler->asked = false;
	sampler->answered = true;
	tell(sampler);
}

/* Looking up a user may ask a network: only when it is another one. */
static void name_user(struct tui_sampler *sampler, bool known, uid_t uid)
{
	struct vm_buf safe = { 0 };

	if (!known || (sampler->knows_user && sampler->user == uid))
		return;
	sampler->knows_user = true;
	sampler->user = uid;
	tui_put_user(&safe, uid);
	pthread_mutex_lock(&sampler->lock);
	snprintf(sampler->user_name, sizeof(sampler->user_name), "%.*s", (int)safe.len,
		 safe.p ? safe.p : "");
	sampler->has_user_name = true;
	tell(sampler);
	pthread_mutex_unlock(&sampler->lock);
	vm_buf_deinit(&safe);
}

/* Sleep until it is time to read. False: the sampler is to stop. */
static bool wait_for(struct tui_sampler *sampler, uint64_t at_ns)
{
	struct timespec at = { (time_t)(at_ns / 1000000000), (long)(at_ns % 1000000000) };
	bool stop;

	pthread_mutex_lock(&sampler->lock);
	while (!sampler->stop && !sampler->hurry) {
		if (sampler->asked)
			answer(sampler);
		else if (sampler->paused)
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
	bool unused, last, has_uid;
	uint64_t interval;
	uid_t uid;

	tui_reader_read(&sampler->reader, detail, &sample);
	*cpu_ns += now_ns(CLOCK_THREAD_CPUTIME_ID) - begin;
	interval = wanted_interval(sampler, &unused);
	sample.interval_ns = *cpu_ns * DUTY > interval ? *cpu_ns * DUTY : interval;
	/* A saved capture does not change: one reading is all. */
	last = sample.gone || sampler->source.type != VM_SOURCE_LIVE;
	has_uid = sample.process.has_uid;
	uid = sample.process.uid;
	if (!post(sampler, &sample))
		return false;
	name_user(sampler, has_uid, uid);
	return !last;
}

static void read_on(struct tui_sampler *sampler)
{
	bool first = sampler->source.type == VM_SOURCE_LIVE, maps_only;

	for (;;) {
		uint64_t cpu_ns = 0, begin = now_ns(CLOCK_MONOTONIC), interval;

		interval = wanted_interval(sampler, &maps_only);
		if ((first || maps_only) && !sample_once(sampler, VM_DETAIL_MAPS, &cpu_ns))
			return;
		first = false;
		wanted_interval(sampler, &maps_only);
		if (!maps_only && !sample_once(sampler, VM_DETAIL_SMAPS, &cpu_ns))
			return;
		interval = interval > cpu_ns * DUTY ? interval : cpu_ns * DUTY;
		if (!wait_for(sampler, begin + interval))
			return;
	}
}

static void destroy(struct tui_sampler *sampler)
{
	if (sampler->has_ready)
		tui_sample_deinit(&sampler->ready);
	tui_reader_deinit(&sampler->reader);
	vm_source_close(&sampler->source);
	pthread_mutex_destroy(&sampler->lock);
	pthread_cond_destroy(&sampler->wake);
	close(sampler->event);
	free(sampler);
}

static void *run(void *user)
{
	struct tui_sampler *sampler = user;
	bool abandoned;

	read_on(sampler);
	pthread_mutex_lock(&sampler->lock);
	sampler->finished = true;
	abandoned = sampler->abandoned;
	pthread_mutex_unlock(&sampler->lock);
	if (abandoned)
		destroy(sampler);
	return NULL;
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

/* All that has to be there before the thread. What there is so far is undone by destroy(). */
static int init(struct tui_sampler *sampler, const struct vm_source *source)
{
	const struct tui_reader_hooks hooks = { set_building, add_mapping, rest, sampler };
	int fd;

	sampler->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (sampler->event < 0)
		return -errno;
	fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -errno;
	sampler->source = (struct vm_source){ source->type, fd, source->pid };
	tui_reader_init(&sampler->reader, &sampler->source, &hooks);
	return 0;
}

int tui_sampler_new(const struct vm_source *source, uint64_t interval_ns, bool maps_only,
		    struct tui_sampler **result)
{
	struct tui_sampler *sampler = calloc(1, sizeof(*sampler));
	int r;

	if (!sampler)
		return -ENOMEM;
	sampler->event = -1;
	sampler->reader.space = VM_SPACE_NONE;
	sampler->interval_ns = interval_ns;
	sampler->maps_only = maps_only;
	pthread_mutex_init(&sampler->lock, NULL);
	r = init_condition(&sampler->wake);
	if (r == 0)
		r = init(sampler, source);
	if (r == 0)
		r = -pthread_create(&sampler->thread, NULL, run, sampler);
	if (r < 0)
		destroy(sampler);
	else
		*result = sampler;
	return r;
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
	destroy(sampler);
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
