#include "sampler_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "user.h"
#include "vmview/build_id.h"
#include "vmview/clock.h"

/* Between two looks at something that is about to change. */
#define REST_NS 5000000

/* How often those who watch are told that a reading has got on. */
#define PROGRESS_NS 100000000

/* A mapping has been read. Ends the reading when the sampler is to stop. */
static int add_mapping(const struct vm_mapping *mapping, void *user)
{
	struct tui_sampler *sampler = user;
	int r;

	tui_worker_lock(&sampler->worker);
	r = sampler->worker.stop ? -ECANCELED : vm_snapshot_add(sampler->building, mapping);
	/* A look at the clock costs more than the rest: not for every mapping. */
	if (r == 0 && sampler->building->count % 256 == 0) {
		uint64_t now = vm_now_ns(CLOCK_MONOTONIC);

		if (now - sampler->told_ns > PROGRESS_NS) {
			sampler->told_ns = now;
			tui_worker_tell(&sampler->worker);
		}
	}
	tui_worker_unlock(&sampler->worker);
	return r;
}

static void set_building(struct vm_snapshot *snapshot, void *user)
{
	struct tui_sampler *sampler = user;

	tui_worker_lock(&sampler->worker);
	sampler->building = snapshot;
	sampler->merged = 0;
	sampler->told_ns = vm_now_ns(CLOCK_MONOTONIC);
	tui_worker_unlock(&sampler->worker);
}

/* Whatever happens meanwhile, unless it is the end. */
static bool rest(void *user)
{
	struct tui_sampler *sampler = user;

	return tui_worker_rest(&sampler->worker, vm_now_ns(CLOCK_MONOTONIC) + REST_NS);
}

bool tui_sampler_post(struct tui_sampler *sampler, struct tui_sample *sample)
{
	bool posted;

	tui_worker_lock(&sampler->worker);
	while (sampler->has_ready && !sampler->worker.stop)
		tui_worker_sleep(&sampler->worker, 0);
	posted = !sampler->worker.stop;
	if (posted) {
		sampler->ready = *sample;
		sampler->has_ready = true;
		tui_worker_tell(&sampler->worker);
	}
	tui_worker_unlock(&sampler->worker);
	if (!posted)
		tui_sample_deinit(sample);
	return posted;
}

/* The lock is held, but not while the file is read: its file system may be slow, or stuck. */
static void answer(struct tui_sampler *sampler)
{
	struct question question = sampler->question;
	struct vm_buf id = { 0 };

	tui_worker_unlock(&sampler->worker);
	if (vm_build_id_read(&sampler->source, question.start, question.end, &id) == 0)
		snprintf(question.build_id, sizeof(question.build_id), "%.*s", (int)id.len, id.p);
	vm_buf_deinit(&id);
	tui_worker_lock(&sampler->worker);
	/* Something else may have been asked since. */
	if (question.start != sampler->question.start || question.end != sampler->question.end)
		return;
	sampler->question = question;
	sampler->asked = false;
	sampler->answered = true;
	tui_worker_tell(&sampler->worker);
}

void tui_sampler_name_user(struct tui_sampler *sampler, bool known, uid_t uid)
{
	struct vm_buf safe = { 0 };

	if (!known || (sampler->knows_user && sampler->user == uid))
		return;
	sampler->knows_user = true;
	sampler->user = uid;
	tui_put_user(&safe, uid);
	tui_worker_lock(&sampler->worker);
	snprintf(sampler->user_name, sizeof(sampler->user_name), "%.*s", (int)safe.len,
		 safe.p ? safe.p : "");
	sampler->has_user_name = true;
	tui_worker_tell(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
	vm_buf_deinit(&safe);
}

/* Sleep until it is time to read. False: the sampler is to stop. */
static bool wait_for(struct tui_sampler *sampler, uint64_t at_ns)
{
	bool stop;

	tui_worker_lock(&sampler->worker);
	while (!sampler->worker.stop && !sampler->hurry) {
		if (sampler->asked)
			answer(sampler);
		else if (!tui_worker_sleep(&sampler->worker, sampler->paused ? 0 : at_ns))
			break;
	}
	if (sampler->hurry)
		sampler->hurry--;
	stop = sampler->worker.stop;
	tui_worker_unlock(&sampler->worker);
	return !stop;
}

static uint64_t wanted_interval(struct tui_sampler *sampler, bool *maps_only)
{
	uint64_t interval;

	tui_worker_lock(&sampler->worker);
	interval = sampler->interval_ns;
	*maps_only = sampler->maps_only;
	tui_worker_unlock(&sampler->worker);
	return interval;
}

/* Read once and hand over. Returns whether to go on; @cpu_ns is added to. */
static bool sample_once(struct tui_sampler *sampler, enum vm_detail detail, uint64_t *cpu_ns)
{
	uint64_t begin = vm_now_ns(CLOCK_THREAD_CPUTIME_ID);
	struct tui_sample sample;
	bool unused, last, has_uid;
	uint64_t interval;
	uid_t uid;

	tui_reader_read(&sampler->reader, detail, &sample);
	*cpu_ns += vm_now_ns(CLOCK_THREAD_CPUTIME_ID) - begin;
	interval = wanted_interval(sampler, &unused);
	sample.interval_ns = tui_pace(interval, *cpu_ns);
	/* A saved capture does not change: one reading is all. */
	last = sample.gone || sampler->source.type != VM_SOURCE_LIVE;
	has_uid = sample.process.has_uid;
	uid = sample.process.uid;
	if (!tui_sampler_post(sampler, &sample))
		return false;
	tui_sampler_name_user(sampler, has_uid, uid);
	return !last;
}

/* What has just begun is looked at often. */
static uint64_t next_interval(struct tui_sampler *sampler)
{
	uint64_t interval;

	tui_worker_lock(&sampler->worker);
	interval = sampler->interval_ns;
	if (sampler->early_ns && sampler->early_ns < interval) {
		interval = sampler->early_ns;
		sampler->early_ns *= 2;
	}
	tui_worker_unlock(&sampler->worker);
	return interval;
}

static void read_on(struct tui_sampler *sampler)
{
	bool first = sampler->source.type == VM_SOURCE_LIVE, maps_only;

	for (;;) {
		uint64_t cpu_ns = 0, begin = vm_now_ns(CLOCK_MONOTONIC), interval;

		wanted_interval(sampler, &maps_only);
		if ((first || maps_only) && !sample_once(sampler, VM_DETAIL_MAPS, &cpu_ns))
			return;
		first = false;
		wanted_interval(sampler, &maps_only);
		if (!maps_only && !sample_once(sampler, VM_DETAIL_SMAPS, &cpu_ns))
			return;
		interval = tui_pace(next_interval(sampler), cpu_ns);
		if (!wait_for(sampler, begin + interval))
			return;
	}
}

static bool begin(struct tui_sampler *sampler)
{
	int error = sampler->go ? sampler->go(sampler->link) : 0;

	if (!error)
		return true;
	tui_worker_lock(&sampler->worker);
	sampler->go_error = error;
	tui_worker_tell(&sampler->worker);
	tui_worker_unlock(&sampler->worker);
	return false;
}

void tui_sampler_run(void *user)
{
	struct tui_sampler *sampler = user;

	sampler->hooks = (struct tui_reader_hooks){ set_building, add_mapping, rest, sampler };
	tui_reader_init(&sampler->reader, &sampler->source, &sampler->hooks);
	sampler->reader.begins = sampler->go;
	if (sampler->of_frames)
		tui_sampler_read_frames(sampler);
	else if (begin(sampler))
		read_on(sampler);
}
